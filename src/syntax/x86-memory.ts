/**
 * The addresses that x86 instructions write: `8(%rax,%rcx,4)`, `x+4(%rip)`, and Intel's `[EAX+ECX*4-8]`.
 *
 * The parser gives their parts. A scale is kept as a shift (`lsl`), which is what AArch64 writes. Source: Intel SDM volume 1, 3.7.5; GNU
 * assembler, "AT&T syntax versus Intel syntax".
 */
import type { Span } from '../text/source.js';
import { didYouMean } from '../text/suggest.js';
import { parseRegister } from './asm-registers.js';
import type { AsmOperand, MemoryOperand, RegisterOperand } from './asm-tree.js';

/** One part of an address, with the sign in front of it; `scale` is null if none is written. */
export interface AddressTerm {
  readonly operand: AsmOperand;
  readonly scale: bigint | null;
  readonly negative: boolean;
}

/** Why something is not part of an address. */
export interface AddressMistake {
  readonly span: Span;
  readonly message: string;
  readonly hint: string | null;
}

interface Draft {
  base: RegisterOperand | null;
  index: RegisterOperand | null;
  scale: bigint | null;
  symbol: string | null;
  offset: bigint | null;
}

const SCALES: readonly bigint[] = [1n, 2n, 4n, 8n];

function isInstructionPointer(operand: AsmOperand): boolean {
  return operand.kind === 'word' && operand.word === 'rip';
}

function addRegister(draft: Draft, register: RegisterOperand, scale: bigint | null): string | null {
  if (scale === null && draft.base === null) draft.base = register;
  else if (draft.index === null) {
    draft.index = register;
    draft.scale = scale;
  } else return 'an address has a base and an index, no more registers';
  if (draft.scale !== null && !SCALES.includes(draft.scale)) return 'an index is scaled by 1, 2, 4 or 8';
  return register.name === 'rsp' && draft.index === register ? 'the stack pointer is no index' : null;
}

function addTerm(draft: Draft, { operand, scale, negative }: AddressTerm): string | null {
  if (operand.kind === 'register')
    return negative ? 'a register is added, not taken away' : addRegister(draft, operand, scale);
  if (operand.kind === 'immediate') {
    draft.offset = (draft.offset ?? 0n) + (negative ? -operand.value : operand.value);
    return null;
  }
  if (operand.kind !== 'word' || negative || scale !== null || draft.symbol !== null)
    return 'this is not part of an address';
  draft.symbol = operand.word;
  return null;
}

/** An x86 address of these parts, in the order in which they are written; mistakes are reported. */
export function x86Address(
  terms: readonly AddressTerm[],
  span: Span,
  report: (mistake: AddressMistake) => void,
): MemoryOperand {
  const draft: Draft = { base: null, index: null, scale: null, symbol: null, offset: null };
  for (const term of terms) {
    // What is addressed relative to the instruction pointer is the symbol itself.
    if (isInstructionPointer(term.operand) && terms.length > 1) continue;
    const message = addTerm(draft, term);
    if (message !== null) report({ span: term.operand.span, message, hint: null });
  }
  const { base, index, scale, symbol, offset } = draft;
  const amount = scale === null ? 0n : BigInt(Math.max(SCALES.indexOf(scale), 0));
  const extend = amount === 0n ? null : { op: 'lsl', amount };
  return { kind: 'memory', base, symbol, index, extend, offset, mode: 'offset', span };
}

/** In AT&T order a name in parentheses is a symbol: whoever writes `(rax)` means the register. */
export function bareRegister(name: string, span: Span): AddressMistake | null {
  const view = parseRegister('X86_64', name);
  if (view === null || view.bits < 32) return null;
  return { span, message: `\`${name}\` is a register`, hint: `write \`%${name}\`` };
}

/** What else a mistyped register may be. */
export function registerHint(name: string): string | null {
  if (/^([xyz]?mm|st|k)\d*$/i.test(name)) return 'vector and floating-point registers are not supported';
  return didYouMean(name, [
    'rax',
    'rbx',
    'rcx',
    'rdx',
    'rsi',
    'rdi',
    'rbp',
    'eax',
    'ebx',
    'ecx',
    'edx',
    'esi',
    'edi',
  ]);
}
