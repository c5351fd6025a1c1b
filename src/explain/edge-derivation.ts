/**
 * Which part of an argument's derivations says why the model has one of its edges.
 *
 * `flatten.ts` turns derivations into edges and forgets the tree; here the way back: the outermost part of the tree that leads
 * just from the edge's start to its end, so that unfolding it names every definition in between. Where an edge puts facts
 * together that no single definition relates, the facts themselves, in sequence.
 */
import { type Cycle, type CycleEdge, edgeOfFact } from './cycle.js';
import type { Derivation } from './derive.js';

/** Null if the edge is not on the path of the cycle's derivations. */
export function derivationOfEdge(edge: CycleEdge, cycle: Cycle): Derivation | null {
  const sides = cycle.shape === 'pair' ? cycle.derivations.flatMap(sidesOf) : cycle.derivations;
  const { from, to, via, kind } = edge;
  const isLoose = kind === 'other' || kind === 'section';
  // of several relations between two events, the one that the label is about
  const isMeant = (path: readonly Derivation[]): boolean =>
    kind !== 'other' || path.every((step) => factOf(step) === unnamedFact(edge));
  const inner = new Set(cycle.events.filter((id) => id !== from && id !== to));
  const passes = (path: readonly Derivation[]): boolean =>
    (via === null || path.some((step) => step.to === via)) &&
    (isLoose || path.every(isTelling)) &&
    isMeant(path);
  const between = (start: number, end: number): Derivation | null => {
    const found = sides
      .flatMap((side) => outermost(side, start, end, inner))
      .filter((one) => passes(pathOf(one)));
    const [first] = found.sort((a, b) => pathOf(a).length - pathOf(b).length);
    return first ?? sliceOf(sides, start, end, passes);
  };
  // what is told from its other end comes last: where two events are related both ways, the other one is meant
  return between(from, to) ?? between(to, from);
}

function factOf({ rule, fact, parts }: Derivation): string | null {
  return rule === 'reverse' ? parts[0]!.fact : fact;
}

/** The fact that an edge without a kind of its own is; null of what is no fact. */
function unnamedFact({ label, named, reversed }: CycleEdge): string | null {
  const name = reversed ? label.replace(/\^-1$/, '') : label;
  return named === true || name === 'other' ? null : name;
}

/** A fact that is more than that two events are alike. */
function isTelling(step: Derivation): boolean {
  const { fact, from, to } = step.rule === 'reverse' ? step.parts[0]! : step;
  return fact !== null && edgeOfFact(fact, from, to).kind !== 'other';
}

/** What holds in several ways at once, also where a union holds on one side only: each of them; else itself. */
export function sidesOf(derivation: Derivation): readonly Derivation[] {
  if (derivation.rule === 'both') return derivation.parts.flatMap(sidesOf);
  if (derivation.rule === 'either' && derivation.parts.length === 1) {
    const sides = sidesOf(derivation.parts[0]!);
    return sides.length > 1 ? sides : [derivation];
  }
  return [derivation];
}

/** The outermost parts on the path that lead from the one event to the other, past no other event of the argument. */
function outermost(
  derivation: Derivation,
  from: number,
  to: number,
  inner: ReadonlySet<number>,
): Derivation[] {
  const { rule, parts } = derivation;
  if (rule === 'test' || rule === 'same' || rule === 'absence') return [];
  if (derivation.from === from && derivation.to === to) {
    const path = pathOf(derivation);
    const isDirect = from !== to ? !path.some((step) => inner.has(step.to)) : path.length === 1;
    if (isDirect && path.length > 0) return [derivation];
  }
  // what narrows a pair is not on its path
  const onPath = rule === 'both' || rule === 'except' ? parts.slice(0, 1) : parts;
  return onPath.flatMap((part) => outermost(part, from, to, inner));
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
function sliceOf(
  derivations: readonly Derivation[],
  from: number,
  to: number,
  passes: (path: readonly Derivation[]) => boolean,
): Derivation | null {
  const path = derivations.flatMap(pathOf);
  const round = [...path, ...path];
  const runs = path.flatMap((first, at) => {
    if (first.from !== from) return [];
    const length = round.slice(at, at + path.length).findIndex((step) => step.to === to) + 1;
    const run = round.slice(at, at + length);
    return length > 0 && passes(run) ? [run] : [];
  });
  const [best] = runs.sort((a, b) => a.length - b.length);
  if (best === undefined) return null;
  if (best.length === 1) return best[0]!;
  return { rule: 'sequence', from, to, name: null, fact: null, sets: [], parts: best };
}
