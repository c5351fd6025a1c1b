/** The slots of an assembly test: a barrier in a row of its own, an ordered form of an access, the LOCK prefix. */
import type { AsmDialect, AsmInstruction, AsmLitmus, AsmThread } from '../syntax/asm-tree.js';
import { spanText } from '../text/source.js';
import { barrierKind, isBarrier, otherForms } from './asm-ladders.js';
import { inCaseOf, withForm } from './asm-sites.js';
import { rowAbove } from './cell-edit.js';
import { BARRIER_ORDERS, nameOf, type Slot, type SlotOption } from './slot.js';

const BARRIERS: Readonly<Record<'arm64' | 'x86', readonly (readonly [string, ReadonlySet<string>])[]>> = {
  arm64: [
    ['dmb ishst', BARRIER_ORDERS.writes],
    ['dmb ishld', BARRIER_ORDERS.reads],
    ['dmb ish', BARRIER_ORDERS.full],
  ],
  x86: [
    ['sfence', BARRIER_ORDERS.writes],
    ['mfence', BARRIER_ORDERS.full],
  ],
};

/** What the forms of an access order: the letters of its name, so that more letters are more order. */
function formOrders(text: string, locked: boolean): ReadonlySet<string> {
  const name = text.replace(/[bh]$/, '');
  if (locked) return new Set(['locked']);
  if (/^ldap?u?r$|^ldax/.test(name)) return new Set(name === 'ldar' ? ['pc', 'acquire'] : ['pc']);
  if (/^stl/.test(name)) return new Set(['release']);
  const order = /(al|a|l)$/.exec(name)?.[1] ?? '';
  return new Set([...order].map((letter) => (letter === 'a' ? 'acquire' : 'release')));
}

function accessSlot(dialect: AsmDialect, instruction: AsmInstruction, thread: string): Slot | null {
  const options = otherForms(dialect, instruction, false).map((form): SlotOption => {
    const change = withForm(instruction, form);
    const what = `${change.to} for ${nameOf(thread, instruction.span)}`;
    const option = { ...change, what, orders: formOrders(form.text, form.locked) };
    return form.locked ? { ...option, atomic: true } : option;
  });
  return options.length === 0 ? null : { thread, offset: instruction.span.start, options };
}

/** Kinds of the barriers that stand in a gap already: `writes`, `reads`, `full`. */
function kindOf(dialect: AsmDialect, barrier: AsmInstruction): ReadonlySet<string> {
  if (barrier.mnemonic === 'isb' || barrier.mnemonic === 'lfence') return new Set();
  if (dialect !== 'AArch64')
    return barrier.mnemonic === 'mfence' ? BARRIER_ORDERS.full : BARRIER_ORDERS.writes;
  const { kind } = barrierKind(barrier);
  return kind === '' ? BARRIER_ORDERS.full : kind === 'ld' ? BARRIER_ORDERS.reads : BARRIER_ORDERS.writes;
}

function gapSlot(
  dialect: AsmDialect,
  between: readonly AsmInstruction[],
  next: AsmInstruction,
  thread: string,
): Slot | null {
  const present = between.map((barrier) => kindOf(dialect, barrier));
  if (present.some((kinds) => kinds.has('full'))) return null;
  const written = spanText(next.span);
  const options = BARRIERS[dialect === 'AArch64' ? 'arm64' : 'x86']
    .filter(([, orders]) => !present.some((kinds) => [...orders].every((order) => kinds.has(order))))
    .map(([name, orders]): SlotOption => {
      const half = between.find((_, i) => present[i]!.size > 0);
      if (orders.has('full') && half !== undefined) {
        const change = withForm(half, { text: name, locked: false });
        return { ...change, what: `${change.to} for ${nameOf(thread, half.span)}`, orders };
      }
      const text = inCaseOf(written, name);
      const what = `${text} before ${nameOf(thread, next.span)}`;
      return { to: text, what, orders, edits: [rowAbove(next.span, text)] };
    });
  return { thread, offset: next.span.start, options };
}

/** LEA computes an address and accesses nothing. */
function accesses({ mnemonic, operands }: AsmInstruction): boolean {
  return !/^lea/.test(mnemonic) && operands.some(({ kind }) => kind === 'memory');
}

function threadSlots(dialect: AsmDialect, { name, lines }: AsmThread): Slot[] {
  const slots: Slot[] = [];
  let between: AsmInstruction[] = [];
  let isOpen = false;
  for (const line of lines) {
    if (line.kind === 'label') continue;
    if (isBarrier(dialect, line)) between.push(line);
    else if (accesses(line)) {
      const gap = isOpen ? gapSlot(dialect, between, line, name) : null;
      slots.push(...[gap, accessSlot(dialect, line, name)].filter((slot) => slot !== null));
      isOpen = true;
      between = [];
    }
  }
  return slots;
}

/** All slots of an assembly test, thread by thread. */
export function asmSlots({ dialect, threads }: AsmLitmus): Slot[] {
  return threads.flatMap((thread) => threadSlots(dialect, thread));
}
