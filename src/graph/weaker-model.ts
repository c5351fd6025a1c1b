/**
 * What a model would allow if it demanded no more than that each location is coherent and each read-modify-write atomic: where the
 * final states come from that an ordering forbids, as opposed to those that no machine could reach.
 *
 * For pictures only: nothing is concluded from the states that are found, but that candidates for them exist.
 */
import type { Check, CompiledModel, Node, NodeId } from '../model/dag.js';
import { recognise } from '../search/recognise.js';

/** The model with these checks alone: those of coherence and atomicity that are recognised, and SC per location. */
export function coherentOnly(model: CompiledModel): CompiledModel {
  const { satisfied } = recognise(model);
  const kept = model.checks.filter((check) => satisfied.has(check));
  const weaker: CompiledModel = { ...model, checks: kept };
  // A model that makes its own coherence order has no predefined one to check.
  if (model.coherence !== null || recognise(weaker).coherent) return weaker;
  const nodes: Node[] = [...model.nodes];
  const add = (node: Node): NodeId => nodes.push(node) - 1;
  const base = (name: string): NodeId => add({ op: 'base', type: 'relation', name });
  const poLoc = add({ op: 'intersection', type: 'relation', left: base('po'), right: base('loc') });
  const [rf, co] = [base('rf'), base('co')];
  const readFrom = add({ op: 'inverse', type: 'relation', operand: rf });
  const fr = add({ op: 'compose', type: 'relation', left: readFrom, right: co });
  const node = [rf, co, fr].reduce(
    (left, right) => add({ op: 'union', type: 'relation', left, right }),
    poLoc,
  );
  const perLocation: Check = {
    kind: 'acyclic',
    negated: false,
    flag: false,
    node,
    name: 'coherence',
    span: null,
  };
  return { ...weaker, nodes, checks: [...kept, perLocation] };
}
