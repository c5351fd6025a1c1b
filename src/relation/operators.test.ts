import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  events,
  hasPair,
  naiveClosure,
  naiveCompose,
  naiveIsAcyclic,
  type Pair,
  pairsWhere,
  reachable,
} from './naive.js';
import { parseRelation, parseSet, show } from './notation.js';
import * as op from './operators.js';
import { EventSet, Relation } from './relation.js';

/** Around the word boundaries of the one-word and the many-word code. */
const sizes = [0, 1, 2, 5, 31, 32, 33, 63, 64, 65, 97];

/** Sparse and dense relations: closures of either are interesting, for different reasons. */
function pairs(n: number): fc.Arbitrary<Pair[]> {
  if (n === 0) return fc.constant([]);
  const pair = fc.tuple(fc.nat(n - 1), fc.nat(n - 1));
  return fc.oneof(fc.array(pair, { maxLength: n }), fc.array(pair, { maxLength: 4 * n }));
}

function members(n: number): fc.Arbitrary<number[]> {
  return n === 0 ? fc.constant([]) : fc.uniqueArray(fc.nat(n - 1), { maxLength: n });
}

/** Bits at or above n must stay 0: every operator's result must be what its own pairs or members rebuild. */
function expectClean(value: Relation | EventSet): void {
  const rebuilt =
    value instanceof Relation ? Relation.of(value.n, value.pairs()) : EventSet.of(value.n, value.members());
  expect(op.isEqual(value, rebuilt)).toBe(true);
  if (value instanceof Relation) for (const [, to] of value.pairs()) expect(to).toBeLessThan(value.n);
  else for (const member of value.members()) expect(member).toBeLessThan(value.n);
}

function expectPairs(actual: Relation, expected: readonly Pair[]): void {
  expectClean(actual);
  expect(actual.pairs()).toEqual(expected);
}

function check(n: number, property: (a: Pair[], b: Pair[], c: Pair[]) => void): void {
  fc.assert(
    fc.property(pairs(n), pairs(n), pairs(n), (a, b, c) => property(a, b, c)),
    { seed: 2 + n, numRuns: n > 60 ? 5 : 15 },
  );
}

describe.each(sizes)('operators against the naive oracle, n = %i', (n) => {
  test('Boolean operators', () => {
    check(n, (a, b) => {
      const [x, y] = [Relation.of(n, a), Relation.of(n, b)];
      expectPairs(
        op.union(x, y),
        pairsWhere(n, (i, j) => hasPair(a, i, j) || hasPair(b, i, j)),
      );
      expectPairs(
        op.intersection(x, y),
        pairsWhere(n, (i, j) => hasPair(a, i, j) && hasPair(b, i, j)),
      );
      expectPairs(
        op.difference(x, y),
        pairsWhere(n, (i, j) => hasPair(a, i, j) && !hasPair(b, i, j)),
      );
      expectPairs(
        op.complement(x),
        pairsWhere(n, (i, j) => !hasPair(a, i, j)),
      );
      expect(op.isEmpty(x)).toBe(a.length === 0);
      expect(op.isEqual(x, y)).toBe(show(x) === show(y));
      expect(op.isSubset(x, y)).toBe(a.every(([i, j]) => hasPair(b, i, j)));
      expect(op.isSubset(op.intersection(x, y), y)).toBe(true);
    });
  });

  test('compose, inverse, closures', () => {
    check(n, (a, b) => {
      const [x, y] = [Relation.of(n, a), Relation.of(n, b)];
      expectPairs(op.compose(x, y), naiveCompose(n, a, b));
      expectPairs(
        op.inverse(x),
        pairsWhere(n, (i, j) => hasPair(a, j, i)),
      );
      expectPairs(op.transitiveClosure(x), naiveClosure(n, a));
      expectPairs(
        op.reflexive(x),
        pairsWhere(n, (i, j) => i === j || hasPair(a, i, j)),
      );
    });
  });

  test('cycles', () => {
    check(n, (a, b) => {
      // forward pairs alone are acyclic; a few others may close a cycle
      const mostlyForward = [...a.map(([i, j]): Pair => [Math.min(i, j), Math.max(i, j)]), ...b.slice(0, 2)];
      for (const sample of [a, mostlyForward, mostlyForward.filter(([i, j]) => i !== j)]) {
        const relation = Relation.of(n, sample);
        expect(op.isIrreflexive(relation)).toBe(sample.every(([i, j]) => i !== j));
        expect(op.isAcyclic(relation)).toBe(naiveIsAcyclic(n, sample));
        expectShortestCycle(n, sample);
      }
    });
  });

  test('sets', () => {
    fc.assert(
      fc.property(members(n), members(n), pairs(n), (a, b, r) => {
        const [x, y, z] = [EventSet.of(n, a), EventSet.of(n, b), Relation.of(n, r)];
        const expectMembers = (actual: EventSet, keep: (event: number) => boolean): void => {
          expectClean(actual);
          expect(actual.members()).toEqual(events(n).filter(keep));
        };
        expectMembers(op.union(x, y), (i) => a.includes(i) || b.includes(i));
        expectMembers(op.intersection(x, y), (i) => a.includes(i) && b.includes(i));
        expectMembers(op.difference(x, y), (i) => a.includes(i) && !b.includes(i));
        expectMembers(op.complement(x), (i) => !a.includes(i));
        expectMembers(op.domain(z), (i) => r.some(([from]) => from === i));
        expectMembers(op.range(z), (i) => r.some(([, to]) => to === i));
        expectPairs(
          op.product(x, y),
          pairsWhere(n, (i, j) => a.includes(i) && b.includes(j)),
        );
        expectPairs(
          op.identityOn(x),
          pairsWhere(n, (i, j) => i === j && a.includes(i)),
        );
      }),
      { seed: 40 + n, numRuns: 15 },
    );
  });

  test('restrictions are compositions with an identity', () => {
    fc.assert(
      fc.property(members(n), pairs(n), (a, r) => {
        const [set, relation] = [EventSet.of(n, a), Relation.of(n, r)];
        const out = op.complement(new Relation(n));
        op.restrictDomainInto(out, set, relation);
        expectPairs(
          out,
          pairsWhere(n, (i, j) => a.includes(i) && hasPair(r, i, j)),
        );
        op.restrictRangeInto(out, relation, set);
        expectPairs(
          out,
          pairsWhere(n, (i, j) => a.includes(j) && hasPair(r, i, j)),
        );
        const aliased = relation.copy();
        op.restrictDomainInto(aliased, set, aliased);
        expect(show(aliased)).toBe(show(op.compose(op.identityOn(set), relation)));
      }),
      { seed: 60 + n, numRuns: 15 },
    );
  });

  test('algebraic laws', () => {
    const same = (left: Relation, right: Relation): void => expect(show(left)).toBe(show(right));
    check(n, (a, b, c) => {
      const [x, y, z] = [Relation.of(n, a), Relation.of(n, b), Relation.of(n, c)];
      const plus = op.transitiveClosure(x);
      same(op.compose(op.compose(x, y), z), op.compose(x, op.compose(y, z)));
      same(op.compose(x, op.union(y, z)), op.union(op.compose(x, y), op.compose(x, z)));
      same(op.inverse(op.compose(x, y)), op.compose(op.inverse(y), op.inverse(x)));
      same(op.inverse(op.inverse(x)), x);
      same(op.complement(op.complement(x)), x);
      same(op.complement(op.union(x, y)), op.intersection(op.complement(x), op.complement(y)));
      same(op.difference(x, y), op.intersection(x, op.complement(y)));
      same(op.transitiveClosure(plus), plus);
      same(plus, op.union(x, op.compose(x, plus)));
      same(op.compose(op.identityOn(op.domain(x)), x), x);
      same(op.compose(x, op.identityOn(op.range(x))), x);
      expect(op.isAcyclic(x)).toBe(op.isIrreflexive(plus));
      expect(op.isSubset(x, op.product(op.domain(x), op.range(x)))).toBe(true);
    });
  });

  test('operators that may alias their operands', () => {
    check(n, (a, b) => {
      const [x, y] = [Relation.of(n, a), Relation.of(n, b)];
      const into = (run: (out: Relation) => void, start: Relation): string => {
        const out = start.copy();
        run(out);
        return show(out);
      };
      expect(into((o) => op.unionInto(o, o, y), x)).toBe(show(op.union(x, y)));
      expect(into((o) => op.unionInto(o, x, o), y)).toBe(show(op.union(x, y)));
      expect(into((o) => op.intersectionInto(o, o, y), x)).toBe(show(op.intersection(x, y)));
      expect(into((o) => op.differenceInto(o, o, y), x)).toBe(show(op.difference(x, y)));
      expect(into((o) => op.differenceInto(o, x, o), y)).toBe(show(op.difference(x, y)));
      expect(into((o) => op.complementInto(o, o), x)).toBe(show(op.complement(x)));
      expect(into((o) => op.plusInto(o, o), x)).toBe(show(op.transitiveClosure(x)));
      // a result does not depend on what `out` held before
      const dirty = op.complement(new Relation(n));
      expect(into((o) => op.composeInto(o, x, y), dirty)).toBe(show(op.compose(x, y)));
      expect(into((o) => op.inverseInto(o, x), dirty)).toBe(show(op.inverse(x)));
      expect(into((o) => op.plusInto(o, x), dirty)).toBe(show(op.transitiveClosure(x)));
      expect(into((o) => op.productInto(o, op.domain(x), op.range(y)), dirty)).toBe(
        show(op.product(op.domain(x), op.range(y))),
      );
      expect(into((o) => op.identityInto(o, op.domain(x)), dirty)).toBe(show(op.identityOn(op.domain(x))));
    });
  });
});

/** A cycle of the relation, and no shorter one exists. */
function expectShortestCycle(n: number, sample: readonly Pair[]): void {
  const cycle = op.shortestCycle(Relation.of(n, sample));
  if (cycle === null) {
    expect(naiveIsAcyclic(n, sample)).toBe(true);
    return;
  }
  expect(new Set(cycle).size).toBe(cycle.length);
  const steps = cycle.map((from, i) => hasPair(sample, from, cycle[(i + 1) % cycle.length]!));
  expect(steps).not.toContain(false);
  // r^k has no reflexive pair for k below the length
  const relation = Relation.of(n, sample);
  let power = relation;
  for (let k = 1; k < cycle.length; k++) {
    expect(op.isIrreflexive(power)).toBe(true);
    power = op.compose(power, relation);
  }
}

/** Rows of truth values: naive.ts would take too long. */
type Table = readonly (readonly boolean[])[];

const tableOf = (n: number, has: (a: number, b: number) => boolean): Table =>
  events(n).map((a) => events(n).map((b) => has(a, b)));
const relationOf = (table: Table): Relation =>
  Relation.of(
    table.length,
    table.flatMap((row, a) => row.flatMap((is, b): Pair[] => (is ? [[a, b]] : []))),
  );
const composeTables = (x: Table, y: Table): Table =>
  tableOf(x.length, (a, c) => x[a]!.some((is, b) => is && y[b]![c]!));

/** What large relations are made of: threads in order, all pairs of threads, and few pairs besides. */
test.each([
  [161, 1],
  [170, 2],
  [200, 3],
])('relations of %i events in %i threads', (n, threads) => {
  const length = Math.ceil(n / threads);
  const thread = (a: number) => Math.floor(a / length);
  const shape = fc.record({
    step: fc.integer({ min: 1, max: 5 }),
    ext: fc.boolean(),
    scattered: fc.boolean(),
    besides: fc.uniqueArray(fc.nat(n * n - 1), { maxLength: 6 }),
  });
  interface Shape {
    readonly step: number;
    readonly ext: boolean;
    readonly scattered: boolean;
    readonly besides: readonly number[];
  }
  const table = ({ step, ext, scattered, besides }: Shape) =>
    tableOf(n, (a, b) => {
      if (besides.includes(a * n + b)) return true;
      if (scattered) return (a * a + a * b + 3 * b) % 7 < step;
      if (thread(a) !== thread(b)) return ext && (a + b) % step === 0;
      return a < b && (a * 7 + b * 3) % step === 0;
    });
  fc.assert(
    fc.property(shape, shape, (of, other) => {
      const [a, b] = [table(of), table(other)];
      const [x, y] = [relationOf(a), relationOf(b)];
      expect(op.isEqual(op.compose(x, y), relationOf(composeTables(a, b)))).toBe(true);
      const plus = op.transitiveClosure(x);
      // the least relation that contains x and all its compositions with x
      let least = x;
      for (let size = -1; size !== least.pairs().length; ) {
        size = least.pairs().length;
        least = op.union(least, op.compose(least, x));
        least = op.union(least, op.compose(least, least));
      }
      expect(op.isEqual(plus, least)).toBe(true);
      expect(op.isAcyclic(x)).toBe(op.isIrreflexive(plus));
      expect(op.isAcyclic(op.inverse(x))).toBe(op.isAcyclic(x));
    }),
    { seed: n + threads, numRuns: 20 },
  );
});

test.each([
  ['0>1 1>2 2>0 / 3', [0, 1, 2]],
  ['0>1 1>2 2>0 2>1 / 3', [1, 2]],
  ['0>1 1>1 / 3', [1]],
  ['0>1 1>2 / 3', null],
  ['/ 0', null],
  ['31>32 32>64 64>31 / 65', [31, 32, 64]],
])('shortest cycle of %s', (text, expected) => {
  expect(op.shortestCycle(parseRelation(text))).toEqual(expected);
});

test('worked examples', () => {
  expect(show(op.compose(parseRelation('0>1 0>2 / 4'), parseRelation('1>3 2>0 / 4')))).toBe('0>0 0>3 / 4');
  expect(show(op.transitiveClosure(parseRelation('0>1>2>3 / 4')))).toBe('0>1 0>2 0>3 1>2 1>3 2>3 / 4');
  expect(show(op.product(parseSet('0 32 / 33'), parseSet('1 31 / 33')))).toBe('0>1 0>31 32>1 32>31 / 33');
  expect(reachable([[0, 1]], 0)).toEqual(new Set([1]));
});
