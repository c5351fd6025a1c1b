/**
 * The naive enumerator for models that make choices (`with x from S`): each candidate once with each element of each domain.
 *
 * Beside reference.ts, which lists the candidates; short and obviously right for the same reason. A model that makes its own coherence
 * order is given candidates without one: what it calls `co` once all is chosen says how locations end.
 */
import { childrenOf } from '../model/children.js';
import type { CompiledModel } from '../model/dag.js';
import { evaluateModel } from '../model/evaluate.js';
import { reachable } from '../model/prune.js';
import type { Value } from '../program/value.js';
import type { Bits, Relation } from '../relation/relation.js';
import { type Execution, environmentOf } from '../search/execution.js';

/**
 * What is listed of coherence: every order; nothing, for models that make it; or only the last write of each location that is asked
 * about, for models that make the rest from it (`FW`, `co0`).
 */
export type Ordering = 'all' | 'none' | 'last';

export function orderingFor(model: CompiledModel): Ordering {
  if (model.coherence === null) return 'all';
  const used = reachable(model, [
    ...[...model.checks, ...model.choices].map(({ node }) => node),
    model.coherence,
  ]);
  const asksLast = [...used]
    .map((id) => model.nodes[id]!)
    .some((node) => node.op === 'base' && (node.name === 'FW' || node.name === 'co0'));
  return asksLast ? 'last' : 'none';
}

/** A candidate with everything chosen that the model chooses: all ways, in the order of the domains. */
export function* withEveryChoice(model: CompiledModel, candidate: Execution): Generator<Execution> {
  const { n } = environmentOf(candidate);
  const onlyValues = { ...model, checks: [] };
  function* choose(chosen: readonly Bits[]): Generator<Execution> {
    const { value } = evaluateModel(onlyValues, environmentOf({ ...candidate, chosen }));
    const choice = model.choices[chosen.length];
    if (choice !== undefined) {
      const inputs = childrenOf(model.nodes[choice.node]!).map(value);
      for (const element of choice.domain(inputs, n)) yield* choose([...chosen, element]);
    } else if (model.coherence === null) yield { ...candidate, chosen };
    else {
      const co = value(model.coherence) as Relation;
      const finals = orderingFor(model) === 'none' ? finalsUnder(co, candidate) : candidate.finals;
      yield { ...candidate, chosen, finals, base: new Map(candidate.base).set('co', co) };
    }
  }
  yield* choose([]);
}

/** A location ends with the first of its writes that none of them follows. */
function finalsUnder(co: Relation, { program, events, sets, finals }: Execution): readonly Value[] {
  return program.observed.map((observed, index) => {
    if (observed.kind === 'register') return finals[index]!;
    const writes = events.filter(
      ({ id, location }) => sets.get('W')!.has(id) && location === observed.location,
    );
    const last = writes.find(({ id }) => !writes.some((other) => co.has(id, other.id)));
    return last?.value ?? observed.location.initial;
  });
}
