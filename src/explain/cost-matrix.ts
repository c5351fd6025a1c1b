/** Relations with a cost for each pair, and what the relational operators do to costs: the (min, +) semiring. */

/** Row-major n * n costs; a pair that is not in the relation costs `NEVER`. */
export type CostMatrix = Int32Array;

/** Two of these still fit in 32 bits. */
export const NEVER = 1_000_000_000;

/** Pairs of either, at the lower cost. */
export function cheaper(a: CostMatrix, b: CostMatrix): CostMatrix {
  return a.map((cost, at) => Math.min(cost, b[at]!));
}

/** A pair of both, at the cost of its cheaper side. */
export function intersectCosts(a: CostMatrix, b: CostMatrix): CostMatrix {
  return a.map((cost, at) => (Math.max(cost, b[at]!) >= NEVER ? NEVER : Math.min(cost, b[at]!) + 1));
}

/** Lowers `costs` to what the bodies give plus 1; whether anything fell. */
export function lower(costs: CostMatrix, body: CostMatrix): boolean {
  let fell = false;
  for (let at = 0; at < costs.length; at++) {
    const cost = body[at]! + 1;
    if (cost >= costs[at]!) continue;
    costs[at] = cost;
    fell = true;
  }
  return fell;
}

/** Pairs of a composition, at the cost of the cheapest event between. Cost: n^3. */
export function composeCosts(n: number, left: CostMatrix, right: CostMatrix): CostMatrix {
  const out = new Int32Array(n * n).fill(NEVER);
  for (let a = 0; a < n; a++)
    for (let b = 0; b < n; b++) {
      const first = left[a * n + b]!;
      if (first >= NEVER) continue;
      for (let c = 0; c < n; c++) {
        const cost = first + right[b * n + c]!;
        if (cost < out[a * n + c]!) out[a * n + c] = cost;
      }
    }
  return out;
}

/** Floyd and Warshall; each further step of a chain costs 1 more, so that a shorter chain is preferred. */
export function closeCosts(n: number, step: CostMatrix): CostMatrix {
  const out = step.slice();
  for (let b = 0; b < n; b++)
    for (let a = 0; a < n; a++) {
      const first = out[a * n + b]! + 1;
      if (first >= NEVER) continue;
      for (let c = 0; c < n; c++) {
        const cost = first + out[b * n + c]!;
        if (cost < out[a * n + c]!) out[a * n + c] = cost;
      }
    }
  return out;
}
