/**
 * Whether an argument against one candidate execution is an argument against another, too.
 *
 * Candidates of a program differ in paths, sources of reads and orders of writes; what their threads execute has the same place
 * in the code. So an argument is carried over by place, and holds again if all that it rests on is so there: each of its facts
 * (`audit.ts` looks), and each pair of the check's relation that closes the cycle, in the model's value of that relation. Nothing is
 * taken over from the first candidate; definitions with a difference may hold there and not here.
 */
import type { Check } from '../model/dag.js';
import type { Evaluation } from '../model/evaluate.js';
import { Relation } from '../relation/relation.js';
import type { Execution, ExecutionEvent } from '../search/execution.js';
import { auditCycle } from './audit.js';
import type { Cycle, CycleEdge } from './cycle.js';

/** An argument, with its events by place. */
export interface CarriedArgument {
  readonly check: Check;
  readonly cycle: Cycle;
  /** The execution that it was made for. */
  readonly execution: Execution;
  /** Equal for arguments that say the same of the same places. */
  readonly key: string;
  /** By event of `execution`: where it stands. */
  readonly places: readonly string[];
}

/** A candidate to be refuted: its events by place, and what the model says of it. */
export interface PlacedCandidate {
  readonly execution: Execution;
  readonly evaluation: Evaluation;
  readonly eventAt: ReadonlyMap<string, number>;
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

export function placeCandidate(execution: Execution, evaluation: Evaluation): PlacedCandidate {
  const places = placesOfEvents(execution);
  return { execution, evaluation, eventAt: new Map(places.map((place, id) => [place, id])) };
}

export function carriedArgument(check: Check, cycle: Cycle, execution: Execution): CarriedArgument {
  const places = placesOfEvents(execution);
  const edges = cycle.edges.map(({ from, to, label }) => `${places[from]} ${label} ${places[to]}`);
  const pairs = cycle.derivations.map(({ from, to }) => `${places[from]} / ${places[to]}`);
  const events = cycle.events.map((id) => places[id]);
  const key = [check.name, cycle.shape, ...edges, ...pairs, ...events].join('\n');
  return { check, cycle, execution, key, places };
}

/** Whether the argument refutes the candidate. */
export function refutes(argument: CarriedArgument, candidate: PlacedCandidate): boolean {
  const { check, cycle } = argument;
  const { evaluation, execution } = candidate;
  if (!evaluation.failed.includes(check)) return false;
  const carried = carryCycle(argument, candidate);
  if (carried === null || auditCycle(carried, execution).length > 0) return false;
  const value = evaluation.value(check.node);
  return (
    carried.derivations.every(({ from, to }) =>
      value instanceof Relation ? value.has(from, to) : value.has(from),
    ) &&
    (cycle.shape !== 'cycle' || closes(carried))
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
  const derivations = cycle.derivations.map((derivation) => ({
    ...derivation,
    from: at(derivation.from),
    to: at(derivation.to),
  }));
  const events = cycle.events.map(at);
  const used = [
    ...events,
    ...edges.flatMap(({ from, to, via }) => (via === null ? [from, to] : [from, to, via])),
    ...derivations.flatMap(({ from, to }) => [from, to]),
  ];
  return used.includes(-1) ? null : { ...cycle, edges, events, derivations };
}

/** Whether the pairs lead from an event back to itself. */
function closes({ derivations }: Cycle): boolean {
  return (
    derivations.length > 0 &&
    derivations.every(({ to }, at) => to === derivations[(at + 1) % derivations.length]!.from)
  );
}
