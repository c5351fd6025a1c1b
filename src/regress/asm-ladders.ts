/**
 * What instruction does the same and orders less, or more.
 *
 * Sources: Arm Architecture Reference Manual (DDI 0487), B2.3 for what DMB, load-acquire, load-acquirePC and store-release order, C6.2
 * for which instructions have these forms; Intel SDM vol. 2 for LOCK and the fences. An instruction is compared by its name alone: operands are
 * the same in all forms, except that LDAPR and LDAR take no offset.
 */
import type { AsmDialect, AsmInstruction } from '../syntax/asm-tree.js';

/** Another instruction for one, in lower case; `locked` of x86's prefix. */
export interface OtherInstruction {
  /** Mnemonic and, of a barrier, its operand. */
  readonly text: string;
  readonly locked: boolean;
}

const ATOMIC = /^(casp?|swp|(?:ld|st)(?:add|clr|set|eor|smax|smin|umax|umin))(al|a|l)?([bh]?)$/;
const BARRIER = /^(?:dmb|dsb)$/;

/** Sizes are suffixes: `ldarb`, `stlxrh`. */
function sized(name: string): { readonly stem: string; readonly size: string } {
  const found = /^(ldapur|ldap?r|ldur|stlur|stlr|stur|ldaxr|ldxr|stlxr|stxr|ldr|str)([bh]?)$/.exec(name);
  return { stem: found?.[1] ?? name, size: found?.[2] ?? '' };
}

/** From what orders most to what orders least. */
const LADDERS: readonly (readonly string[])[] = [
  ['ldar', 'ldapr', 'ldr'],
  ['ldapur', 'ldur'],
  ['stlur', 'stur'],
  ['stlr', 'str'],
  ['ldaxr', 'ldxr'],
  ['stlxr', 'stxr'],
  ['ldaxp', 'ldxp'],
  ['stlxp', 'stxp'],
];

function alongLadder(name: string, isWeaker: boolean): string[] {
  const { stem, size } = sized(name);
  const ladder = LADDERS.find((steps) => steps.includes(stem));
  if (ladder === undefined) return [];
  const at = ladder.indexOf(stem);
  const others = isWeaker ? ladder.slice(at + 1) : ladder.slice(0, at).reverse();
  return others.map((other) => `${other}${size}`);
}

/** Read-modify-writes: acquire and release are letters behind the operation; what returns nothing has no acquire. */
function atomicForms(name: string, isWeaker: boolean): string[] {
  const found = ATOMIC.exec(name);
  if (found === null) return [];
  const [, stem = '', order = '', size = ''] = found;
  const all = stem.startsWith('st') ? ['l', ''] : ['al', 'a', 'l', ''];
  const within = (a: string, b: string): boolean => a !== b && [...a].every((letter) => b.includes(letter));
  const forms = all.filter((form) => (isWeaker ? within(form, order) : within(order, form)));
  return (isWeaker ? forms : forms.reverse()).map((form) => `${stem}${form}${size}`);
}

/** What a barrier waits for: `ishld` only loads before it, `ishst` only stores on both sides, `ish` all. */
export function barrierKind({ operands }: AsmInstruction): {
  readonly domain: string;
  readonly kind: string;
} {
  const [operand] = operands;
  const word = operand?.kind === 'word' ? operand.word.toLowerCase() : 'sy';
  if (word === 'ld' || word === 'st') return { domain: '', kind: word };
  const found = /^(ish|nsh|osh)(ld|st)?$/.exec(word);
  return found === null ? { domain: 'sy', kind: '' } : { domain: found[1]!, kind: found[2] ?? '' };
}

function barrierForms(instruction: AsmInstruction, isWeaker: boolean): string[] {
  const { mnemonic } = instruction;
  const { domain, kind } = barrierKind(instruction);
  const whole = domain === '' ? 'sy' : domain;
  const part = (half: string): string => `${mnemonic} ${domain === 'sy' ? '' : domain}${half}`;
  if (!isWeaker) return kind === '' ? [] : [`${mnemonic} ${whole}`];
  const plain = mnemonic === 'dsb' ? [`dmb ${kind === '' ? whole : `${domain}${kind}`}`] : [];
  return kind === '' ? [...plain, part('ld'), part('st')] : plain;
}

/** Without offsets only: the ordered forms have no other addresses. */
function fits(name: string, { operands }: AsmInstruction): boolean {
  if (!/^(?:ldap?r|stlr)[bh]?$/.test(name)) return true;
  return operands.every(
    (operand) =>
      operand.kind !== 'memory' ||
      (operand.index === null && operand.mode === 'offset' && (operand.offset ?? 0n) === 0n),
  );
}

/** The forms of an AArch64 instruction that order less (from the strongest) or more (from the weakest). */
function arm64Forms(instruction: AsmInstruction, isWeaker: boolean): OtherInstruction[] {
  const { mnemonic } = instruction;
  const texts = BARRIER.test(mnemonic)
    ? barrierForms(instruction, isWeaker)
    : [...alongLadder(mnemonic, isWeaker), ...atomicForms(mnemonic, isWeaker)];
  return texts.filter((text) => fits(text, instruction)).map((text) => ({ text, locked: false }));
}

const X86_FENCES: readonly string[] = ['mfence', 'sfence', 'lfence'];

/** MFENCE is more than either of the others; a read-modify-write of memory may be locked or not, but XCHG always is. */
function x86Forms({ mnemonic, locked, operands }: AsmInstruction, isWeaker: boolean): OtherInstruction[] {
  if (X86_FENCES.includes(mnemonic)) {
    const others = isWeaker === (mnemonic === 'mfence') ? X86_FENCES.filter((name) => name !== mnemonic) : [];
    const forms = isWeaker ? others : others.filter((name) => name === 'mfence');
    return forms.map((text) => ({ text, locked: false }));
  }
  const isLockable =
    /^(?:add|sub|and|or|xor|inc|dec|neg|not|adc|sbb|xadd|cmpxchg|bts|btr|btc)[bwlq]?$/.test(mnemonic) &&
    operands.some((operand) => operand.kind === 'memory');
  return isLockable && locked === isWeaker ? [{ text: mnemonic, locked: !isWeaker }] : [];
}

export function otherForms(
  dialect: AsmDialect,
  instruction: AsmInstruction,
  isWeaker: boolean,
): readonly OtherInstruction[] {
  return dialect === 'AArch64' ? arm64Forms(instruction, isWeaker) : x86Forms(instruction, isWeaker);
}

/** Whether the instruction does nothing but order, so that it can be left out. */
export function isBarrier(dialect: AsmDialect, { mnemonic }: AsmInstruction): boolean {
  return dialect === 'AArch64' ? BARRIER.test(mnemonic) || mnemonic === 'isb' : X86_FENCES.includes(mnemonic);
}
