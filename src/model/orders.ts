/**
 * Linear extensions, products of choices and partitions: the cat operations that enumerate.
 *
 * Source: the diy manual, chapter "The cat language", on `linearisations`, `classes` and `classes-loc`.
 */
import { compose, identityOn, isAcyclic } from '../relation/operators.js';
import { EventSet, Relation } from '../relation/relation.js';
import { ModelEvaluationError } from './evaluation-error.js';

/** The most elements of a set that is enumerated. */
export const maxChoices = 1_000_000;

/** Throws if an enumeration grows beyond `maxChoices`. `what` names it: `the linear extensions of 9 events`. */
export function checkChoices(count: number, what: string): void {
  if (count > maxChoices) throw new ModelEvaluationError(`${what} are more than ${maxChoices}`);
}

/**
 * All strict total orders on `members` that contain the pairs of `order` between members, in lexicographic order of their
 * sequences; none if these pairs have a cycle. Pairs that leave `members` do not count.
 */
export function linearExtensions(members: EventSet, order: Relation): Relation[] {
  const inside = identityOn(members);
  if (!isAcyclic(compose(compose(inside, order), inside))) return [];
  const events = members.members();
  const before = events.map((event) => events.filter((other) => order.has(other, event)));
  const found: Relation[] = [];
  const placed = new EventSet(members.n);
  const sequence: number[] = [];
  const extend = (): void => {
    if (sequence.length === events.length) {
      found.push(totalOrder(sequence, members.n));
      checkChoices(found.length, `the linear extensions of ${events.length} events`);
      return;
    }
    events.forEach((event, i) => {
      if (placed.has(event) || !before[i]!.every((other) => placed.has(other))) return;
      placed.add(event);
      sequence.push(event);
      extend();
      sequence.pop();
      placed.bits[event >> 5]! &= ~(1 << (event & 31));
    });
  };
  extend();
  return found;
}

/** { (a, b) | a stands before b in the sequence }. */
function totalOrder(sequence: readonly number[], n: number): Relation {
  const relation = new Relation(n);
  const { words, bits } = relation;
  const after = new EventSet(n);
  for (let i = sequence.length - 1; i >= 0; i--) {
    const event = sequence[i]!;
    for (let k = 0; k < words; k++) bits[event * words + k] = after.bits[k]!;
    after.add(event);
  }
  return relation;
}

/** The unions of one element of each list: all of them, with repetitions where unions coincide. `zero` is the union of none. */
export function unionsOfChoices<T extends EventSet | Relation>(
  lists: readonly (readonly T[])[],
  zero: T,
  union: (a: T, b: T) => T,
): readonly T[] {
  if (lists.some((list) => list.length === 0)) return [];
  checkChoices(
    lists.reduce((count, list) => count * list.length, 1),
    `the combinations of one element of each of ${lists.length} sets`,
  );
  return lists.reduce<readonly T[]>(
    (unions, list) => unions.flatMap((a) => list.map((b) => union(a, b))),
    [zero],
  );
}

/** The classes of an equivalence relation on the events that it relates, by smallest member; of another relation, its components. */
export function classesOf(relation: Relation): EventSet[] {
  const { n } = relation;
  const leader = Array.from({ length: n }, (_, event) => event);
  const find = (event: number): number => {
    let at = event;
    while (leader[at] !== at) at = leader[at]!;
    return at;
  };
  const related = new EventSet(n);
  for (const [a, b] of relation.pairs()) {
    related.add(a);
    related.add(b);
    const [x, y] = [find(a), find(b)];
    leader[Math.max(x, y)] = Math.min(x, y);
  }
  const classes = new Map<number, EventSet>();
  for (const event of related.members()) {
    const first = find(event);
    const known = classes.get(first) ?? new EventSet(n);
    known.add(event);
    classes.set(first, known);
  }
  return [...classes.values()];
}

/** The parts of a set by location; events without a location are in none. `sameLocation` is the relation `loc`. */
export function classesByLocation(set: EventSet, sameLocation: Relation): EventSet[] {
  const among = new Relation(set.n);
  for (const event of set.members())
    for (const other of sameLocation.successors(event)) if (set.has(other)) among.add(event, other);
  return classesOf(among);
}
