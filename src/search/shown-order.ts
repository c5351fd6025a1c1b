/**
 * An order on events that a model demands, shown by executions of a few events (fragments): for kept-dependencies.ts.
 *
 * Sound: the order is that of a mandatory check for cycles, without what may shrink when there are more events (Plan.persistent has what
 * only grows). So what it has of a fragment it has in every execution with these events, and a cycle of such pairs is a cycle of
 * the check's relation.
 */
import { childrenOf } from '../model/children.js';
import type { CompiledModel, Node, NodeId } from '../model/dag.js';
import { evaluateModel } from '../model/evaluate.js';
import type { Program } from '../program/ir.js';
import { DIFFERENT_VALUE } from '../program/vocabulary.js';
import { transitiveClosure } from '../relation/operators.js';
import { Relation } from '../relation/relation.js';
import type { Trace } from '../unfold/trace.js';
import type { Plan } from './plan.js';
import { baseRelations, baseSets, buildSkeleton, type Skeleton, staticLocation } from './skeleton.js';

/** One of the events of a fragment: the place of its trace there, and its own in that. */
export type Place = readonly [trace: number, event: number];

/** Events of a thread or two, of which `from` is to be before `to`. */
export interface Fragment {
  readonly traces: readonly Trace[];
  readonly from: Place;
  readonly to: Place;
  /** The source of one of the reads; null: none is known. */
  readonly readFrom: { readonly read: Place; readonly write: Place | 'initial' } | null;
}

/** With less in an operand, there is less in these; nothing, if need be. */
const monotone: ReadonlySet<Node['op']> = new Set([
  'union',
  'intersection',
  'compose',
  'product',
  'inverse',
  'plus',
  'star',
  'optional',
  'identity',
  'domain',
  'range',
  'variable',
  'recursive',
]);

export class ShownOrder {
  /** The checks that have all that was asked for. */
  private checks: readonly NodeId[];
  private readonly known = new Map<string, readonly NodeId[]>();
  private readonly model: CompiledModel;

  /** For a coherent model. */
  constructor(
    private readonly program: Program,
    private readonly plan: Plan,
  ) {
    this.checks = plan.model.checks.flatMap(({ kind, flag, negated, node }) => {
      const isForCycles = kind === 'acyclic' || (kind === 'irreflexive' && this.isTransitive(node));
      return isForCycles && !flag && !negated && !this.asksForValues(node, new Set()) ? [node] : [];
    });
    const { nodes } = plan.model;
    const growing = nodes.map((node, id): Node => {
      const isPart = plan.persistent.has(id) || monotone.has(node.op);
      return isPart ? node : { op: 'empty', type: node.type };
    });
    // only what is asked for can be evaluated: nothing is chosen for the model's choices
    this.model = { ...plan.model, nodes: growing, checks: [] };
  }

  /** A closure, or `let rec r = ... | r ; r`. */
  private isTransitive(id: NodeId): boolean {
    const { nodes, groups } = this.plan.model;
    const node = nodes[id]!;
    if (node.op !== 'recursive') return node.op === 'plus';
    const isSelf = (part: NodeId): boolean => {
      const of = nodes[part]!;
      return of.op === 'variable' && of.group === node.group && of.index === node.index;
    };
    const composesSelf = (part: NodeId): boolean => {
      const of = nodes[part]!;
      if (of.op === 'union') return composesSelf(of.left) || composesSelf(of.right);
      return of.op === 'compose' && isSelf(of.left) && isSelf(of.right);
    };
    return composesSelf(groups[node.group]!.bodies[node.index]!);
  }

  /** Values are no part of a fragment. */
  private asksForValues(id: NodeId, seen: Set<NodeId>): boolean {
    if (seen.has(id)) return false;
    seen.add(id);
    const { nodes, groups } = this.plan.model;
    const node = nodes[id]!;
    if (node.op === 'base') return node.name === DIFFERENT_VALUE;
    const parts = node.op === 'recursive' ? groups[node.group]!.bodies : childrenOf(node);
    return parts.some((part) => this.asksForValues(part, seen));
  }

  /** Whether one check has what this call and all before ask for: in one of the ways, the pair of each of its fragments. */
  has(ways: readonly (readonly Fragment[])[]): boolean {
    const having = new Set<NodeId>();
    for (const fragments of ways) {
      if (having.size === this.checks.length) break;
      const found = fragments.map((fragment) => this.checksWith(fragment));
      for (const node of this.checks) if (found.every((nodes) => nodes.includes(node))) having.add(node);
    }
    this.checks = this.checks.filter((node) => having.has(node));
    return this.checks.length > 0;
  }

  private checksWith(fragment: Fragment): readonly NodeId[] {
    const key = keyOf(fragment);
    let found = this.known.get(key);
    if (found === undefined) {
      found = this.evaluate(fragment);
      this.known.set(key, found);
    }
    return found;
  }

  private evaluate({ traces, from, to, readFrom }: Fragment): readonly NodeId[] {
    const skeleton = buildSkeleton(this.program, traces);
    if ('fault' in skeleton || !skeleton.resolved) return [];
    const { n, offset, location, initialWriteOf } = skeleton;
    const at = ([trace, event]: Place): number => offset[traces[trace]!.thread]! + event;
    const rf = new Relation(n);
    if (readFrom !== null) {
      const [read, { write }] = [at(readFrom.read), readFrom];
      rf.add(write === 'initial' ? initialWriteOf.get(location[read]!)! : at(write), read);
    }
    const relations = baseRelations(skeleton).set('rf', rf).set('co', certainOrder(skeleton, rf));
    const { value } = evaluateModel(this.model, { n, sets: baseSets(skeleton), relations });
    return this.checks.filter((node) => transitiveClosure(value(node) as Relation).has(at(from), at(to)));
  }
}

/** Initial writes come first, then those of each thread in its order, with what it has read from before it writes. */
function certainOrder({ n, inits, writes, reads, thread, location }: Skeleton, rf: Relation): Relation {
  const co = new Relation(n);
  for (const a of writes)
    for (const b of writes) {
      if (a === b || b < inits || location[a] !== location[b]) continue;
      const isRead = reads.some((read) => rf.has(a, read) && read < b && thread[read] === thread[b]);
      if (a < inits || isRead || (a < b && thread[a] === thread[b])) co.add(a, b);
    }
  return co;
}

/** All that a model sees of a fragment. */
function keyOf({ traces, from, to, readFrom }: Fragment): string {
  const shown = traces.map(({ events, addr, data, ctrl, pickAddr, pickData, pickCtrl, ...trace }) => [
    events.map(({ kind, address, type, tags, beside }) => {
      const at = address === null ? null : staticLocation(address, type);
      return [kind, at, tags.join(), beside];
    }),
    [addr, data, ctrl, pickAddr, pickData, pickCtrl, trace.amo, trace.lxsx, trace.scaClass],
  ]);
  return JSON.stringify([shown, from, to, readFrom]);
}
