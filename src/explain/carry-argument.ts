/**
 * Whether an argument against one candidate execution is an argument against another, too.
 *
 * Candidates of a program differ in paths, sources of reads and orders of writes; what their threads execute has the same place
 * in the code. So an argument is carried over by place, and holds again if all that it says is so there: each of its edges
 * (`audit.ts` looks), and each step of its derivations, rule by rule (`audit-derivation.ts`), with what they test and what they ask not
 * to be, in the model's evaluation of this candidate. Nothing is taken over from the first candidate.
 */
import type { Check, CompiledModel, NodeId } from '../model/dag.js';
import type { Evaluation } from '../model/evaluate.js';
import { Relation } from '../relation/relation.js';
import type { Execution, ExecutionEvent } from '../search/execution.js';
import { auditCycle } from './audit.js';
import { DerivationAudit, type ModelValues } from './audit-derivation.js';
import type { Cycle, CycleEdge } from './cycle.js';
import type { Derivation } from './derive.js';
import { NaiveValues } from './naive-values.js';

/** An argument, with its events by place. */
export interface CarriedArgument {
  readonly check: Check;
  readonly cycle: Cycle;
  /** The execution that it was made for. */
  readonly execution: Execution;
  /** Equal for arguments that say the same of the same places, for the same reasons. */
  readonly key: string;
  /** Equal for arguments with the same steps, whatever these rest on. */
  readonly steps: string;
  /** By event of `execution`: where it stands. */
  readonly places: readonly string[];
}

/** A candidate to be refuted: its events by place, and what the model says of it. */
export interface PlacedCandidate {
  readonly execution: Execution;
  readonly evaluation: Evaluation;
  readonly eventAt: ReadonlyMap<string, number>;
  /** Of derivations in it. */
  readonly audit: DerivationAudit;
}

/** Where the events stand: thread, instruction, kind, and how often the thread was there before. */
export function placesOfEvents({ events }: Execution): readonly string[] {
  const seen = new Map<string, number>();
  return events.map((event) => {
    const stem = stemOf(event);
    const before = seen.get(stem) ?? 0;
    seen.set(stem, before + 1);
    return `${stem} ${before}`;
  });
}

function stemOf({ thread, instruction, kind, location }: ExecutionEvent): string {
  return thread < 0 ? `initial ${location?.index ?? ''}` : `${thread} ${instruction} ${kind}`;
}

export function placeCandidate(
  execution: Execution,
  evaluation: Evaluation,
  model: CompiledModel,
): PlacedCandidate {
  const places = placesOfEvents(execution);
  const eventAt = new Map(places.map((place, id) => [place, id]));
  const audit = new DerivationAudit(new EvaluatedModel(model, execution, evaluation));
  return { execution, evaluation, eventAt, audit };
}

/** The model's usual evaluation: of many candidates, the audit's own would take too long. */
class EvaluatedModel implements ModelValues {
  constructor(
    readonly model: CompiledModel,
    readonly execution: Execution,
    private readonly evaluation: Evaluation,
  ) {}

  hasPair(id: NodeId, from: number, to: number): boolean {
    const value = this.evaluation.value(id);
    return value instanceof Relation && value.has(from, to);
  }

  hasEvent(id: NodeId, event: number): boolean {
    const value = this.evaluation.value(id);
    return !(value instanceof Relation) && value.has(event);
  }

  isThroughDifference(group: number): boolean {
    return new NaiveValues(this.model, this.execution).isThroughDifference(group);
  }
}

export function carriedArgument(check: Check, cycle: Cycle, execution: Execution): CarriedArgument {
  const places = placesOfEvents(execution);
  const edges = cycle.edges.map(({ from, to, label }) => `${places[from]} ${label} ${places[to]}`);
  const pairs = cycle.derivations.map(({ from, to }) => `${places[from]} / ${places[to]}`);
  const events = cycle.events.map((id) => places[id]);
  const steps = [check.name, cycle.shape, ...edges, ...pairs, ...events].join('\n');
  const key = `${steps}\n${cycle.derivations.map((derivation) => keyOf(derivation, places)).join('\n')}`;
  return { check, cycle, execution, key, steps, places };
}

function keyOf({ rule, from, to, name, fact, sets, parts }: Derivation, places: readonly string[]): string {
  const below = parts.map((part) => keyOf(part, places)).join(', ');
  return `${rule} ${places[from]} / ${places[to]} ${name ?? ''} ${fact ?? ''} ${sets.join(' ')} (${below})`;
}

/** Whether the argument refutes the candidate. */
export function refutes(argument: CarriedArgument, candidate: PlacedCandidate): boolean {
  const { check, cycle } = argument;
  const { evaluation, execution, audit } = candidate;
  if (!evaluation.failed.includes(check)) return false;
  const carried = carryCycle(argument, candidate);
  if (carried === null || auditCycle(carried, execution).length > 0) return false;
  return (
    (cycle.shape !== 'cycle' || closes(carried)) &&
    carried.derivations.every((derivation) => audit.check(check.node, derivation).faults.length === 0)
  );
}

/** Whether an edge of the argument is a fact of the candidate, refuted by the argument or not. */
export function isFactOf(argument: CarriedArgument, edge: CycleEdge, candidate: PlacedCandidate): boolean {
  const alone: Cycle = { ...argument.cycle, shape: 'pair', events: [], edges: [edge], derivations: [] };
  const carried = carryCycle({ ...argument, cycle: alone }, candidate);
  return carried !== null && auditCycle(carried, candidate.execution).length === 0;
}

/** The argument's cycle in the candidate's events; null if the candidate has not all of them. */
function carryCycle({ cycle, places }: CarriedArgument, { eventAt }: PlacedCandidate): Cycle | null {
  const at = (id: number): number => eventAt.get(places[id]!) ?? -1;
  const edges = cycle.edges.map((edge) => ({
    ...edge,
    from: at(edge.from),
    to: at(edge.to),
    via: edge.via === null ? null : at(edge.via),
  }));
  const carry = (derivation: Derivation): Derivation => ({
    ...derivation,
    from: at(derivation.from),
    to: at(derivation.to),
    parts: derivation.parts.map(carry),
  });
  const derivations = cycle.derivations.map(carry);
  const events = cycle.events.map(at);
  const used = [
    ...events,
    ...edges.flatMap(({ from, to, via }) => (via === null ? [from, to] : [from, to, via])),
    ...derivations.flatMap(eventsOf),
  ];
  return used.includes(-1) ? null : { ...cycle, edges, events, derivations };
}

function eventsOf({ from, to, parts }: Derivation): number[] {
  return [from, to, ...parts.flatMap(eventsOf)];
}

/** Whether the pairs lead from an event back to itself. */
function closes({ derivations }: Cycle): boolean {
  return (
    derivations.length > 0 &&
    derivations.every(({ to }, at) => to === derivations[(at + 1) % derivations.length]!.from)
  );
}
