/**
 * The relations of an execution by name: those that the model defines, and those that it starts from.
 *
 * A model's definition hides what it is called after (`let addr = carry-dep; addr`), as within the model itself.
 */
import { evaluateExecution } from '../explain/refused-execution.js';
import type { CompiledModel } from '../model/dag.js';
import { commonRelations, DIFFERENT_VALUE, KNOWN_ORDER } from '../program/vocabulary.js';
import { compose, inverse, isSubset, transitiveClosure } from '../relation/operators.js';
import { Relation } from '../relation/relation.js';
import type { Execution } from '../search/execution.js';

/** Facts that every execution has and no cat model can name. */
const inner: readonly string[] = [DIFFERENT_VALUE, KNOWN_ORDER];

/** `fr` is what every picture shows, whether the model defines it or not. */
const predefined: readonly string[] = [...commonRelations.filter((name) => !inner.includes(name)), 'fr'];

/** Names of relations: the model's own in source order, then the predefined. */
export function relationNames(model: CompiledModel): string[] {
  return [...new Set([...namesOf(model, 'relation'), ...predefined])];
}

export function setNames(model: CompiledModel): string[] {
  return namesOf(model, 'set');
}

export function isRelationName(name: string, model: CompiledModel): boolean {
  return relationNames(model).includes(name);
}

function namesOf(model: CompiledModel, type: 'set' | 'relation'): string[] {
  return [...model.names].filter(([, node]) => model.nodes[node]?.type === type).map(([name]) => name);
}

/** What the names stand for in this execution; names that the model does not have are left out. Evaluates the model once. */
export function namedRelations(
  names: readonly string[],
  execution: Execution,
  model: CompiledModel,
): ReadonlyMap<string, Relation> {
  const found = new Map<string, Relation>();
  const known = names.filter((name) => isRelationName(name, model));
  if (known.length === 0) return found;
  const evaluation = evaluateExecution(execution, model);
  for (const name of known) {
    const node = model.names.get(name);
    const value = node === undefined ? predefinedRelation(name, execution) : evaluation.value(node);
    if (value instanceof Relation) found.set(name, value);
  }
  return found;
}

function predefinedRelation(name: string, { base, events }: Execution): Relation {
  const relation = (key: string): Relation => base.get(key) ?? new Relation(events.length);
  return name === 'fr' ? compose(inverse(relation('rf')), relation('co')) : relation(name);
}

/**
 * The relation without what transitivity adds: if `r` is transitive, a smallest subset with the same transitive closure (the
 * only one if `r` is acyclic); else `r`. Reflexive pairs are dropped. O(pairs^2) in the worst case.
 *
 * Where there is a choice, because of a cycle, `preferred` pairs are kept.
 */
export function withoutImplied(r: Relation, preferred: Relation): Relation {
  const left = r.copy();
  const pairs = r.pairs();
  for (const [from, to] of pairs) if (from === to) left.remove(from, to);
  if (!isSubset(compose(r, r), r)) return left;
  const order = pairs
    .filter(([from, to]) => from !== to)
    .sort(([a, b], [c, d]) => Number(preferred.has(a, b)) - Number(preferred.has(c, d)));
  for (const [from, to] of order) {
    left.remove(from, to);
    if (!transitiveClosure(left).has(from, to)) left.add(from, to);
  }
  return left;
}
