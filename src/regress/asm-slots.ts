/** The slots of an assembly test: a barrier in a row of its own, an ordered form of an access, the LOCK prefix. */
import type { AsmDialect, AsmInstruction, AsmLabel, AsmLitmus, AsmThread } from '../syntax/asm-tree.js';
import { spanText } from '../text/source.js';
import { barrierKind, isBarrier, otherForms } from './asm-ladders.js';
import { inCaseOf, withForm } from './asm-sites.js';
import { rowAbove } from './cell-edit.js';
import { BARRIER_ORDERS, nameOf, type Slot, type SlotOption } from './slot.js';
import { lineStart, type TextEdit } from './text-edit.js';

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

/** A row for the barrier alone, behind the labels of the instruction: code may jump there. */
function rowFor(labels: readonly AsmLabel[], next: AsmInstruction, text: string): readonly TextEdit[] {
  const { file, start } = next.span;
  const row = lineStart(file.text, start);
  const label = labels.find(({ span }) => span.start >= row);
  if (label === undefined) return [rowAbove(next.span, text)];
  const from = label.span.start;
  const written = file.text.slice(from, start);
  return [
    rowAbove({ file, start: from, end: start }, `${written}${text}`),
    { start: from, end: start, text: written.replace(/\S/g, ' ') },
  ];
}

interface Gap {
  /** The barriers that stand there already. */
  readonly between: readonly AsmInstruction[];
  /** How many of them stand in front of a jump, with a place of their own. */
  readonly passed: number;
  /** The labels just before the instruction. */
  readonly labels: readonly AsmLabel[];
  readonly next: AsmInstruction;
}

function gapSlot(dialect: AsmDialect, { between, passed, labels, next }: Gap, thread: string): Slot | null {
  const present = between.map((barrier) => kindOf(dialect, barrier));
  if (present.some((kinds) => kinds.has('full'))) return null;
  const written = spanText(next.span);
  const options = BARRIERS[dialect === 'AArch64' ? 'arm64' : 'x86']
    .filter(([, orders]) => !present.some((kinds) => [...orders].every((order) => kinds.has(order))))
    .map(([name, orders]): SlotOption => {
      const half = between.find((_, i) => i >= passed && present[i]!.size > 0);
      if (orders.has('full') && half !== undefined) {
        const change = withForm(half, { text: name, locked: false });
        return { ...change, what: `${change.to} for ${nameOf(thread, half.span)}`, orders };
      }
      const text = inCaseOf(written, name);
      const what = `${text} before ${nameOf(thread, next.span)}`;
      return { to: text, what, orders, edits: rowFor(labels, next, text) };
    });
  return { thread, offset: next.span.start, options };
}

/** LEA computes an address and accesses nothing. */
function accesses({ mnemonic, operands }: AsmInstruction): boolean {
  return !/^lea/.test(mnemonic) && operands.some(({ kind }) => kind === 'memory');
}

/** Whether an instruction may jump to a label of its thread, or always does. */
function jump({ mnemonic, operands }: AsmInstruction, names: ReadonlySet<string>): 'always' | 'maybe' | null {
  if (!operands.some((operand) => operand.kind === 'word' && names.has(operand.word))) return null;
  return mnemonic === 'b' || mnemonic === 'jmp' ? 'always' : 'maybe';
}

/**
 * Every way from one access to the next has a place: in front of the next one, behind its label, and one in front of a jump that leads
 * both there and elsewhere. With jumps over so many bytes, a row more would change where they lead.
 */
class ThreadSlots {
  readonly slots: Slot[] = [];
  private between: AsmInstruction[] = [];
  private labels: AsmLabel[] = [];
  private isOpen = false;
  /** How many of the barriers stand in front of a jump, behind the last access; null if there is none. */
  private passed: number | null = null;

  constructor(
    private readonly dialect: AsmDialect,
    private readonly thread: AsmThread,
  ) {
    const names = new Set(thread.lines.flatMap((line) => (line.kind === 'label' ? [line.name] : [])));
    const hasRows = !thread.lines.some(
      (line) => line.kind === 'instruction' && line.operands.some(({ kind }) => kind === 'relative'),
    );
    for (const line of thread.lines) {
      if (line.kind === 'label') this.label(line);
      else this.instruction(line, jump(line, names), hasRows);
    }
  }

  private label(line: AsmLabel): void {
    this.labels.push(line);
    this.between = [];
    this.isOpen = true;
    this.passed = null;
  }

  private instruction(line: AsmInstruction, jumps: 'always' | 'maybe' | null, hasRows: boolean): void {
    const { dialect, thread } = this;
    const isActive = accesses(line);
    if (isBarrier(dialect, line)) this.between.push(line);
    if (hasRows && this.isOpen && (isActive || (jumps === 'maybe' && this.passed === null)))
      this.add(
        gapSlot(
          dialect,
          { between: this.between, passed: this.passed ?? 0, labels: this.labels, next: line },
          thread.name,
        ),
      );
    if (isActive) {
      this.add(accessSlot(dialect, line, thread.name));
      this.between = [];
      this.isOpen = true;
      this.passed = null;
    } else if (jumps === 'maybe') this.passed ??= this.between.length;
    else if (jumps === 'always') this.isOpen = false;
    this.labels = [];
  }

  private add(slot: Slot | null): void {
    if (slot !== null) this.slots.push(slot);
  }
}

/** All slots of an assembly test, thread by thread. */
export function asmSlots({ dialect, threads }: AsmLitmus): Slot[] {
  return threads.flatMap((thread) => new ThreadSlots(dialect, thread).slots);
}
