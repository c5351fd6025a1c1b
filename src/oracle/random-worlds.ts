/**
 * Random values of the names that a model uses, each with bounds as a search knows them sooner and later: for tests of what is said
 * of bounds. They are of no program: coherence may have cycles, and every event several sources. But `id` is the identity.
 */
import type { CompiledModel, NodeType } from '../model/dag.js';
import type { Environment } from '../model/evaluate.js';
import { complement, identityOn } from '../relation/operators.js';
import { type Bits, EventSet, Relation } from '../relation/relation.js';

/** Deterministic numbers from 0 to 1 (mulberry32). */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Values of which each is contained in the next: certain at first, certain now, actual, possible now, possible at first. */
export type Chain = readonly [Bits, Bits, Bits, Bits, Bits];

/** About `perEvent` pairs for each event, all within the chain's last value. */
function randomChain(n: number, type: NodeType, perEvent: number, next: () => number): Chain {
  const empty = (): Bits => (type === 'set' ? new EventSet(n) : new Relation(n));
  const chain = [empty(), empty(), empty(), empty(), empty()] as const;
  const addTo = (value: Bits, a: number, b: number): void =>
    value instanceof Relation ? value.add(a, b) : value.add(a);
  const count = type === 'set' ? n / 2 : n * perEvent;
  for (let i = 0; i < count; i++) {
    const [a, b, first] = [Math.floor(next() * n), Math.floor(next() * n), Math.floor(next() * 5)];
    for (const value of chain.slice(first)) addTo(value, a, b);
  }
  return chain;
}

/** What changes under a search; of all else, a chain is five times the same. */
export const dynamicNames: readonly string[] = ['rf', 'co', 'FW', 'co0', 'different-value'];

export interface RandomWorld {
  readonly environment: Environment;
  readonly chainOf: (name: string) => Chain;
}

/** Values for all names that the model uses. */
export function randomWorld(model: CompiledModel, n: number, seed: number): RandomWorld {
  const next = numbersFrom(seed);
  const chains = new Map<string, Chain>();
  const sets = new Map<string, EventSet>();
  const relations = new Map<string, Relation>();
  for (const node of model.nodes) {
    if (node.op !== 'base' || chains.has(node.name)) continue;
    const found = randomChain(n, node.type, node.name === 'po' ? 2 : 0.7, next);
    const [, , random] = found;
    const actual = node.name === 'id' ? identityOn(complement(new EventSet(n))) : random;
    const isFixed = !dynamicNames.includes(node.name);
    chains.set(node.name, isFixed ? [actual, actual, actual, actual, actual] : found);
    if (actual instanceof Relation) relations.set(node.name, actual);
    else sets.set(node.name, actual as EventSet);
  }
  return { environment: { n, sets, relations }, chainOf: (name) => chains.get(name)! };
}
