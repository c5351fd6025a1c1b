/**
 * Whether an execution is one, and ends as it says: every read has one source and its value, the writes to each location are in
 * one order, the final state of memory is its last writes, and the outcome in question is what it ends in.
 *
 * What the threads compute (which path, which value is stored, what registers hold in the end) is taken from the search, whose own
 * tests compare it with the naive enumerator.
 */
import { evaluateProposition } from '../program/proposition.js';
import { isLocation, type Location, type Value, wrapTo } from '../program/value.js';
import type { Execution, ExecutionEvent } from '../search/execution.js';
import { type AuditResult, joined } from './audit-derivation.js';
import { isBaseFact } from './execution-facts.js';

/** `satisfies`: whether the outcome in question is the condition's proposition, or its negation. */
export function auditExecution(execution: Execution, satisfies: boolean): AuditResult {
  const { program, finals } = execution;
  const { proposition } = program.condition;
  return joined([
    expect(evaluateProposition(proposition, finals) === satisfies, 'it does not end in the outcome'),
    expect(
      program.filter === null || evaluateProposition(program.filter, finals),
      'the filter drops the execution',
    ),
    ...execution.events.map((event, id) => expect(event.id === id, `event ${id} has another id`)),
    ...reads(execution),
    ...orders(execution),
    ...lastWrites(execution),
  ]);
}

/** Events that the model orders itself, without sources: locks of models that make coherence. */
function hasSources({ sets }: Execution, { id }: ExecutionEvent): boolean {
  return sets.get('R')?.has(id) === true;
}

function reads(execution: Execution): AuditResult[] {
  const { events, base } = execution;
  const rf = base.get('rf');
  return events
    .filter((event) => event.kind === 'read' && hasSources(execution, event))
    .map((read) => {
      const sources = events.filter(({ id }) => rf?.has(id, read.id) === true);
      const [source] = sources;
      return expect(
        source !== undefined && sources.length === 1 && isBaseFact('rf', source.id, read.id, execution),
        `the read ${read.id} has no source, or several`,
      );
    });
}

function writesTo(location: Location, { events, sets }: Execution): ExecutionEvent[] {
  return events.filter(
    (event) => event.kind === 'write' && event.location === location && sets.get('W')?.has(event.id) === true,
  );
}

/** Between two writes to a location there is coherence, in one direction, the initial write first. */
function orders(execution: Execution): AuditResult[] {
  const co = execution.base.get('co');
  return execution.program.locations.map((location) => {
    const writes = writesTo(location, execution);
    const isOrdered = writes.every((a) =>
      writes.every(
        (b) =>
          a === b ||
          ((co?.has(a.id, b.id) === true) !== (co?.has(b.id, a.id) === true) &&
            (b.thread >= 0 || co?.has(a.id, b.id) !== true)),
      ),
    );
    const isClosed = writes.every((a) =>
      writes.every((b) =>
        writes.every((c) => !(co?.has(a.id, b.id) === true && co.has(b.id, c.id)) || co.has(a.id, c.id)),
      ),
    );
    return expect(isOrdered && isClosed, `the writes to ${location.name} are in no order`);
  });
}

function lastWrites(execution: Execution): AuditResult[] {
  const { program, base, finals } = execution;
  const co = base.get('co');
  return program.observed.flatMap((observable, at) => {
    if (observable.kind !== 'location') return [];
    const writes = writesTo(observable.location, execution);
    const last = writes.find((write) => writes.every((other) => co?.has(write.id, other.id) !== true));
    if (last === undefined) return [];
    const isLast = isSameValue(last.value, finals[at], observable.location);
    return [expect(isLast, `${observable.display} ends as something that is not its last write`)];
  });
}

function isSameValue(a: Value | null, b: Value | undefined, { type }: Location): boolean {
  if (a === null || b === undefined || isLocation(a) || isLocation(b)) return a === b;
  return wrapTo(a, type) === wrapTo(b, type);
}

export function expect(holds: boolean, text: string): AuditResult {
  return holds ? { facts: 1, faults: [] } : { facts: 0, faults: [text] };
}
