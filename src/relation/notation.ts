/**
 * A text notation for sets and relations, for tests and reproducers: `0>1 1>2 / 4` is {(0,1), (1,2)} over 4 events,
 * `0 2 / 4` is the set {0, 2}. Chains abbreviate: `0>1>2` is `0>1 1>2`. What stands before the slash may be empty.
 *
 * Test support: nothing in the pipeline depends on it.
 */
import { EventSet, Relation } from './relation.js';

function split(text: string): { readonly items: readonly string[]; readonly n: number } {
  const match = /^([^/]*)\/\s*(\d+)\s*$/.exec(text);
  if (match === null) throw new Error(`expected "items / size": ${text}`);
  const items = match[1]!.split(/\s+/).filter((item) => item !== '');
  return { items, n: Number(match[2]) };
}

function event(text: string, n: number): number {
  if (!/^\d+$/.test(text) || Number(text) >= n) throw new Error(`not an event below ${n}: "${text}"`);
  return Number(text);
}

/** Reads `0>1 1>2 / 4`; throws an Error on anything else, and on events that are not below the size. */
export function parseRelation(text: string): Relation {
  const { items, n } = split(text);
  const relation = new Relation(n);
  for (const item of items) {
    const chain = item.split('>').map((part) => event(part, n));
    if (chain.length < 2) throw new Error(`not a pair: "${item}"`);
    for (let i = 1; i < chain.length; i++) relation.add(chain[i - 1]!, chain[i]!);
  }
  return relation;
}

/** Reads `0 2 / 4`; throws like parseRelation. */
export function parseSet(text: string): EventSet {
  const { items, n } = split(text);
  return EventSet.of(
    n,
    items.map((item) => event(item, n)),
  );
}

/** The normal form: pairs or members ascending, no chains. */
export function show(value: Relation | EventSet): string {
  const items =
    value instanceof Relation
      ? value.pairs().map(([from, to]) => `${from}>${to}`)
      : value.members().map(String);
  return `${items.map((item) => `${item} `).join('')}/ ${value.n}`;
}
