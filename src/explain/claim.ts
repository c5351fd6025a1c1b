/**
 * What a remark about all executions of a program says, as data, and its audit.
 *
 * That something is seen is shown by an execution, which is audited as that of a story is. That nothing else is has no witness: the
 * audit asks the search once more, for just what is denied, and goes through the first candidates with its own evaluation of the model.
 * The latter is bounded; beyond it, "only" is the word of two searches that prune by different conditions.
 */
import type { CompiledModel } from '../model/dag.js';
import type { Proposition } from '../program/ir.js';
import { evaluateProposition } from '../program/proposition.js';
import type { Value } from '../program/value.js';
import type { Execution } from '../search/execution.js';
import { visitExecutions } from '../search/search.js';
import { type AuditResult, joined } from './audit-derivation.js';
import { auditExecution, expect } from './audit-execution.js';
import { NaiveValues } from './naive-values.js';

export type ExecutionClaim =
  /** The model allows an execution that ends so, or reads so. */
  | {
      readonly kind: 'some';
      readonly what: string;
      readonly model: CompiledModel;
      readonly execution: () => Execution;
      readonly ends: Proposition | null;
      readonly reads: { readonly event: number; readonly location: string; readonly value: Value } | null;
    }
  /** The model allows no execution of the program that passes its filter. */
  | {
      readonly kind: 'none';
      readonly what: string;
      readonly model: CompiledModel;
      readonly program: Execution['program'];
      readonly unroll: number;
    };

/** How many candidates the audit goes through itself. */
const JUDGED = 50;

export function auditClaim(claim: ExecutionClaim): AuditResult {
  return claim.kind === 'some' ? auditSome(claim) : auditNone(claim);
}

function auditSome({ what, model, execution, ends, reads }: Extract<ExecutionClaim, { kind: 'some' }>) {
  const found = execution();
  const { finals, events, program } = found;
  const event = reads === null ? undefined : events[reads.event];
  const isRead =
    reads === null ||
    (event?.kind === 'read' && event.location?.name === reads.location && event.value === reads.value);
  return joined([
    auditExecution(found, evaluateProposition(program.condition.proposition, finals)),
    expect(isAllowed(found, model), `the model refuses that ${what}`),
    expect(ends === null || evaluateProposition(ends, finals), `it does not end so that ${what}`),
    expect(isRead, `it is not so that ${what}`),
  ]);
}

function auditNone({ what, model, program, unroll }: Extract<ExecutionClaim, { kind: 'none' }>): AuditResult {
  const options = { unroll, expired: null };
  let isFound = false;
  const limit = visitExecutions(program, model, options, () => {
    isFound = true;
    return false;
  });
  let judged = 0;
  visitExecutions({ ...program, filter: null }, { ...model, checks: [] }, options, (candidate) => {
    const passes = program.filter === null || evaluateProposition(program.filter, candidate.finals);
    if (passes && isAllowed(candidate, model)) isFound = true;
    return !isFound && ++judged < JUDGED;
  });
  return joined([
    expect(!isFound, `there is an execution in which ${what}`),
    expect(isFound || limit === null, `whether ${what} is not known: ${limit}`),
  ]);
}

function isAllowed(execution: Execution, model: CompiledModel): boolean {
  const checks = model.checks.filter((check) => !check.flag);
  if (checks.length === 0) return true;
  const values = new NaiveValues(model, execution);
  return checks.every((check) => values.holds(check) !== check.negated);
}

/** None of the values. */
export function isNone(index: number, values: readonly Value[]): Proposition {
  return values.reduce<Proposition>(
    (left, value) => ({ kind: 'and', left, right: compared('!=', index, value) }),
    { kind: 'constant', value: true },
  );
}

export function compared(op: '=' | '!=', index: number, value: Value): Proposition {
  return { kind: 'compare', op, left: { kind: 'observable', index }, right: { kind: 'value', value } };
}
