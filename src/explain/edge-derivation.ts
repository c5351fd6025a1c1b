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
  const { derivations } = cycle;
  const inner = cycle.events.filter((id) => id !== edge.from && id !== edge.to);
  const turned = derivations.flatMap(asSides);
  for (const derivation of turned) {
    const found = outermost(derivation, edge, inner);
    if (found !== null) return found;
  }
  return sliceOf(turned, edge.from, edge.to) ?? sliceOf(turned, edge.to, edge.from);
}

/** The sides of what must be empty, each with its own path; a path read backwards is not turned. */
function asSides(derivation: Derivation): Derivation[] {
  return [derivation, ...(derivation.rule === 'both' ? derivation.parts.slice(1).flatMap(asSides) : [])];
}

function outermost(derivation: Derivation, edge: CycleEdge, inner: readonly number[]): Derivation | null {
  const { from, to, rule, parts } = derivation;
  if (rule === 'test' || rule === 'same') return null;
  const isForward = from === edge.from && to === edge.to;
  const isBackward = from === edge.to && to === edge.from;
  if ((isForward || isBackward) && from !== to) {
    const path = pathOf(derivation);
    const passes = path.some((step) => inner.includes(step.to) && step !== path.at(-1));
    if (!passes) return derivation;
  }
  const isLoop = isForward && from === to;
  if (isLoop && pathOf(derivation).length <= 1) return derivation;
  for (const part of parts) {
    const found = outermost(part, edge, inner);
    if (found !== null) return found;
  }
  return null;
}

/** The facts of a derivation in order, from its `from` to its `to`, as `flatten` walks them. */
export function pathOf(derivation: Derivation): Derivation[] {
  const { rule, parts, from, to } = derivation;
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
      return [{ ...derivation, from, to }];
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
