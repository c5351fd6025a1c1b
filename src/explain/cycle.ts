/**
 * What a violated check looks like to a reader: few, named edges between memory events.
 *
 * Program order up to a fence and from it on is one edge with the fence's name; program order that the model asks for
 * because of an acquire, a release or a lock carries that word. Source of the words: the tags of `program/vocabulary.ts`.
 */
import { dependencies } from '../program/vocabulary.js';
import type { Execution, ExecutionEvent } from '../search/execution.js';
import { invariant } from '../text/diagnostic.js';
import type { Derivation } from './derive.js';
import type { Step } from './flatten.js';

/** What relates two events: program order, a fence between them, who reads from whom, a dependency. */
export type EdgeKind =
  | 'po'
  | 'fence'
  | 'rf'
  | 'co'
  | 'fr'
  | 'addr'
  | 'data'
  | 'ctrl'
  | 'pick-addr'
  | 'pick-data'
  | 'pick-ctrl'
  | 'rmw'
  /** Two accesses of a pair that are one single-copy atomic access. */
  | 'sca'
  /** From the lock to the unlock of an RCU or SRCU section. */
  | 'section'
  /** Not a fact: a product, an absence; the label says which. */
  | 'other';

export interface CycleEdge {
  readonly from: number;
  readonly to: number;
  readonly kind: EdgeKind;
  /** `rf`, `smp_wmb`, `acquire`, `po-loc`. */
  readonly label: string;
  /** The fence between the two events, or null. */
  readonly via: number | null;
  /** The fact is the pair (to, from): `rf^-1`. */
  readonly reversed: boolean;
  /** The label is the model's name for it (or for what it is not), and may be any word; else a fact's name, or a word of ours. */
  readonly named?: true;
}

/**
 * Why a check fails.
 *  cycle   the edges lead from an event back to itself
 *  pair    the edges are all the paths from one event to another that may not both be (`empty rmw & (fre; coe)`)
 *  event   an event is in a set that must be empty
 *  absence a relation (or cycle) that must exist does not
 */
export interface Cycle {
  readonly shape: 'cycle' | 'pair' | 'event' | 'absence';
  /** The name of the check. */
  readonly axiom: string;
  /** The events that the edges touch (without the fences between), in order. */
  readonly events: readonly number[];
  readonly edges: readonly CycleEdge[];
  /** The unabridged argument. */
  readonly derivations: readonly Derivation[];
}

const kinds: ReadonlyMap<string, EdgeKind> = new Map<string, EdgeKind>([
  ['po', 'po'],
  ['rf', 'rf'],
  ['co', 'co'],
  ['fr', 'fr'],
  ['addr', 'addr'],
  ['data', 'data'],
  ['ctrl', 'ctrl'],
  ['pick-addr', 'pick-addr'],
  ['pick-data', 'pick-data'],
  ['pick-ctrl', 'pick-ctrl'],
  ['rmw', 'rmw'],
  ['amo', 'rmw'],
  ['lxsx', 'rmw'],
  ['sca-class', 'sca'],
  ['rcu-section', 'section'],
  ['srcu-section', 'section'],
  ['rcu-rscs', 'section'],
  ['srcu-rscs', 'section'],
]);

const dependencyKinds: ReadonlySet<EdgeKind> = new Set<EdgeKind>(dependencies);

/** What a tag says about the program order that follows (or precedes) the access. */
const orderAfter: ReadonlyMap<string, string> = new Map([
  ['LKR', 'lock'],
  ['LKW', 'lock'],
  ['Acquire', 'acquire'],
  ['A', 'acquire'],
  ['Q', 'acquire-pc'],
]);
const orderBefore: ReadonlyMap<string, string> = new Map([
  ['UL', 'unlock'],
  ['Release', 'release'],
  ['L', 'release'],
]);
const orderEither: ReadonlyMap<string, string> = new Map([
  ['X', 'locked'],
  ['RMW', 'atomic'],
]);

/** Whether an access carries a tag that keeps program order on one of its sides: acquire, release, a lock, a full atomic. */
export function isOrdering({ kind, tags }: ExecutionEvent): boolean {
  return (
    kind !== 'fence' &&
    tags.some((tag) => tag === 'Mb' || [orderAfter, orderBefore, orderEither].some((table) => table.has(tag)))
  );
}

/** Kernel primitives that are nothing but a fence, however they are compiled. */
const fencePrimitive =
  /^(smp_|dma_|io_)?(mb|rmb|wmb)(__\w+)?$|^smp_acquire__after_ctrl_dep$|^barrier$|^atomic_thread_fence$/;

/** An event that stands for a fence: a fence, or a locked instruction that a fence was compiled to. */
export function isFence(event: ExecutionEvent): boolean {
  if (event.kind === 'fence') return true;
  return event.source?.primitive != null && fencePrimitive.test(event.source.primitive);
}

/** Whether the statement that a fence comes from also accesses memory (`smp_store_mb`, `xchg`). */
export function isPartOfAccess(fence: ExecutionEvent, execution: Execution): boolean {
  const source = fence.source;
  if (source === null || fence.kind !== 'fence') return false;
  return execution.events.some(
    (e) =>
      e.kind !== 'fence' &&
      e.thread === fence.thread &&
      e.source?.text === source.text &&
      e.source.span.start === source.span.start,
  );
}

/** `smp_wmb`, `smp_wmb (dmb ishst)`, `DMB ISHST`, `xchg (Mb)`. */
export function fenceName(fence: ExecutionEvent, execution: Execution): string {
  const tag = fence.tags[0] ?? 'fence';
  const source = fence.source;
  if (source === null) return tag;
  const base = source.primitive ?? source.text;
  if (source.instruction !== null) return `${base} (${source.instruction})`;
  return isPartOfAccess(fence, execution) ? `${base} (${tag})` : base;
}

export function eventAt(execution: Execution, id: number): ExecutionEvent {
  const event = execution.events[id];
  invariant(event !== undefined, `no event ${id}`);
  return event;
}

/** The edges of a path of steps; `closed` joins the last step with the first. */
export function edgesOf(steps: readonly Step[], closed: boolean, execution: Execution): CycleEdge[] {
  let edges = steps.map((step) => edgeOf(step, execution));
  for (let at = 0; at < edges.length - (closed ? 0 : 1) && edges.length > 1; ) {
    const next = (at + 1) % edges.length;
    const joined = join(edges[at]!, edges[next]!, execution);
    if (joined === null) at++;
    else if (next > 0) edges = [...edges.slice(0, at), joined, ...edges.slice(next + 1)];
    else {
      edges = [joined, ...edges.slice(1, at)];
      at = 0;
    }
  }
  return edges;
}

/** The edge that a pair of a base relation is. */
export function edgeOfFact(fact: string, from: number, to: number): CycleEdge {
  return { from, to, kind: kinds.get(fact) ?? 'other', label: fact, via: null, reversed: false };
}

function edgeOf(step: Step, execution: Execution): CycleEdge {
  const { from, to, fact, reversed } = step;
  const kind = fact === null ? 'other' : (kinds.get(fact) ?? 'other');
  const word = fact === 'po' ? orderWord(step, execution) : fact;
  const label = word ?? step.why ?? fact ?? 'other';
  const named = word === null && step.why !== null ? { named: true as const } : {};
  return { from, to, kind, label: reversed ? `${label}^-1` : label, via: null, reversed, ...named };
}

/** Why a model keeps program order, from the tags that it tested; null if it tested none that says. */
function orderWord(step: Step, execution: Execution): string | null {
  const words = new Set<string>();
  const look = (table: ReadonlyMap<string, string>, sets: readonly string[], id: number): void => {
    const event = eventAt(execution, id);
    if (isFence(event)) return;
    for (const name of sets) {
      const word = table.get(name);
      if (word !== undefined && execution.sets.get(name)?.has(id)) words.add(word);
    }
  };
  look(orderAfter, step.fromSets, step.from);
  look(orderBefore, step.toSets, step.to);
  if (words.size === 0) {
    // what gives back is before what takes later; either alone says nothing of this order
    look(orderBefore, step.fromSets, step.from);
    const isGiven = words.size > 0;
    look(orderAfter, step.toSets, step.to);
    if (!isGiven || words.size < 2) words.clear();
  }
  if (words.size === 0) {
    look(orderEither, step.fromSets, step.from);
    look(orderEither, step.toSets, step.to);
  }
  return words.size === 0 ? null : [...words].join('-');
}

/** Two edges that read better as one: order up to a fence and from it on; plain program order twice. */
function join(first: CycleEdge, second: CycleEdge, execution: Execution): CycleEdge | null {
  if (first.to !== second.from || second.kind !== 'po' || first.reversed || second.reversed) return null;
  if (first.from === second.to) return null;
  const middle = eventAt(execution, first.to);
  const { from } = first;
  const { to } = second;
  if (isFence(middle)) {
    const fence = fenceName(middle, execution);
    const via = middle.id;
    if (first.kind === 'po') return { from, to, kind: 'fence', label: fence, via, reversed: false };
    if (dependencyKinds.has(first.kind))
      return { from, to, kind: first.kind, label: `${first.label}+${fence}`, via, reversed: false };
    return null;
  }
  const plain = first.kind === 'po' && first.label === 'po' && second.label === 'po';
  return plain ? { from, to, kind: 'po', label: 'po', via: null, reversed: false } : null;
}
