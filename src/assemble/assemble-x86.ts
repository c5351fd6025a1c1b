/**
 * What x86 instructions mean, in 64-bit and 32-bit code: the table of mnemonics, and what is refused.
 *
 * The meaning is in x86-*.ts by families. Source: Intel SDM volume 2. Operands are taken as (source, destination) in the X86_64 dialect and
 * the other way round in X86, as the collections write them; where one operand must be memory (xchg, cmpxchg, xadd), either order is
 * accepted.
 */
import type { AsmInstruction } from '../syntax/asm-tree.js';
import { didYouMean } from '../text/suggest.js';
import { isMemory } from './asm-access.js';
import { binary, constant, type ThreadBuilder } from './asm-thread.js';
import { compare, multiply } from './x86-arithmetic.js';
import { conditionValue, x86Conditions } from './x86-flags.js';
import {
  extension,
  loadAddress,
  move,
  moveConstant,
  moveIf,
  moveNonTemporal,
  setIf,
  spreadSign,
  spreads,
} from './x86-moves.js';
import { type Bits, SUFFIXES, X86Instruction } from './x86-operands.js';
import { refusal } from './x86-refused.js';
import { shift, shiftNames } from './x86-shifts.js';
import {
  arithmeticNames,
  binaryUpdate,
  bitNames,
  bitTest,
  compareExchange,
  exchange,
  exchangeAdd,
  unaryUpdate,
} from './x86-updates.js';

interface Entry {
  readonly base: string;
  /** Null: the operands tell. */
  readonly bits: Bits | null;
  readonly family: Family;
}

interface Family {
  readonly run: (x: X86Instruction) => void;
  /** Whether the registers of all operands have the instruction's width, or that of the destination alone. */
  readonly sized: 'all' | 'target';
  readonly suffixes: string;
  /** Without a suffix; null: the operands tell. */
  readonly bits: Bits | null;
}

function family(run: Family['run'], suffixes = 'bwlq', sized: Family['sized'] = 'all'): Family {
  return { run, suffixes, sized, bits: null };
}

function tableOf(families: ReadonlyMap<string, Family>): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const [base, family] of families) entries.set(base, { base, bits: family.bits, family });
  for (const [base, family] of families)
    for (const suffix of family.suffixes)
      if (!entries.has(base + suffix)) entries.set(base + suffix, { base, bits: SUFFIXES[suffix]!, family });
  return entries;
}

function named(names: readonly string[], family: Family): [string, Family][] {
  return names.map((name) => [name, family]);
}

const ENTRIES = tableOf(
  new Map([
    ['mov', family(move)],
    ['movabs', family(moveConstant, 'q')],
    ['movnti', family(moveNonTemporal, 'lq')],
    ['lea', family(loadAddress, 'wlq')],
    ['xchg', family(exchange)],
    ['cmpxchg', family(compareExchange)],
    ['xadd', family(exchangeAdd)],
    ['cmp', family(compare)],
    ['test', family(compare)],
    ['imul', family(multiply)],
    ['mul', family(multiply)],
    ...named(spreads, family(spreadSign, '')),
    ...named(arithmeticNames, family(binaryUpdate)),
    ...named(['inc', 'dec', 'neg', 'not'], family(unaryUpdate)),
    ...named(shiftNames, family(shift, 'bwlq', 'target')),
    ...named(bitNames, family(bitTest, 'wlq')),
    ...[...x86Conditions].flatMap(([code, condition]): [string, Family][] => [
      [`cmov${code}`, family((x) => moveIf(x, condition), 'wlq')],
      [`set${code}`, { ...family((x) => setIf(x, condition), ''), bits: 8 }],
    ]),
  ]),
);

const LOCKABLE = new Set([
  ...['xchg', 'cmpxchg', 'xadd', 'inc', 'dec', 'not', 'neg', 'bts', 'btr', 'btc'],
  ...arithmeticNames,
]);

/** Of these either operand may be the memory. */
const EXCHANGES: readonly string[] = ['xchg', 'cmpxchg', 'xadd'];

const FENCES = ['mfence', 'sfence', 'lfence'];
/** `pause` and `endbr64` do nothing that a litmus test could see. */
const NOTHING = ['nop', 'nopw', 'nopl', 'pause', 'endbr64', 'endbr32'];

/** Jumps if the counter is 0; `loop` counts it down first, without flags, and jumps if it is not. */
const COUNTER: Readonly<Record<string, Bits>> = { jrcxz: 64, jecxz: 32, jcxz: 16, loop: 64 };

const KNOWN = [
  ...[...ENTRIES.keys(), ...FENCES, ...NOTHING, ...Object.keys(COUNTER), 'jmp'],
  ...[...x86Conditions.keys()].map((code) => `j${code}`),
];

function control(builder: ThreadBuilder, { mnemonic, operands, span }: AsmInstruction): boolean {
  if (mnemonic === 'jmp') {
    builder.branch(null, operands[0]);
    return true;
  }
  if (Object.hasOwn(COUNTER, mnemonic)) {
    countedJump(builder, mnemonic, operands[0], span);
    return true;
  }
  const condition = mnemonic.startsWith('j') ? jumpCondition(mnemonic.slice(1)) : undefined;
  if (condition === undefined) return false;
  builder.branch(conditionValue(builder, condition, span), operands[0]);
  return true;
}

/** herd's x86_64 tests write `jlt` and `jgt` too. */
function jumpCondition(code: string): ReturnType<typeof x86Conditions.get> {
  return x86Conditions.get(code === 'lt' || code === 'gt' ? code[0]! : code);
}

function countedJump(
  builder: ThreadBuilder,
  mnemonic: string,
  target: AsmInstruction['operands'][number] | undefined,
  span: AsmInstruction['span'],
): void {
  const bits = mnemonic === 'loop' && builder.context.dialect === 'X86' ? 32 : COUNTER[mnemonic]!;
  const counter = { kind: 'register', name: 'rcx', bits, high: false, span } as const;
  const type = { bits, signed: true } as const;
  if (mnemonic === 'loop') builder.write(counter, binary('-', builder.view(counter), constant(1), type));
  const test = binary(mnemonic === 'loop' ? '!=' : '==', builder.raw(counter), constant(0), type);
  builder.branch(test, target);
}

/** Adds the code of one instruction. */
export function assembleX86(builder: ThreadBuilder, instruction: AsmInstruction): void {
  const { mnemonic, operands, span, locked } = instruction;
  const entry = ENTRIES.get(mnemonic);
  const target = builder.context.dialect === 'X86' ? operands[0] : operands.at(-1);
  const base = entry?.base ?? mnemonic;
  const writesMemory = isMemory(target) || (EXCHANGES.includes(base) && operands.some(isMemory));
  if (locked && refusal(mnemonic) === null && !(LOCKABLE.has(base) && writesMemory)) {
    const hint = 'lock needs a read-modify-write of memory';
    builder.error(span, 'bad-prefix', `\`${mnemonic}\` cannot be locked here`, hint);
  } else if (entry !== undefined) {
    const { bits, family } = entry;
    const sized = family.sized === 'all' ? operands : target === undefined ? [] : [target];
    family.run(new X86Instruction(builder, instruction, { base, bits }, sized));
  } else if (FENCES.includes(mnemonic)) builder.emit({ kind: 'fence', tags: [mnemonic.toUpperCase()] });
  else if (
    !NOTHING.includes(mnemonic) &&
    !extension(builder, instruction) &&
    !control(builder, instruction)
  ) {
    const known = refusal(mnemonic);
    const message = known ?? `unsupported instruction \`${mnemonic}\``;
    const hint = known === null ? didYouMean(mnemonic, KNOWN) : null;
    builder.error(span, 'unsupported-instruction', message, hint);
  }
}
