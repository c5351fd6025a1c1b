/**
 * Which part of an argument's derivations says why the model has one of its edges.
 *
 * `flatten.ts` turns derivations into edges and forgets the tree; here the way back: the outermost part of the tree that leads
 * just from the edge's start to its end, so that unfolding it names every definition in between. Where an edge puts facts
 * together that no single definition relates, the facts themselves, in sequence.
 */
import type { Cycle, CycleEdge } from './cycle.js';
import type { Derivation } from './derive.js';

/** Null if the edge is not on the path of the cycle's derivations. */
export function derivationOfEdge(edge: CycleEdge, cycle: Cycle): Derivation | null {
  const sides = cycle.derivations.flatMap(sidesOf);
  const { from, to } = edge;
  // what is told from its other end comes last: where two events are related both ways, the other one is meant
  return between(sides, from, to, cycle) ?? between(sides, to, from, cycle);
}

function between(sides: readonly Derivation[], from: number, to: number, cycle: Cycle): Derivation | null {
  const inner = new Set(cycle.events.filter((id) => id !== from && id !== to));
  for (const side of sides) {
    const found = outermost(side, from, to, inner);
    if (found !== null) return found;
  }
  return sliceOf(sides, from, to);
}

/** Of what holds in several ways at once, each; else itself. */
function sidesOf(derivation: Derivation): Derivation[] {
  return [derivation, ...(derivation.rule === 'both' ? derivation.parts.slice(1).flatMap(sidesOf) : [])];
}

function outermost(
  derivation: Derivation,
  from: number,
  to: number,
  inner: ReadonlySet<number>,
): Derivation | null {
  const { rule, parts } = derivation;
  if (rule === 'test' || rule === 'same' || rule === 'absence') return null;
  if (derivation.from === from && derivation.to === to) {
    const path = pathOf(derivation);
    const isDirect = from !== to ? !path.some((step) => inner.has(step.to)) : path.length === 1;
    if (isDirect && path.length > 0) return derivation;
  }
  for (const part of parts) {
    const found = outermost(part, from, to, inner);
    if (found !== null) return found;
  }
  return null;
}

/** The facts of a derivation in order, from its `from` to its `to`, as `flatten` walks them. */
export function pathOf(derivation: Derivation): Derivation[] {
  const { rule, parts } = derivation;
  switch (rule) {
    case 'test':
    case 'same':
      return [];
    case 'sequence':
      return parts.flatMap(pathOf);
    case 'either':
      return parts.flatMap(pathOf);
    case 'both':
    case 'except':
      return parts.slice(0, 1).flatMap(pathOf);
    case 'reverse':
      return parts.flatMap(pathOf).reverse().map(turn);
    case 'fact':
    case 'ends':
    case 'absence':
    case 'unexplained':
      return [derivation];
  }
}

function turn(derivation: Derivation): Derivation {
  if (derivation.rule === 'reverse') return derivation.parts[0]!;
  const { from, to } = derivation;
  return { rule: 'reverse', from: to, to: from, name: null, fact: null, sets: [], parts: [derivation] };
}

/** The shortest run of facts, around the cycle, from the one event to the other. */
function sliceOf(derivations: readonly Derivation[], from: number, to: number): Derivation | null {
  const path = derivations.flatMap(pathOf);
  const round = [...path, ...path];
  let best: Derivation[] | null = null;
  for (const [at, first] of path.entries()) {
    if (first.from !== from) continue;
    const length = round.slice(at, at + path.length).findIndex((step) => step.to === to) + 1;
    if (length > 0 && (best === null || length < best.length)) best = round.slice(at, at + length);
  }
  if (best === null) return null;
  if (best.length === 1) return best[0]!;
  return { rule: 'sequence', from, to, name: null, fact: null, sets: [], parts: best };
}
