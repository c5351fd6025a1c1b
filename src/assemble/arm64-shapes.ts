/**
 * Which operands AArch64's loads, stores, atomics, barriers and branches take: checked before they get their meaning, so that no
 * operand is read over.
 *
 * Source: Arm ARM (DDI 0487), C6.2 and, for addresses, C1.3.3. What has no encoding but a clear meaning is a warning. Data
 * processing (arm64-operands.ts) checks its own.
 */
import { literalHint } from '../syntax/asm-failure.js';
import { registerName, strangeRegister } from '../syntax/asm-registers.js';
import type {
  AsmInstruction,
  AsmOperand,
  MemoryOperand,
  RegisterOperand,
  RelativeOperand,
  WordOperand,
} from '../syntax/asm-tree.js';
import { warningAt } from '../text/diagnostic.js';
import { accessBits, isMemory, isRegister } from './asm-access.js';
import type { ThreadBuilder } from './asm-thread.js';

/** How an address may be written: `[X1]` alone; with an offset of 9 bits; with a multiple of what is moved; in all ways. */
type Addressing = 'base' | 'unscaled' | 'paired' | 'full';

interface AccessShape {
  readonly pattern: RegExp;
  /** Registers before the address; the first is a status, of 32 bits, if `status`. */
  readonly registers: number;
  readonly status?: true;
  readonly addressing: Addressing;
  /** Writeback that the address may have though it is `base`: by all that is moved, in FEAT_LRCPC3. */
  readonly writeback?: 'pre' | 'post';
}

const OPERATIONS = '(add|clr|eor|set|smax|smin|umax|umin)';

/** The last group is what the mnemonic says of the size. */
const SHAPES: readonly AccessShape[] = [
  { pattern: /^ldr(|b|h|sb|sh|sw)$/, registers: 1, addressing: 'full' },
  { pattern: /^str(|b|h)$/, registers: 1, addressing: 'full' },
  { pattern: /^ld(?:ap)?ur(|b|h|sb|sh|sw)$/, registers: 1, addressing: 'unscaled' },
  { pattern: /^stl?ur(|b|h)$/, registers: 1, addressing: 'unscaled' },
  { pattern: /^ldapr(|b|h)$/, registers: 1, addressing: 'base', writeback: 'post' },
  { pattern: /^(?:ldl?ar|lda?xr)(|b|h)$/, registers: 1, addressing: 'base' },
  { pattern: /^stlr(|b|h)$/, registers: 1, addressing: 'base', writeback: 'pre' },
  { pattern: /^stllr(|b|h)$/, registers: 1, addressing: 'base' },
  { pattern: /^stl?xr(|b|h)$/, registers: 2, status: true, addressing: 'base' },
  { pattern: /^(?:cas|swp)(?:a|l|al)?(|b|h)$/, registers: 2, addressing: 'base' },
  { pattern: new RegExp(`^ld${OPERATIONS}(?:a|l|al)?(|b|h)$`), registers: 2, addressing: 'base' },
  { pattern: new RegExp(`^st${OPERATIONS}l?(|b|h)$`), registers: 1, addressing: 'base' },
  { pattern: /^(?:ld|st)p()$/, registers: 2, addressing: 'paired' },
  { pattern: /^ldp(sw)$/, registers: 2, addressing: 'paired' },
  { pattern: /^stnp()$/, registers: 2, addressing: 'unscaled' },
  { pattern: /^lda?xp()$/, registers: 2, addressing: 'base' },
  { pattern: /^ldiapp()$/, registers: 2, addressing: 'base', writeback: 'post' },
  { pattern: /^stilp()$/, registers: 2, addressing: 'base', writeback: 'pre' },
  { pattern: /^stl?xp()$/, registers: 3, status: true, addressing: 'base' },
  { pattern: /^casp(?:a|l|al)?()$/, registers: 4, addressing: 'base' },
];

/** A mnemonic that is formed like these but exists not: `ldarsb`, `strsw`. */
const LOOKS_LIKE_ACCESS = /^(ldr|ldur|ldl?ar|ldapu?r|lda?xr|str|stur|stll?r|stlur)s[bhw]$/;

const NUMBERS = [
  '',
  'a register',
  'two registers of one width',
  '',
  'two pairs of registers of one width',
] as const;

function badAddress(builder: ThreadBuilder, { span }: MemoryOperand, message: string): false {
  builder.error(span, 'bad-address', message);
  return false;
}

/** A warning, for what has no encoding and yet a meaning. */
function noEncoding(builder: ThreadBuilder, { span }: MemoryOperand, mnemonic: string, what: string): void {
  const message = `\`${mnemonic}\` has no encoding for ${what}: assemblers refuse it`;
  const { diagnostics } = builder.context;
  if (!diagnostics.some((d) => d.span?.start === span.start && d.message === message))
    diagnostics.push(warningAt(span, 'no-encoding', message));
}

function checkIndex(builder: ThreadBuilder, mnemonic: string, memory: MemoryOperand, size: number): boolean {
  const { index, extend, offset, mode } = memory;
  if (index === null) return true;
  if (mode !== 'offset' || offset !== null)
    return badAddress(builder, memory, 'an index comes without an offset and without writeback');
  if (index.name === 'sp') return badAddress(builder, memory, 'SP is no index');
  const op = extend?.op ?? 'lsl';
  if (!/^(lsl|[us]xt[wx])$/.test(op))
    return badAddress(builder, memory, 'an index is extended by LSL, SXTW, UXTW or SXTX');
  const amount = extend?.amount ?? 0n;
  if (amount < 0n || amount > 4n) return badAddress(builder, memory, 'an index is shifted by 4 bits at most');
  if (amount !== 0n && 1n << amount !== BigInt(size))
    noEncoding(builder, memory, mnemonic, `a shift by ${amount}`);
  return true;
}

function checkOffset(
  builder: ThreadBuilder,
  mnemonic: string,
  memory: MemoryOperand,
  shape: AccessShape,
  size: number,
): void {
  const { offset, mode } = memory;
  if (offset === null || (shape.addressing !== 'paired' && offset >= -256n && offset <= 255n)) return;
  const scaled = offset % BigInt(size) === 0n ? offset / BigInt(size) : null;
  if (shape.addressing === 'paired') {
    if (scaled === null || scaled < -64n || scaled > 63n)
      noEncoding(builder, memory, mnemonic, `the offset ${offset}`);
    return;
  }
  const isScaled = scaled !== null && scaled > 0n && scaled <= 4095n;
  if (mode !== 'offset' || shape.addressing !== 'full' || !isScaled)
    noEncoding(builder, memory, mnemonic, `the offset ${offset}`);
}

/** Whether the instruction may have this address; false after a report. */
function checkAddress(
  builder: ThreadBuilder,
  { mnemonic }: AsmInstruction,
  memory: MemoryOperand,
  shape: AccessShape,
  moved: readonly RegisterOperand[],
  size: number,
): boolean {
  const { base, index, offset, mode } = memory;
  if (base === null || base.bits !== 64 || base.name === 'xzr')
    return badAddress(builder, memory, 'an address is in an X register or SP');
  if (shape.addressing === 'unscaled' && (index !== null || mode !== 'offset'))
    return badAddress(builder, memory, `\`${mnemonic}\` takes a register and an offset: \`[X1,#4]\``);
  if (shape.addressing === 'paired' && index !== null)
    return badAddress(builder, memory, `\`${mnemonic}\` takes a register and an offset: \`[X1,#4]\``);
  if (shape.addressing === 'base') {
    const step = BigInt(size * moved.length);
    const isBare = mode === 'offset' && (offset ?? 0n) === 0n;
    const isStep = mode === shape.writeback && (offset === step || offset === -step);
    if (index !== null || (!isBare && !isStep))
      return badAddress(builder, memory, `\`${mnemonic}\` takes an address without an offset: \`[X1]\``);
  }
  if (mode === 'pre' && offset === null && index === null)
    return badAddress(builder, memory, 'writeback before the access needs an offset: `[X1,#8]!`');
  if (mode !== 'offset' && moved.some(({ name }) => name === base.name))
    return badAddress(builder, memory, 'writing back to the register that is moved is not defined');
  checkOffset(builder, mnemonic, memory, shape, size);
  return checkIndex(builder, mnemonic, memory, size);
}

/** Whether the register has the width that the suffix of the mnemonic asks for. */
function fits({ bits }: RegisterOperand, suffix: string): boolean {
  if (suffix === 'sw') return bits === 64;
  return suffix === 'b' || suffix === 'h' ? bits === 32 : true;
}

function checkAccess(
  builder: ThreadBuilder,
  instruction: AsmInstruction,
  shape: AccessShape,
  suffix: string,
): boolean {
  const { operands } = instruction;
  const registers = operands.slice(0, shape.registers).filter(isRegister);
  const memory = operands[shape.registers];
  const [first] = registers;
  const moved = shape.status ? registers.slice(1) : registers;
  const [value] = moved;
  const areGood =
    operands.length === shape.registers + 1 &&
    registers.length === shape.registers &&
    registers.every(({ name }) => name !== 'sp') &&
    moved.every((r) => fits(r, suffix) && r.bits === value!.bits) &&
    (!shape.status || first!.bits === 32);
  if (!areGood || !isMemory(memory) || value === undefined) {
    const width = suffix === 'sw' ? ' of 64 bits' : suffix === 'b' || suffix === 'h' ? ' of 32 bits' : '';
    const before = shape.status ? `a W register, ${NUMBERS[shape.registers - 1]}` : NUMBERS[shape.registers];
    builder.badOperands(`${before}${width}, and an address in brackets`);
    return false;
  }
  if (shape.status && !checkStatus(builder, instruction, first!, [...moved, memory.base])) return false;
  return checkAddress(builder, instruction, memory, shape, moved, accessBits(suffix, value) / 8);
}

/** Where the status register is also read (in the manual's code `s == t`, `s == n`), it is left open what the store does. */
function checkStatus(
  builder: ThreadBuilder,
  { mnemonic, span }: AsmInstruction,
  status: RegisterOperand,
  others: readonly (RegisterOperand | null)[],
): boolean {
  const same = others.find((other) => other?.name === status.name);
  if (same == null) return true;
  const [s, o] = [status, same].map((view) => `\`${registerName('AArch64', view)}\``);
  const message = `\`${mnemonic}\` with its status in ${s} and ${o} as another operand is not defined`;
  builder.error(span, 'unpredictable', message, 'take another register for the status');
  return false;
}

/** How many operands the instructions without an address of their own take, and how these are called. */
const COUNTS: readonly (readonly [pattern: RegExp, count: number, expected: string])[] = [
  [/^b(\..*|eq|ne|cs|hs|cc|lo|mi|pl|vs|vc|hi|ls|ge|lt|gt|le)?$/, 1, 'a label'],
  [/^cbn?z$/, 2, 'a register and a label'],
  [/^tbn?z$/, 3, 'a register, the number of one of its bits, and a label'],
  [/^d[ms]b$/, 1, 'a domain'],
];

function checkCount(builder: ThreadBuilder, { mnemonic, operands }: AsmInstruction): boolean {
  const [first] = operands;
  if (mnemonic === 'isb' || mnemonic === 'clrex') {
    const isNone = first === undefined;
    const isPlain = mnemonic === 'isb' && first?.kind === 'word' && first.word === 'sy';
    const isIgnored = first?.kind === 'immediate' && first.value >= 0n && first.value <= 15n;
    if (isNone || (operands.length === 1 && (isPlain || isIgnored))) return true;
    builder.badOperands('none');
    return false;
  }
  const row = COUNTS.find(([pattern]) => pattern.test(mnemonic));
  if (row === undefined) return true;
  const isStack = isRegister(first) && first.name === 'sp';
  // Without any the instruction itself says what it needs.
  if (operands.length <= row[1] && !isStack) return true;
  builder.badOperands(row[2]);
  return false;
}

/** A word that is formed like a register: of another architecture, or with a number that there is not. */
function findStrangeRegister(
  operands: readonly AsmOperand[],
  labels: (name: string) => boolean,
): AsmOperand | null {
  return (
    operands.find((o) => o.kind === 'word' && strangeRegister(o.word) !== null && !labels(o.word)) ?? null
  );
}

/** What is near the instruction, and no address in a register. */
function isLiteral(operand: AsmOperand | undefined): operand is WordOperand | RelativeOperand {
  return operand?.kind === 'word' || operand?.kind === 'relative';
}

/** Whether the operands are such as the instruction takes; false after a report. */
export function checkShape(builder: ThreadBuilder, instruction: AsmInstruction): boolean {
  const { mnemonic, operands, span } = instruction;
  const strange = findStrangeRegister(operands, (name) => builder.context.code.isLabel(name));
  if (strange?.kind === 'word') {
    const hint = strangeRegister(strange.word);
    builder.error(strange.span, 'unknown-register', `\`${strange.word}\` is not a register of AArch64`, hint);
    return false;
  }
  if (LOOKS_LIKE_ACCESS.test(mnemonic) && !SHAPES.some(({ pattern }) => pattern.test(mnemonic))) {
    const base = mnemonic.replace(/s[bhw]$/, '');
    const message = `there is no instruction \`${mnemonic}\``;
    builder.error(span, 'unsupported-instruction', message, `\`${base}\` moves no signed parts`);
    return false;
  }
  const literal = operands[1];
  if (/^(ldr(sw)?|prfm)$/.test(mnemonic) && operands.length === 2 && isLiteral(literal)) {
    const isNamed = literal.kind === 'word' && !builder.context.code.isLabel(literal.word);
    const hint = literalHint('X1', isNamed ? literal.word : 'x');
    builder.error(literal.span, 'unsupported-instruction', 'unsupported: literal loads', hint);
    return false;
  }
  for (const shape of SHAPES) {
    const match = shape.pattern.exec(mnemonic);
    if (match !== null) return checkAccess(builder, instruction, shape, match.at(-1)!);
  }
  return checkCount(builder, instruction);
}
