/**
 * The relation operators again, on arrays of pairs and straight from their set definitions: the second opinion that the
 * tests of operators.ts compare with. No bit, no word, no row.
 */

export type Pair = readonly [from: number, to: number];

/** The numbers 0..n-1. */
export function events(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}

export function hasPair(r: readonly Pair[], a: number, b: number): boolean {
  return r.some(([from, to]) => from === a && to === b);
}

/** All pairs (a, b) over 0..n-1 with `keep(a, b)`, in ascending order. */
export function pairsWhere(n: number, keep: (a: number, b: number) => boolean): Pair[] {
  return events(n).flatMap((a) =>
    events(n)
      .filter((b) => keep(a, b))
      .map((b): Pair => [a, b]),
  );
}

export function naiveCompose(n: number, left: readonly Pair[], right: readonly Pair[]): Pair[] {
  const targets = new Set(left.flatMap(([a, b]) => right.filter(([c]) => c === b).map(([, d]) => a * n + d)));
  return pairsWhere(n, (a, d) => targets.has(a * n + d));
}

/** The events that one or more steps lead to, by exhaustive walking. */
export function reachable(r: readonly Pair[], start: number): Set<number> {
  const found = new Set<number>();
  const pending = [start];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    for (const [from, to] of r) {
      if (from !== at || found.has(to)) continue;
      found.add(to);
      pending.push(to);
    }
  }
  return found;
}

export function naiveClosure(n: number, r: readonly Pair[]): Pair[] {
  const from = events(n).map((a) => reachable(r, a));
  return pairsWhere(n, (a, b) => from[a]!.has(b));
}

export function naiveIsAcyclic(n: number, r: readonly Pair[]): boolean {
  return events(n).every((a) => !reachable(r, a).has(a));
}
