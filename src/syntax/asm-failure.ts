/** What is wrong with the code of an assembly test that does not parse, in people's words. */
import { type Diagnostic, errorAt } from '../text/diagnostic.js';
import { spanOf } from '../text/source.js';
import { type Failure, tokenAt } from './section.js';

/** The mnemonic and the start of the instruction that the failure is in. */
function instructionAt({ text, section, at }: Failure): {
  readonly start: number;
  readonly mnemonic: string;
} {
  const before = text.slice(section.start, at);
  const separator = Math.max(...['|', ';', '\n', ':'].map((mark) => before.lastIndexOf(mark)));
  const [spaces = '', mnemonic = ''] = /^(?:\s*)([A-Za-z][\w.]*)?/.exec(before.slice(separator + 1)) ?? [];
  return {
    start: section.start + separator + 1 + spaces.length - mnemonic.length,
    mnemonic: mnemonic.toLowerCase(),
  };
}

/** How to do without `LDR X0,=x`. */
export function literalHint(register: string, literal: string): string {
  return /^[-#\d]/.test(literal)
    ? `write \`MOV ${register},#${literal.replace('#', '')}\``
    : `put the address into a register in the init block: \`0:${register.replace(/^W/, 'X')}=${literal}\``;
}

function explainLiteral(failure: Failure): Diagnostic | null {
  const { source, text, section, at } = failure;
  const { start, mnemonic } = instructionAt(failure);
  const [, register] = /^\w+\s+(\w+)\s*,\s*$/.exec(text.slice(start, at)) ?? [];
  const [whole, literal] = /^=\s*([-\w.]+)/.exec(text.slice(at, section.end)) ?? [];
  if (!mnemonic.startsWith('ldr') || register === undefined || whole === undefined) return null;
  const hint = literalHint(register.toUpperCase(), literal!);
  const span = spanOf(source, at, at + whole.length);
  return errorAt(span, 'unsupported-instruction', 'unsupported: literal loads', { hint });
}

export function explainAssembly(failure: Failure): Diagnostic | null {
  const found = tokenAt(failure);
  if (found.startsWith('=')) return explainLiteral(failure);
  if (found !== '!') return null;
  const { start, mnemonic } = instructionAt(failure);
  const { source, at } = failure;
  if (/^(cpy|set)/.test(mnemonic)) {
    const message = `unsupported: memory copy and set: \`${mnemonic}\``;
    return errorAt(spanOf(source, start, start + mnemonic.length), 'unsupported-instruction', message);
  }
  return errorAt(spanOf(source, at, at + 1), 'syntax', 'unexpected `!` in the code', {
    hint: 'an address with writeback is in brackets: `[X1,#8]!`',
  });
}
