/** Prints one assembly instruction in its dialect's usual spelling: AArch64 in capitals, x86_64 in AT&T syntax, X86 in Intel's. */
import { assertNever } from '../text/diagnostic.js';
import { registerName } from './asm-registers.js';
import type {
  AsmDialect,
  AsmInstruction,
  AsmLine,
  AsmOperand,
  MemoryOperand,
  RegisterOperand,
} from './asm-tree.js';

function arm64Memory(memory: MemoryOperand): string {
  const base = memory.base === null ? '' : registerName('AArch64', memory.base);
  if (memory.mode === 'post') return `[${base}],#${memory.offset ?? 0n}`;
  const parts = [base];
  if (memory.index !== null) parts.push(registerName('AArch64', memory.index));
  if (memory.extend !== null) {
    const { op, amount } = memory.extend;
    parts.push(amount === null ? op.toUpperCase() : `${op.toUpperCase()} #${amount}`);
  }
  if (memory.offset !== null) parts.push(`#${memory.offset}`);
  return `[${parts.join(',')}]${memory.mode === 'pre' ? '!' : ''}`;
}

function intelMemory({ base, symbol, index, extend, offset }: MemoryOperand): string {
  const name = (register: RegisterOperand): string => registerName('X86', register).toUpperCase();
  const parts = [
    ...(symbol === null ? [] : [symbol]),
    ...(base === null ? [] : [name(base)]),
    ...(index === null ? [] : [`${name(index)}*${1n << (extend?.amount ?? 0n)}`]),
  ];
  const sum = parts.join('+');
  if (offset === null) return `[${sum}]`;
  return `[${sum}${sum === '' || offset < 0n ? '' : '+'}${offset}]`;
}

function attMemory({ base, symbol, index, extend, offset }: MemoryOperand): string {
  const name = (register: RegisterOperand | null): string =>
    register === null ? '' : `%${registerName('X86_64', register)}`;
  if (base === null && index === null) return `${offset ?? ''}(${symbol ?? ''})`;
  const sign = symbol === null || offset === null || offset < 0n ? '' : '+';
  const scaled = index === null ? '' : `,${name(index)},${1n << (extend?.amount ?? 0n)}`;
  return `${symbol ?? ''}${sign}${offset ?? ''}(${name(base)}${scaled})`;
}

function showOperand(dialect: AsmDialect, operand: AsmOperand): string {
  switch (operand.kind) {
    case 'register': {
      const name = registerName(dialect, operand);
      if (dialect === 'X86') return name.toUpperCase();
      return dialect === 'AArch64' ? name : `%${name}`;
    }
    case 'immediate':
      return `${dialect === 'AArch64' ? '#' : '$'}${operand.value}`;
    case 'symbol':
      return `$${operand.symbol}`;
    case 'memory':
      return dialect === 'AArch64'
        ? arm64Memory(operand)
        : dialect === 'X86'
          ? intelMemory(operand)
          : attMemory(operand);
    case 'shift':
      return `${operand.op.toUpperCase()} #${operand.amount}`;
    case 'relative':
      return `.${operand.offset < 0n ? '' : '+'}${operand.offset}`;
    case 'word':
      return dialect === 'AArch64' && isKeyword(operand.word) ? operand.word.toUpperCase() : operand.word;
    default:
      return assertNever(operand);
  }
}

const KEYWORDS =
  /^(eq|ne|cs|hs|cc|lo|mi|pl|vs|vc|hi|ls|ge|lt|gt|le|al|[us]xt[bhwx]|lsl|lsr|asr|ror|sy|st|ld|(ish|nsh|osh)(ld|st)?)$/;

/** Whether a bare word is part of the instruction set (and so case does not matter) rather than a label. */
export function isKeyword(word: string): boolean {
  return KEYWORDS.test(word.toLowerCase());
}

export function showInstruction(dialect: AsmDialect, instruction: AsmInstruction): string {
  const { mnemonic, locked, operands } = instruction;
  const name = dialect === 'X86_64' ? mnemonic : mnemonic.toUpperCase();
  const prefix = locked ? (dialect === 'X86_64' ? 'lock ' : 'LOCK ') : '';
  const shown = operands.map((operand) => showOperand(dialect, operand)).join(',');
  return prefix + (shown === '' ? name : `${name} ${shown}`);
}

/** A label or an instruction, as one cell of the file's table. */
export function showLine(dialect: AsmDialect, line: AsmLine): string {
  return line.kind === 'label' ? `${line.name}:` : showInstruction(dialect, line);
}
