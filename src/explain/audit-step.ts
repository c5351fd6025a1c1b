/** The audit of one step of an argument: that its edge is what its part of the derivations says, neither more nor less. */
import { type AuditResult, joined } from './audit-derivation.js';
import { expect } from './audit-execution.js';
import type { CycleEdge, EdgeKind } from './cycle.js';
import type { Derivation } from './derive.js';
import { pathOf } from './edge-derivation.js';
import type { Sentence } from './explanation.js';
import { UNNAMED } from './flatten.js';

/** The base relations that an edge may put together; null: the label says. */
const madeOf: Readonly<Record<EdgeKind, readonly string[] | null>> = {
  po: ['po'],
  fence: ['po'],
  rf: ['rf'],
  co: ['co'],
  fr: ['rf', 'co', 'fr'],
  addr: ['addr', 'po'],
  data: ['data', 'po'],
  ctrl: ['ctrl', 'po'],
  'pick-addr': ['pick-addr', 'po'],
  'pick-data': ['pick-data', 'po'],
  'pick-ctrl': ['pick-ctrl', 'po'],
  rmw: ['rmw', 'amo', 'lxsx'],
  sca: ['sca-class'],
  section: null,
  other: null,
};

/** `parts`: all parts of the argument's derivations. */
export function restsOnDerivation(
  edge: CycleEdge,
  { derivation, events }: Sentence,
  parts: ReadonlySet<Derivation>,
): AuditResult {
  if (derivation === null) return expect(false, `${edge.label} is not derived`);
  const path = pathOf(derivation);
  const facts = path.map(factOf);
  const allowed = madeOf[edge.kind];
  const ids = edge.via === null ? [edge.from, edge.to] : [edge.from, edge.via, edge.to];
  const { from, to } = derivation;
  const isBetween = (a: number, b: number): boolean => from === a && to === b;
  return joined([
    expect(
      isBetween(edge.from, edge.to) || isBetween(edge.to, edge.from),
      `${edge.label} is derived for other events`,
    ),
    expect(
      parts.has(derivation) || path.every((step) => isPart(step, parts)),
      `${edge.label} rests on what the argument does not derive`,
    ),
    expect(
      path.length > 0 && (allowed === null || facts.every((fact) => fact !== null && allowed.includes(fact))),
      `${edge.label} rests on ${facts.join(', ')}`,
    ),
    expect(
      edge.via === null || path.some((step) => step.from === edge.via || step.to === edge.via),
      `${edge.label} does not pass its fence`,
    ),
    expect(isRightLabel(edge, derivation), `${edge.label} is no name of what it rests on`),
    expect(ids.join() === events.join(), `the sentence of ${edge.label} is about other events`),
  ]);
}

function isPart(step: Derivation, parts: ReadonlySet<Derivation>): boolean {
  return parts.has(step) || (step.rule === 'reverse' && step.parts.every((part) => parts.has(part)));
}

function factOf(step: Derivation): string | null {
  return step.rule === 'reverse' ? (step.parts[0]?.fact ?? null) : step.fact;
}

/**
 * A label that is the model's is its name for a part of what the edge rests on, or for what is not so. One that is not: words for
 * program order and facts of the events are for audit.ts, others are facts here, and `other` is what has no name.
 */
function isRightLabel(edge: CycleEdge, derivation: Derivation): boolean {
  const { kind, label, reversed, named } = edge;
  const name = reversed ? label.replace(/\^-1$/, '') : label;
  const below = withParts(derivation);
  if (named === true) {
    const denied = name.match(/^not (.*)$/)?.[1];
    if (denied === undefined) return below.some((part) => part.name === name && part.rule !== 'absence');
    return below.some((part) => part.rule === 'absence' && (denied === UNNAMED || part.name === denied));
  }
  if (kind === 'section') return below.some((part) => part.name === name || part.fact === name);
  if (kind !== 'other') return true;
  const path = pathOf(derivation);
  return path.every((part) => factOf(part) === (name === 'other' ? null : name));
}

function withParts(derivation: Derivation): Derivation[] {
  return [derivation, ...derivation.parts.flatMap(withParts)];
}
