/**
 * The slots of kernel C: a barrier between two statements that access memory, an ordered access for one that is not.
 *
 * What accesses memory is told by the elaborated program, whose instructions know their statements. Two places with nothing between them
 * that accesses memory are one slot. There is none inside of an expression, of a macro's body, or where a branch has no braces: a barrier
 * in front of the branch does the same, and more.
 */
import type { PrimitiveTable } from '../elaborate/primitive-table.js';
import type { Action } from '../elaborate/primitives.js';
import type { Program } from '../program/ir.js';
import { expressionsOf, partsOf, statementsOf } from '../syntax/c-children.js';
import type { CExpression, CLitmus, CStatement } from '../syntax/c-tree.js';
import type { Span } from '../text/source.js';
import { callsOf, type PrimitiveCall } from './c-calls.js';
import { callInstead } from './c-edits.js';
import { orderingPrimitive, ordersOf, strongerPrimitives } from './ordering.js';
import { plainSlots } from './plain-slots.js';
import { BARRIER_ORDERS, nameOf, type Slot, type SlotOption } from './slot.js';
import { indentationAt, insertAt, isFirstInLine, lineEnd, replaceSpan, type TextEdit } from './text-edit.js';

/** Where memory is accessed, by the program's own account. */
export class MemoryMap {
  private readonly spans: readonly Span[];

  constructor(
    { threads }: Program,
    private readonly table: PrimitiveTable,
  ) {
    this.spans = threads.flatMap(({ code }) =>
      code.filter(({ kind }) => /^(?:load|store|rmw|store-exclusive)$/.test(kind)).map((i) => i.source.span),
    );
  }

  hasAccess({ start, end }: Span): boolean {
    return this.spans.some((span) => span.start >= start && span.end <= end);
  }

  /** Helper functions and macros may do anything. */
  private callsOther(tree: CExpression): boolean {
    const isOther = tree.kind === 'call' && this.table.get(tree.callee) === undefined;
    return isOther || partsOf(tree).some((part) => this.callsOther(part));
  }

  isActive(tree: CStatement): boolean {
    if (tree.kind === 'guard' || this.hasAccess(tree.span)) return true;
    const isActive = expressionsOf(tree).some((part) => this.callsOther(part));
    return isActive || statementsOf(tree).some((part) => this.isActive(part));
  }

  /** Whether what decides over a branch or a loop reads memory. */
  decidesByMemory(tree: CStatement): boolean {
    return expressionsOf(tree).some((part) => this.hasAccess(part.span) || this.callsOther(part));
  }
}

/** A statement without what it governs: `if (r0)`. */
function headOf(tree: CStatement): Span {
  const [first] = statementsOf(tree);
  if (first === undefined || tree.kind === 'block' || tree.kind === 'do') return tree.span;
  return first.span.start > tree.span.start ? { ...tree.span, end: first.span.start } : tree.span;
}

function before(span: Span, statement: string): TextEdit {
  const { file, start } = span;
  if (!isFirstInLine(file.text, start)) return insertAt(start, `${statement} `);
  return insertAt(start, `${statement}\n${indentationAt(file.text, start)}`);
}

function behind({ file, start, end }: Span, statement: string): TextEdit {
  const { text } = file;
  const rest = text.slice(end, lineEnd(text, end)).trim();
  if (rest !== '' && !/^(?:\/\/|\/\*)/.test(rest)) return insertAt(end, ` ${statement}`);
  return insertAt(lineEnd(text, end), `\n${indentationAt(text, start)}${statement}`);
}

interface Gap {
  /** The last statement before it that accesses memory; null at the start of a block. */
  readonly last: CStatement | null;
  /** What stands between, and accesses nothing. */
  readonly between: readonly CStatement[];
  readonly next: CStatement;
}

class SlotFinder {
  readonly slots: Slot[] = [];

  constructor(
    private readonly thread: string,
    private readonly memory: MemoryMap,
    private readonly table: PrimitiveTable,
  ) {}

  /** `isDecided`: memory is read just before the list, by what leads to it. */
  list(statements: readonly CStatement[], isDecided: boolean): void {
    let last: CStatement | null = null;
    let between: CStatement[] = [];
    let isOpen = isDecided;
    for (const next of statements) {
      if (this.memory.isActive(next)) {
        if (isOpen) this.gap({ last, between, next });
        this.inside(next);
        last = next;
        between = [];
        isOpen = true;
      } else between.push(next);
    }
  }

  private inside(tree: CStatement): void {
    const isDecided = this.memory.decidesByMemory(tree);
    for (const part of statementsOf(tree)) {
      if (part.kind === 'block') this.list(part.statements, isDecided || tree.kind === 'guard');
      else this.inside(part);
    }
  }

  private actionOf(tree: CStatement | null): Action | null {
    if (tree?.kind !== 'expression' || tree.expression.kind !== 'call') return null;
    return orderingPrimitive(tree.expression.callee, this.table)?.action ?? null;
  }

  private gap({ last, between, next }: Gap): void {
    const { thread, table } = this;
    const lastAction = this.actionOf(last);
    const hasBarrier = lastAction !== null && 'barrier' in lastAction && lastAction.barrier;
    const tags = between.map((tree) => fenceTag(this.actionOf(tree)));
    if (hasBarrier || tags.includes('Mb')) return;
    const insert = (
      name: string,
      orders: ReadonlySet<string>,
      edit: TextEdit | null = null,
    ): SlotOption[] => {
      if (table.get(name) === undefined) return [];
      const what = `${name}() before ${nameOf(thread, headOf(next))}`;
      return [{ to: `${name}()`, what, orders, edits: [edit ?? before(next.span, `${name}();`)] }];
    };
    const beside = this.besides(lastAction, this.actionOf(next), tags).flatMap((name) =>
      insert(
        name,
        BARRIER_ORDERS.around,
        name === 'smp_mb__after_spinlock' && last !== null ? behind(last.span, `${name}();`) : null,
      ),
    );
    const half = between.find((tree) => ['Rmb', 'Wmb'].includes(fenceTag(this.actionOf(tree)) ?? ''));
    const options = [
      ...beside,
      ...(tags.includes('Wmb') ? [] : insert('smp_wmb', BARRIER_ORDERS.writes)),
      ...(tags.includes('Rmb') ? [] : insert('smp_rmb', BARRIER_ORDERS.reads)),
      ...(half === undefined ? insert('smp_mb', BARRIER_ORDERS.full) : this.fullInstead(half)),
    ];
    this.slots.push({ thread, offset: next.span.start, options });
  }

  private fullInstead(fence: CStatement): SlotOption[] {
    const tree = fence.kind === 'expression' ? fence.expression : null;
    if (tree?.kind !== 'call' || this.table.get('smp_mb') === undefined) return [];
    const what = `smp_mb() for ${nameOf(this.thread, fence.span)}`;
    return [
      { to: 'smp_mb()', what, orders: BARRIER_ORDERS.full, edits: [replaceSpan(tree.span, 'smp_mb()')] },
    ];
  }

  /** The barriers that are full only beside a lock, or an atomic that returns nothing. */
  private besides(last: Action | null, next: Action | null, tags: readonly (string | null)[]): string[] {
    const isQuiet = (action: Action | null): boolean =>
      (action?.kind === 'atomic' && action.result === 'none') || (action?.kind === 'bit' && !action.returns);
    const names: string[] = [];
    if (last?.kind === 'lock' && last.lock === 'spin' && !tags.includes('After-spinlock'))
      names.push('smp_mb__after_spinlock');
    if (isQuiet(last) && !tags.includes('After-atomic')) names.push('smp_mb__after_atomic');
    if (isQuiet(next) && !tags.includes('Before-atomic')) names.push('smp_mb__before_atomic');
    return names.slice(0, 1);
  }
}

function fenceTag(action: Action | null): string | null {
  return action?.kind === 'fence' ? (action.tags[0] ?? null) : null;
}

/** A store with a barrier behind it, as a release and that barrier. */
function releaseForm(call: PrimitiveCall, thread: string, table: PrimitiveTable): SlotOption[] {
  const { action, tree, statement, isInList } = call;
  const isState = action.kind === 'set-state';
  if (!isState && !(action.kind === 'store' && action.barrier)) return [];
  const value = tree.arguments.at(-1);
  if (statement === null || !isInList || value === undefined) return [];
  if (table.get('smp_store_release') === undefined || table.get('smp_mb') === undefined) return [];
  const store: TextEdit[] = isState
    ? [replaceSpan(tree.calleeSpan, 'smp_store_release'), insertAt(value.span.start, '&current->__state, ')]
    : callInstead(tree, 'smp_store_release', table);
  const release: SlotOption = {
    to: 'smp_store_release()',
    what: `smp_store_release() for ${nameOf(thread, statement.span)}`,
    orders: new Set(['release']),
    edits: store,
  };
  const both: SlotOption = {
    to: 'smp_store_release() and smp_mb()',
    what: `smp_store_release() and smp_mb() for ${nameOf(thread, statement.span)}`,
    orders: new Set(['release', 'barrier-behind']),
    edits: [...store, behind(statement.span, 'smp_mb();')],
  };
  return action.barrier ? [both] : [release, both];
}

function accessSlot(call: PrimitiveCall, thread: string, table: PrimitiveTable): Slot | null {
  const { tree, around, action } = call;
  if (action.kind === 'fence') return null;
  const span = around.kind === 'expression' || around.kind === 'declaration' ? around.span : tree.span;
  const stronger = strongerPrimitives(tree.callee, table).map(
    (name): SlotOption => ({
      to: `${name}()`,
      what: `${name}() for ${nameOf(thread, span)}`,
      orders: ordersOf(name),
      edits: callInstead(tree, name, table),
    }),
  );
  const options = [...stronger, ...releaseForm(call, thread, table)];
  return options.length === 0 ? null : { thread, offset: tree.span.start, options };
}

/** Ordered accesses for what is not, in the statements of a thread, a function or a sketch's column. */
export function accessSlots(
  statements: readonly CStatement[],
  thread: string,
  table: PrimitiveTable,
): Slot[] {
  const calls = callsOf(statements, table).calls.map((call) => accessSlot(call, thread, table));
  return [...calls.filter((slot) => slot !== null), ...plainSlots(statements, thread, table)];
}

/** All slots of a test in kernel C, in the order of the file. */
export function cSlots(tree: CLitmus, program: Program, table: PrimitiveTable): Slot[] {
  const memory = new MemoryMap(program, table);
  const functions = tree.definitions.flatMap((part) => (part.kind === 'function' ? [part] : []));
  return [...functions, ...tree.threads]
    .flatMap(({ name, body }) => {
      const finder = new SlotFinder(name, memory, table);
      finder.list(body, false);
      return [...finder.slots, ...accessSlots(body, name, table)];
    })
    .sort((a, b) => a.offset - b.offset);
}
