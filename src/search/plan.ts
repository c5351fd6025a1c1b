/**
 * The static view of a compiled model for the search: each node's stratum, and what the model is recognised to demand.
 *
 * Strata: 0 = fixed with the traces (program order, dependencies, fences, tags; `loc` if all addresses are constants),
 * 1 = fixed with reads-from, 2 = fixed with coherence (or with the last writes, for a model that makes coherence itself),
 * 3 + k = fixed with the model's own choice k. A node is as late as its latest operand.
 */
import { childrenOf } from '../model/children.js';
import type { CompiledModel, NodeId } from '../model/dag.js';
import { DIFFERENT_VALUE, FINAL_WRITES, KNOWN_ORDER } from '../program/vocabulary.js';
import { dependenciesOnlyForbid } from './dependency-polarity.js';
import { nothingRecognised, type Recognised, recognise } from './recognise.js';
import type { Techniques } from './techniques.js';

export type Stratum = number;

/** The stratum of the first choice. */
export const FIRST_CHOICE = 3;

export interface Plan {
  readonly model: CompiledModel;
  readonly recognised: Recognised;
  /** Predefined names that the model uses. */
  readonly uses: { readonly finalWrites: boolean; readonly values: boolean };
  /** By node, for programs whose addresses are all constants, and for the others. */
  readonly strata: { readonly resolved: readonly Stratum[]; readonly open: readonly Stratum[] };
  /**
   * Nodes that only grow when threads go on: a check that such a node violates in an execution that is begun is violated by
   * all its continuations.
   */
  readonly persistent: ReadonlySet<NodeId>;
  /** Whether fewer dependencies never forbid more. */
  readonly dependenciesOnlyForbid: boolean;
  /** Nodes in an order in which operands come first (recursive nodes after the bodies of their group). */
  readonly order: readonly NodeId[];
  /** By recursion group: the nodes of its bodies that refer to it, in evaluation order. */
  readonly groupBodies: readonly (readonly NodeId[])[];
  /** By node: its operands. */
  readonly children: readonly (readonly NodeId[])[];
  /** By recursion group: the nodes of its members. */
  readonly members: readonly (readonly NodeId[])[];
  /** By recursion group: whether its bodies are monotone in its variables, and no other recursion depends on these. */
  readonly isMonotoneGroup: readonly boolean[];
  /** All nodes of groupBodies: their values make sense only while their group is iterated. */
  readonly insideRecursion: ReadonlySet<NodeId>;
}

/** Post-order over everything that the checks, the choices and the final states need. */
function evaluationOrder(model: CompiledModel): NodeId[] {
  const order: NodeId[] = [];
  const seen = new Set<NodeId>();
  const visit = (id: NodeId): void => {
    if (seen.has(id)) return;
    seen.add(id);
    const node = model.nodes[id]!;
    if (node.op === 'recursive') for (const body of model.groups[node.group]!.bodies) visit(body);
    for (const operand of childrenOf(node)) visit(operand);
    order.push(id);
  };
  for (const { node } of [...model.checks, ...model.choices]) visit(node);
  if (model.coherence !== null) visit(model.coherence);
  return order;
}

/** By node: the groups whose variables it depends on from inside their recursion. */
function openGroups(model: CompiledModel, order: readonly NodeId[]): Map<NodeId, Set<number>> {
  const open = new Map<NodeId, Set<number>>();
  for (const id of order) {
    const node = model.nodes[id]!;
    const groups = new Set<number>();
    if (node.op === 'variable') groups.add(node.group);
    if (node.op === 'recursive') {
      for (const body of model.groups[node.group]!.bodies)
        for (const g of open.get(body) ?? []) groups.add(g);
      groups.delete(node.group);
    }
    for (const operand of childrenOf(node)) for (const g of open.get(operand) ?? []) groups.add(g);
    open.set(id, groups);
  }
  return open;
}

/** The strata of the predefined names that are not fixed with the traces. */
export function stratumOfBase(name: string, locStratum: Stratum): Stratum {
  if (name === 'co' || name === FINAL_WRITES || name === KNOWN_ORDER) return 2;
  if (name === 'rf' || name === DIFFERENT_VALUE) return 1;
  return name === 'loc' ? locStratum : 0;
}

function computeStrata(model: CompiledModel, order: readonly NodeId[], locStratum: Stratum): Stratum[] {
  const strata: Stratum[] = model.nodes.map(() => 0);
  const groupStratum: Stratum[] = model.groups.map(() => 0);
  for (let changed = true; changed; ) {
    changed = false;
    for (const id of order) {
      const node = model.nodes[id]!;
      let stratum: Stratum = node.op === 'base' ? stratumOfBase(node.name, locStratum) : 0;
      if (node.op === 'choice') stratum = FIRST_CHOICE + node.choice;
      if (node.op === 'variable' || node.op === 'recursive') stratum = groupStratum[node.group]!;
      for (const operand of childrenOf(node)) stratum = Math.max(stratum, strata[operand]!);
      if (stratum !== strata[id]) {
        strata[id] = stratum;
        changed = true;
      }
    }
    model.groups.forEach((group, index) => {
      const stratum = Math.max(...group.bodies.map((body) => strata[body]!));
      if (stratum !== groupStratum[index]) {
        groupStratum[index] = stratum;
        changed = true;
      }
    });
  }
  return strata;
}

/** Predefined names that more events of a thread may change between the events that are there. */
const ofWhole: ReadonlySet<string> = new Set([FINAL_WRITES, KNOWN_ORDER]);

/**
 * Continuing threads leaves the base relations between the events that are there as they are (all but the set RMW), so whatever
 * is made of them pair by pair is stable; compositions and closures may grow by paths through new events. Growth shrinks
 * what subtracts it.
 */
function persistentNodes(model: CompiledModel, order: readonly NodeId[]): Set<NodeId> {
  const stable = new Set<NodeId>();
  const growing = new Set<NodeId>();
  for (const id of order) {
    const node = model.nodes[id]!;
    const operands = childrenOf(node);
    const isOfWhole =
      node.op === 'choice' || node.op === 'computed' || (node.op === 'base' && ofWhole.has(node.name));
    if (isOfWhole) continue;
    // a load-exclusive joins RMW when its store is there
    if (node.op === 'base' && node.name === 'RMW') {
      growing.add(id);
      continue;
    }
    const throughEvents = ['compose', 'plus', 'star', 'domain', 'range', 'variable', 'recursive'].includes(
      node.op,
    );
    if (!throughEvents && operands.every((operand) => stable.has(operand))) stable.add(id);
    const grows =
      node.op === 'complement'
        ? stable.has(node.operand)
        : node.op === 'difference'
          ? growing.has(node.left) && stable.has(node.right)
          : node.op === 'recursive'
            ? model.groups[node.group]!.bodies.every((body) => growing.has(body))
            : operands.every((operand) => growing.has(operand));
    if (grows) growing.add(id);
  }
  return growing;
}

export function membersOf(model: CompiledModel): NodeId[][] {
  const members: NodeId[][] = model.groups.map(() => []);
  for (const [id, node] of model.nodes.entries()) if (node.op === 'recursive') members[node.group]!.push(id);
  return members;
}

function isMonotoneGroup(model: CompiledModel, inside: readonly NodeId[]): boolean {
  const open = new Set(inside);
  return inside.every((id) => {
    const node = model.nodes[id]!;
    if (node.op === 'complement' || node.op === 'computed' || node.op === 'choice') return false;
    if (node.op === 'difference') return !open.has(node.right);
    return node.op !== 'recursive';
  });
}

/** To be called once for a model: `planFor` (plan-for.ts) keeps what it made. */
export function makePlan(model: CompiledModel): Plan {
  const order = evaluationOrder(model);
  const open = openGroups(model, order);
  const openStrata = computeStrata(model, order, 1);
  const groupBodies = model.groups.map((_, group) => order.filter((id) => open.get(id)!.has(group)));
  const used = new Set(
    order.map((id) => model.nodes[id]!).map((node) => (node.op === 'base' ? node.name : '')),
  );
  return {
    model,
    recognised: recognise(model),
    uses: {
      finalWrites: used.has(FINAL_WRITES) || used.has(KNOWN_ORDER),
      values: used.has(DIFFERENT_VALUE),
    },
    strata: { resolved: computeStrata(model, order, 0), open: openStrata },
    persistent: persistentNodes(model, order),
    dependenciesOnlyForbid: dependenciesOnlyForbid(model, order),
    order,
    groupBodies,
    children: model.nodes.map(childrenOf),
    members: membersOf(model),
    isMonotoneGroup: groupBodies.map((inside) => isMonotoneGroup(model, inside)),
    insideRecursion: new Set(groupBodies.flat()),
  };
}

/** The plan as a search with these techniques may use it. */
export function planWith(plan: Plan, { coherence }: Pick<Techniques, 'coherence'>): Plan {
  return coherence ? plan : { ...plan, recognised: nothingRecognised };
}
