/**
 * The slots of kernel C: a barrier between two statements that access memory, an ordered access for one that is not.
 *
 * What accesses memory is told by the elaborated program, whose instructions know their statements. Two places with nothing between them
 * that accesses memory are one slot. Places are such that every way from one access to the next has one, as far as there are
 * statements to put it between: in front of the next statement, behind its label if it has one, as code may jump there; in
 * front of a jump that goes past it; at the end of a loop's body, from where code goes back; and, in braces of its own, in a branch
 * that has none. Inside of an expression or of a macro's body there is none, which coverage.ts notices.
 */
import type { PrimitiveTable } from '../elaborate/primitive-table.js';
import type { Action } from '../elaborate/primitives.js';
import type { Program } from '../program/ir.js';
import { expressionsOf, partsOf, statementsOf } from '../syntax/c-children.js';
import type { CExpression, CLitmus, CStatement } from '../syntax/c-tree.js';
import type { Span } from '../text/source.js';
import { callsOf, type PrimitiveCall } from './c-calls.js';
import { callInstead } from './c-edits.js';
import { nextOf } from './coverage.js';
import { orderingPrimitive, ordersOf, strongerPrimitives } from './ordering.js';
import { plainSlots } from './plain-slots.js';
import { BARRIER_ORDERS, nameOf, type Slot, type SlotOption } from './slot.js';
import { before, behind, inBraces } from './statement-edit.js';
import { insertAt, replaceSpan, type TextEdit } from './text-edit.js';

/** Where memory is accessed, by the program's own account. */
export class MemoryMap {
  private readonly spans: readonly Span[];
  /** Where code goes back. */
  private readonly back: readonly Span[];

  constructor(
    { threads }: Program,
    private readonly table: PrimitiveTable,
  ) {
    this.back = threads.flatMap(({ code }) =>
      code.filter((_, i) => nextOf(code, i).some((next) => next <= i)).map((i) => i.source.span),
    );
    this.spans = threads.flatMap(({ code }) =>
      code.filter(({ kind }) => /^(?:load|store|rmw|store-exclusive)$/.test(kind)).map((i) => i.source.span),
    );
  }

  hasAccess({ start, end }: Span): boolean {
    return this.spans.some((span) => span.start >= start && span.end <= end);
  }

  /** Whether the code of a loop may run more than once. */
  repeats({ span: { start, end } }: CStatement): boolean {
    return this.back.some((span) => span.start >= start && span.end <= end);
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

/** Where a barrier may go. */
interface Place {
  /** `before P0:41 WRITE_ONCE(p->__state, 1)`. */
  readonly where: string;
  readonly offset: number;
  readonly edits: (statement: string) => readonly TextEdit[];
}

interface Gap {
  /** The last statement before it that accesses memory; null at the start of a block, and where code jumps to. */
  readonly last: CStatement | null;
  /** What stands between, and accesses nothing. */
  readonly between: readonly CStatement[];
  /** The statement behind it; null at the end of a block. */
  readonly next: CStatement | null;
  readonly place: Place;
}

/** What is known at a point of a list of statements. */
interface Point {
  readonly last: CStatement | null;
  readonly between: readonly CStatement[];
  /** Whether an access may come before it with no place for a barrier since. */
  readonly isOpen: boolean;
}

/** A list of statements, or the one statement of a branch without braces. */
interface Block {
  readonly statements: readonly CStatement[];
  readonly hasBraces: boolean;
  readonly isOpen: boolean;
  /** Whether a switch that reads memory leads to its cases. */
  readonly opensCases: boolean;
  /** Whether memory is accessed behind its end, by code that stands elsewhere: a loop begins again, a guard unlocks. */
  readonly needsEnd: boolean;
}

const NOWHERE: Point = { last: null, between: [], isOpen: false };

class SlotFinder {
  readonly slots: Slot[] = [];
  /** The jumps that bypass all other places. */
  private readonly bypasses: readonly CStatement['kind'][];
  /** The jumps that bypass the place at the next statement. */
  private readonly jumps: readonly CStatement['kind'][];

  constructor(
    private readonly thread: string,
    private readonly memory: MemoryMap,
    private readonly table: PrimitiveTable,
    body: readonly CStatement[],
    isFunction: boolean,
  ) {
    const hasGuard = body.some((tree) => contains(tree, ['guard']));
    this.bypasses = hasGuard ? ['continue', 'break', 'goto', 'return'] : ['continue'];
    this.jumps = ['continue', 'break', 'goto', ...(hasGuard || isFunction ? (['return'] as const) : [])];
    this.block({ statements: body, hasBraces: true, isOpen: false, opensCases: false, needsEnd: false });
  }

  private block(block: Block): void {
    const { statements } = block;
    let point: Point = { ...NOWHERE, isOpen: block.isOpen };
    for (const tree of statements) {
      const { inner, isTarget, isCase } = withoutLabels(tree);
      if (isTarget || isCase) {
        this.jumpsOut(point, block);
        const isOpen = isTarget || point.isOpen || block.opensCases;
        point = { ...NOWHERE, isOpen };
      }
      if (inner !== null) point = this.step(point, inner, block);
    }
    this.jumpsOut(point, block);
    const hasGuard = statements.some((tree) => tree.kind === 'guard' && tree.body === null);
    const end = statements.at(-1);
    if (!point.isOpen || !(block.needsEnd || hasGuard) || end === undefined) return;
    this.gap({ ...point, next: null, place: this.placeBehind(end, block) });
  }

  private step(point: Point, next: CStatement, block: Block): Point {
    if (this.memory.isActive(next)) {
      this.jumpsOut(point, block);
      if (point.isOpen) this.gap({ ...point, next, place: this.placeBefore(next, block) });
      this.inside(next);
      return { last: next, between: [], isOpen: true };
    }
    if (JUMPS.includes(next.kind)) {
      if (this.bypasses.includes(next.kind))
        this.jumpsOut({ ...point, between: [...point.between, next] }, block);
      else this.jumpsOut(point, block);
      return NOWHERE;
    }
    // what jumps to a label in it came past an access, maybe
    if (contains(next, ['label'])) return { ...NOWHERE, isOpen: true };
    return { ...point, between: [...point.between, next] };
  }

  /** A place in front of the first jump: the one at the next statement is not on its way. */
  private jumpsOut({ last, between, isOpen }: Point, block: Block): void {
    const at = between.findIndex((tree) => contains(tree, this.jumps));
    const next = between[at];
    if (!isOpen || next === undefined) return;
    this.gap({ last, between: between.slice(0, at), next, place: this.placeBefore(next, block) });
  }

  private inside(tree: CStatement): void {
    const isDecided = this.memory.decidesByMemory(tree);
    const repeats = isLoop(tree) && this.memory.repeats(tree);
    const isInit = tree.kind === 'for' && tree.init !== null && this.memory.isActive(tree.init);
    const isOpen = tree.kind === 'do' ? isDecided && repeats : isDecided || isInit || tree.kind === 'guard';
    const parts = tree.kind === 'block' ? [tree] : statementsOf(tree);
    for (const part of parts) {
      if (tree.kind === 'for' && part === tree.init) continue;
      const hasBraces = part.kind === 'block';
      if (!hasBraces && !repeats && !this.memory.isActive(part) && !contains(part, this.bypasses)) continue;
      this.block({
        statements: hasBraces ? part.statements : [part],
        hasBraces,
        isOpen,
        opensCases: tree.kind === 'switch' && isDecided,
        needsEnd: repeats || tree.kind === 'guard',
      });
    }
  }

  private placeBefore(tree: CStatement, { hasBraces }: Block): Place {
    return {
      where: `before ${nameOf(this.thread, headOf(tree))}`,
      offset: tree.span.start,
      edits: (statement) =>
        hasBraces ? [before(tree.span, statement)] : inBraces(tree.span, statement, true),
    };
  }

  private placeBehind(tree: CStatement, { hasBraces }: Block): Place {
    return {
      where: `after ${nameOf(this.thread, headOf(tree))}`,
      offset: tree.span.end,
      edits: (statement) =>
        hasBraces ? [behind(tree.span, statement)] : inBraces(tree.span, statement, false),
    };
  }

  private actionOf(tree: CStatement | null): Action | null {
    if (tree?.kind !== 'expression' || tree.expression.kind !== 'call') return null;
    return orderingPrimitive(tree.expression.callee, this.table)?.action ?? null;
  }

  private gap({ last, between, next, place }: Gap): void {
    const { thread, table } = this;
    const lastAction = this.actionOf(last);
    const hasBarrier = lastAction !== null && 'barrier' in lastAction && lastAction.barrier;
    const tags = between.map((tree) => fenceTag(this.actionOf(tree)));
    if (hasBarrier || tags.includes('Mb')) return;
    const insert = (
      name: string,
      orders: ReadonlySet<string>,
      edits: readonly TextEdit[] | null = null,
    ): SlotOption[] => {
      if (table.get(name) === undefined) return [];
      const what = `${name}() ${place.where}`;
      return [{ to: `${name}()`, what, orders, edits: edits ?? place.edits(`${name}();`) }];
    };
    const beside = this.besides(lastAction, this.actionOf(next), tags).flatMap((name) =>
      insert(
        name,
        BARRIER_ORDERS.around,
        name === 'smp_mb__after_spinlock' && last !== null ? [behind(last.span, `${name}();`)] : null,
      ),
    );
    // one in front of a jump is a matter of the place there
    const behindJump = between.slice(between.findIndex((tree) => contains(tree, this.jumps)) + 1);
    const half = behindJump.find((tree) => ['Rmb', 'Wmb'].includes(fenceTag(this.actionOf(tree)) ?? ''));
    const options = [
      ...beside,
      ...(tags.includes('Wmb') ? [] : insert('smp_wmb', BARRIER_ORDERS.writes)),
      ...(tags.includes('Rmb') ? [] : insert('smp_rmb', BARRIER_ORDERS.reads)),
      ...(half === undefined ? insert('smp_mb', BARRIER_ORDERS.full) : this.fullInstead(half)),
    ];
    this.slots.push({ thread, offset: place.offset, options });
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

const JUMPS: readonly CStatement['kind'][] = ['goto', 'break', 'continue', 'return'];

function isLoop({ kind }: CStatement): boolean {
  return kind === 'while' || kind === 'do' || kind === 'for';
}

function contains(tree: CStatement, kinds: readonly CStatement['kind'][]): boolean {
  return kinds.includes(tree.kind) || statementsOf(tree).some((part) => contains(part, kinds));
}

/** A statement without its labels and cases, behind which its barriers go. */
function withoutLabels(tree: CStatement): {
  readonly inner: CStatement | null;
  readonly isTarget: boolean;
  readonly isCase: boolean;
} {
  let inner: CStatement | null = tree;
  let isTarget = false;
  let isCase = false;
  while (inner?.kind === 'label' || inner?.kind === 'case') {
    if (inner.kind === 'label') isTarget = true;
    else isCase = true;
    inner = inner.statement;
  }
  return { inner, isTarget, isCase };
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
    .flatMap(({ name, body, ...code }) => {
      const finder = new SlotFinder(name, memory, table, body, 'kind' in code);
      return [...finder.slots, ...accessSlots(body, name, table)];
    })
    .sort((a, b) => a.offset - b.offset);
}
