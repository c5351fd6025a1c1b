/**
 * The audit of an argument: whether each thing that it says is so, found out anew.
 *
 * The execution is one, and ends as the question asks (audit-execution.ts); it violates the check, by the audit's own evaluation of the
 * model; the derivations prove that, rule by rule (audit-derivation.ts); the edges are facts (audit.ts), rest on parts of the
 * derivations, and leave none of their facts out; each sentence is that of its edge.
 */
import type { CompiledModel } from '../model/dag.js';
import type { Execution } from '../search/execution.js';
import { auditCycle } from './audit.js';
import { type AuditResult, DerivationAudit, isChain, joined } from './audit-derivation.js';
import { auditExecution, expect } from './audit-execution.js';
import { restsOnDerivation } from './audit-step.js';
import { edgeOfFact } from './cycle.js';
import type { Derivation } from './derive.js';
import { pathOf } from './edge-derivation.js';
import type { Argument } from './explanation.js';
import { NaiveValues } from './naive-values.js';
import { sentencesFor } from './sentences.js';

/**
 * Audits an argument; `satisfies`: whether the outcome in question is the condition's proposition, or its negation. `values`: for
 * several audits of one execution.
 */
export function auditArgument(
  argument: Argument,
  model: CompiledModel,
  satisfies: boolean,
  values: NaiveValues = new NaiveValues(model, argument.execution),
): AuditResult {
  const { execution, check, cycle } = argument;
  return joined([
    auditExecution(execution, satisfies),
    { facts: cycle.edges.length, faults: auditCycle(cycle, execution) },
    expect(model.checks.includes(check) && !check.flag, 'the check is none of the model'),
    expect(cycle.axiom === check.name, 'the check has another name'),
    expect(values.holds(check) === check.negated, `${check.name} does not refuse the execution`),
    auditProof(argument, new DerivationAudit(values)),
    ...auditSteps(argument),
  ]);
}

/** Whether the model allows the execution: no check but a flag fails. */
export function auditAllowed(execution: Execution, model: CompiledModel, satisfies: boolean): AuditResult {
  const values = new NaiveValues(model, execution);
  const checks = model.checks.filter((check) => !check.flag);
  return joined([
    auditExecution(execution, satisfies),
    ...checks.map((check) =>
      expect(values.holds(check) !== check.negated, `${check.name} refuses the execution`),
    ),
  ]);
}

/** The derivations prove that the check fails. */
function auditProof({ check, cycle }: Argument, audit: DerivationAudit): AuditResult {
  const { derivations, shape, events } = cycle;
  if (check.negated) return expect(shape === 'absence' && derivations.length === 0, 'an absence is derived');
  const [first] = derivations;
  if (first === undefined) return expect(false, 'nothing is derived');
  const proofs = derivations.map((derivation) => audit.check(check.node, derivation));
  const ring = { from: first.from, to: first.from, parts: derivations };
  const closes = check.kind === 'empty' || isChain(ring);
  const isOne = check.kind === 'acyclic' || derivations.length === 1;
  const shapes = check.kind === 'empty' ? ['pair', 'event'] : ['cycle'];
  const isOfEvent = [first.from, first.to].every((id) => events.join() === `${id}`);
  return joined([
    ...proofs,
    expect(closes && isOne && shapes.includes(shape), 'the derivations do not prove it'),
    expect(shape !== 'event' || isOfEvent, 'the derivation is about another event'),
  ]);
}

/** Each edge has its sentence and rests on a part of the derivations; what these rest on is on an edge. */
function auditSteps({ execution, cycle, sentences }: Argument): AuditResult[] {
  const { edges, events, derivations, shape } = cycle;
  const parts = new Set(derivations.flatMap(withParts));
  const texts = sentencesFor(edges, execution);
  const told = new Set(
    sentences.flatMap(({ derivation }) => (derivation === null ? [] : keysOf(derivation))),
  );
  const sides = shape === 'pair' ? derivations.flatMap(sidesOf) : derivations;
  const dropped = sides
    .flatMap(pathOf)
    .filter((step) => edges.length > 0 && isTelling(step) && !told.has(keyOf(step)));
  const touched = new Set(edges.flatMap(({ from, to }) => [from, to]));
  return [
    expect(sentences.length === edges.length, 'there are not as many sentences as edges'),
    expect(dropped.length === 0, `nothing is said of ${dropped.map(keyOf).join(', ')}`),
    expect(
      edges.length === 0 || [...touched].every((id) => events.includes(id)),
      'an edge leaves the events',
    ),
    ...edges.map((edge, at) => {
      const sentence = sentences[at];
      if (sentence === undefined || sentence.edge !== edge || sentence.text !== texts[at])
        return expect(false, `${edge.label} has another sentence`);
      return restsOnDerivation(edge, sentence, parts);
    }),
  ];
}

/** The paths of what holds in several ways at once, each of which is told. */
function sidesOf(derivation: Derivation): readonly Derivation[] {
  if (derivation.rule === 'both') return derivation.parts.flatMap(sidesOf);
  if (derivation.rule !== 'either' || derivation.parts.length !== 1) return [derivation];
  const sides = sidesOf(derivation.parts[0]!);
  return sides.length > 1 ? sides : [derivation];
}

function withParts(derivation: Derivation): Derivation[] {
  return [derivation, ...derivation.parts.flatMap(withParts)];
}

/** A fact that is an edge of its own, and more than that two events are alike. */
function isTelling(step: Derivation): boolean {
  const fact = step.rule === 'reverse' ? step.parts[0]!.fact : step.fact;
  return fact !== null && edgeOfFact(fact, step.from, step.to).kind !== 'other';
}

function keysOf(derivation: Derivation): string[] {
  return pathOf(derivation).map(keyOf);
}

/** The fact of a step, whichever way it is read. */
function keyOf(step: Derivation): string {
  const { fact, rule, from, to } = step.rule === 'reverse' ? step.parts[0]! : step;
  return `${fact ?? rule} ${from} ${to}`;
}
