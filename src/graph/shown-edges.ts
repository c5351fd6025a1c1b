/**
 * Which facts of an execution its picture shows, as edges between events. `from-execution.ts` says by which rules.
 */
import type { Cycle, EdgeKind } from '../explain/cycle.js';
import { transitiveClosure } from '../relation/operators.js';
import { Relation } from '../relation/relation.js';
import type { Execution, ExecutionEvent } from '../search/execution.js';
import type { EdgeFact } from './graph-model.js';
import { withoutImplied } from './named-relations.js';
import type { Grouping } from './nodes.js';

export interface EventEdge {
  readonly from: number;
  readonly to: number;
  readonly kind: EdgeKind;
  readonly label: string | null;
  readonly fact: EdgeFact;
  readonly highlighted: boolean;
}

/** What of an execution is shown beyond, or instead of, the usual. */
export interface Shown {
  /** Names of relations (or kinds of edges) that are left out. */
  readonly hidden: ReadonlySet<string>;
  /** Relations of the model, each in full. */
  readonly added: readonly AddedRelation[];
}

export interface AddedRelation {
  readonly name: string;
  readonly relation: Relation;
  readonly highlighted: boolean;
}

export const usuallyShown: Shown = { hidden: new Set(), added: [] };

/**
 * All edges but program order between neighbours: the cycle's, then rf, co, fr, dependencies, then what is added, in this order. What
 * the cycle needs cannot be hidden.
 */
export function shownEdges(
  execution: Execution,
  grouping: Grouping,
  cycle: Cycle | null,
  { hidden, added }: Shown = usuallyShown,
): EventEdge[] {
  const facts = new Facts(execution, grouping);
  const highlighted = cycle === null ? [] : facts.cycleEdges(cycle);
  const isOnCycle = (edge: EventEdge): boolean =>
    highlighted.some((h) => h.kind === edge.kind && h.from === edge.from && h.to === edge.to);
  const fromReads = facts.fromReads();
  const plain = [
    ...facts.readsFrom(),
    ...facts.coherence(fromReads),
    ...fromReads,
    ...facts.dependencies(),
    ...facts.exclusives(),
  ].filter((edge) => !hidden.has(edge.kind) && !isOnCycle(edge));
  return [...highlighted, ...plain, ...facts.relations(added, [...highlighted, ...plain])];
}

class Facts {
  private readonly n: number;
  private readonly empty: Relation;

  constructor(
    readonly execution: Execution,
    readonly grouping: Grouping,
  ) {
    this.n = execution.events.length;
    this.empty = new Relation(this.n);
  }

  /** An edge past a fence goes through the fence's node. */
  cycleEdges(cycle: Cycle): EventEdge[] {
    return cycle.edges.flatMap(({ from, to, kind, label, via, reversed }, cycleEdge): EventEdge[] => {
      const relation = kind === 'other' ? label : kind;
      const fact = { relation, from, to, cycleEdge };
      const edge = { from, to, kind, label, fact, highlighted: true };
      if (kind === 'fence' && via !== null)
        return [
          { ...edge, kind: 'po', label: null, to: via },
          { ...edge, kind: 'po', label: null, from: via },
        ];
      return [reversed ? { ...edge, from: to, to: from, label: label.replace('^-1', '') } : edge];
    });
  }

  /** All of rf, but from initial writes to read-modify-writes: their old value is in the node, and a lock starts free. */
  readsFrom(): EventEdge[] {
    const rmw = this.relation('rmw');
    return this.pairs('rf')
      .filter(([write, read]) => !(this.isInitial(write) && rmw.successors(read).length > 0))
      .map(([from, to]) => plainEdge(from, to, 'rf'));
  }

  /** From a read to the write that comes next after the one it read, if that is another thread's. */
  fromReads(): EventEdge[] {
    const found: EventEdge[] = [];
    for (const [write, read] of this.pairs('rf'))
      for (const next of this.nextWrites(write)) {
        if (this.isSameThread(read, next) || this.isSameNode(read, next)) continue;
        found.push(plainEdge(read, next, 'fr'));
      }
    return found.filter((edge) => !this.isImplied(edge, found));
  }

  /** Each write to the next of its location, between threads, unless what is shown implies it. */
  coherence(fromReads: readonly EventEdge[]): EventEdge[] {
    const found: EventEdge[] = [];
    for (const event of this.execution.events)
      for (const next of this.nextWrites(event.id)) {
        if (this.isInitial(event.id) || this.isSameThread(event.id, next)) continue;
        found.push(plainEdge(event.id, next, 'co'));
      }
    return found.filter((edge) => !this.isImplied(edge, fromReads));
  }

  /** Direct dependencies; of a control dependency only the first event that it reaches. */
  dependencies(): EventEdge[] {
    const po = this.relation('po');
    const isShown = ([from, to]: readonly [number, number]): boolean =>
      !this.isLock(from) && !this.isSameNode(from, to) && this.event(to).kind !== 'fence';
    const all = (kind: EdgeKind): EventEdge[] =>
      this.pairs(kind)
        .filter(isShown)
        .map(([from, to]) => plainEdge(from, to, kind));
    const first = (kind: EdgeKind): EventEdge[] => {
      const edges = all(kind);
      return edges.filter((edge) => !edges.some((e) => e.from === edge.from && po.has(e.to, edge.to)));
    };
    const direct = (['addr', 'data', 'pick-addr', 'pick-data'] as const).flatMap(all);
    return [...direct, ...first('ctrl'), ...first('pick-ctrl')];
  }

  /** The two halves of a read-modify-write that are not one node. */
  exclusives(): EventEdge[] {
    return this.pairs('rmw')
      .filter(([read, write]) => !this.isSameNode(read, write))
      .map(([from, to]) => plainEdge(from, to, 'rmw'));
  }

  /** Whether a path of other shown facts about one location, or the hand-over of locks, leads from end to end. */
  private isImplied(edge: EventEdge, fromReads: readonly EventEdge[]): boolean {
    const order = this.certainOrder().copy();
    for (const { from, to } of fromReads)
      if (!(from === edge.from && to === edge.to) && this.isSameLocation(from, edge.to)) order.add(from, to);
    for (const [w, r] of this.pairs('rf')) if (this.isSameLocation(w, edge.to)) order.add(w, r);
    return transitiveClosure(order).has(edge.from, edge.to);
  }

  /** Relations in full but for what transitivity adds; initial writes only where a fact that is shown needs them. */
  relations(added: readonly AddedRelation[], shown: readonly EventEdge[]): EventEdge[] {
    const drawn = new Set(shown.flatMap(({ from, to }) => [from, to]));
    const isDrawn = (id: number): boolean => !this.isInitial(id) || drawn.has(id);
    const preferred = Relation.of(this.n, [
      ...shown.map(({ from, to }) => [from, to] as const),
      ...this.neighbours(),
    ]);
    return added.flatMap(({ name, relation, highlighted }) =>
      withoutImplied(relation, preferred)
        .pairs()
        .filter(([from, to]) => isDrawn(from) && isDrawn(to))
        .map(([from, to]) => {
          const fact = { relation: name, from, to, cycleEdge: null };
          return { from, to, kind: plainKinds.get(name) ?? 'other', label: name, fact, highlighted };
        }),
    );
  }

  /** Each event with the next of its thread. */
  private neighbours(): [number, number][] {
    const threads = this.execution.events.filter(({ thread }) => thread >= 0);
    return threads.slice(1).flatMap((event, at): [number, number][] => {
      const before = threads[at]!;
      return before.thread === event.thread ? [[before.id, event.id]] : [];
    });
  }

  private order: Relation | null = null;

  /** Program order of one location, within a node, and through a lock from one critical section to the next. */
  private certainOrder(): Relation {
    if (this.order !== null) return this.order;
    const order = new Relation(this.n);
    const po = this.pairs('po');
    for (const [a, b] of po) if (this.isSameLocation(a, b) || this.isSameNode(a, b)) order.add(a, b);
    for (const [unlock, lock] of this.pairs('rf')) {
      if (!this.isLock(lock) || this.isInitial(unlock)) continue;
      for (const [before, at] of po)
        if (at === unlock) for (const [from, after] of po) if (from === lock) order.add(before, after);
    }
    this.order = order;
    return order;
  }

  private nextWrites(write: number): number[] {
    const co = this.relation('co');
    const later = co.successors(write);
    return later.filter((next) => !this.isFenceNode(next) && !later.some((between) => co.has(between, next)));
  }

  private relation(name: string): Relation {
    return this.execution.base.get(name) ?? this.empty;
  }

  /** Pairs of a base relation, without those of what a fence was compiled to. */
  private pairs(name: string): [number, number][] {
    const pairs = this.relation(name).pairs();
    return name === 'po' ? pairs : pairs.filter(([a, b]) => !this.isFenceNode(a) && !this.isFenceNode(b));
  }

  private event(id: number): ExecutionEvent {
    return this.execution.events[id]!;
  }

  private isInitial(id: number): boolean {
    return this.event(id).thread < 0;
  }

  private isSameThread(a: number, b: number): boolean {
    return this.event(a).thread === this.event(b).thread;
  }

  private isSameLocation(a: number, b: number): boolean {
    const location = this.event(a).location;
    return location !== null && location === this.event(b).location;
  }

  private isSameNode(a: number, b: number): boolean {
    const node = this.grouping.nodeOf.get(a);
    return node !== undefined && node === this.grouping.nodeOf.get(b);
  }

  private isLock(id: number): boolean {
    return this.grouping.nodeOf.get(id)?.kind === 'lock';
  }

  private isFenceNode(id: number): boolean {
    return this.grouping.nodeOf.get(id)?.kind === 'fence' && this.event(id).kind !== 'fence';
  }
}

/** Added relations that look as they do in every picture. */
const plainKinds: ReadonlyMap<string, EdgeKind> = new Map(
  (['po', 'rf', 'co', 'fr', 'addr', 'data', 'ctrl', 'rmw'] as const).map((kind) => [kind, kind]),
);

function plainEdge(from: number, to: number, kind: EdgeKind): EventEdge {
  const fact = { relation: kind, from, to, cycleEdge: null };
  return { from, to, kind, label: kind, fact, highlighted: false };
}
