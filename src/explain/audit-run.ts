/** The audit of an explanation of a run, of whatever kind, flags included: the part for each kind, composed. */
import type { ModelRun } from '../verdict/report.js';
import { type AuditResult, joined } from './audit-derivation.js';
import { expect } from './audit-execution.js';
import { auditAllowed, auditArgument } from './audit-explanation.js';
import { auditStory } from './audit-story.js';
import { auditClaim } from './claim.js';
import { asksForProposition } from './explain-run.js';
import type { Explanation, OutcomeExplanation, Sentence } from './explanation.js';
import { auditFlag } from './flags.js';
import { NaiveValues } from './naive-values.js';

/** How many facts hold, and what is wrong. */
export function auditRun(explanation: Explanation, run: ModelRun): AuditResult {
  const { explained, flags } = explanation;
  const flagResults = flags.map((flag): AuditResult => {
    const values = new NaiveValues(run.compiled, flag.execution);
    const checks = run.compiled.checks.filter((check) => check.flag && check.name === flag.name);
    const isRaised = checks.some((check) => values.holds(check) !== check.negated);
    const faults = auditFlag(flag, run.compiled);
    return joined([
      expect(isRaised, `the flag ${flag.name} is not raised`),
      { facts: flag.sentences.length, faults },
    ]);
  });
  return joined([auditOutcome(explained, run), ...flagResults]);
}

/** Of remarks that are about all executions. */
function auditRemarks(sentences: readonly Sentence[]): AuditResult[] {
  return sentences.flatMap(({ text, claims = [] }) => [
    expect(claims.length > 0, `nothing bears out: ${text}`),
    ...claims.map(auditClaim),
  ]);
}

function auditOutcome(explained: OutcomeExplanation, run: ModelRun): AuditResult {
  const { program, compiled, result } = run;
  const satisfies = asksForProposition(program);
  const isAllowed = result.states.some((state) => state.satisfies === satisfies);
  switch (explained.kind) {
    case 'allowed': {
      const { story } = explained;
      const faults = auditStory(story, compiled);
      return joined([
        expect(isAllowed, 'the outcome is told as allowed, and is not'),
        auditAllowed(story.execution, compiled, satisfies),
        { facts: story.sentences.length, faults },
      ]);
    }
    case 'forbidden':
      return joined([
        expect(!isAllowed, 'the outcome is refused, and is allowed'),
        ...explained.arguments.map((argument) => auditArgument(argument, compiled, satisfies)),
      ]);
    case 'impossible':
      return joined([
        expect(!isAllowed, 'the outcome is called impossible, and is allowed'),
        ...auditRemarks(explained.sentences),
      ]);
    case 'deadlock':
      return joined([
        expect(result.states.length === 0, 'a deadlock ends in a state'),
        ...auditRemarks(explained.sentences),
      ]);
    case 'unknown':
      return expect(!isAllowed, 'the outcome is called unknown, and is allowed');
  }
}
