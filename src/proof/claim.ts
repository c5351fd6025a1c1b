/**
 * What a proof document claims of a test under a model, and whether the verdict bears it out.
 *
 * First step of proof/: the claim is about the condition's proposition, whatever its quantifier, as verdicts are.
 */
import { showProposition } from '../program/condition-text.js';
import type { Program, Proposition } from '../program/ir.js';
import { assertNever } from '../text/diagnostic.js';
import type { Verdict } from '../verdict/verdict.js';
import { code } from './markdown.js';

export const claims = ['never', 'sometimes', 'always'] as const;

export type Claim = (typeof claims)[number];

/** `open`: a limit came first. `vacuous`: no execution completes, so that nothing is said of the code. */
export type Standing = 'holds' | 'fails' | 'open' | 'vacuous';

export function standingOf(claim: Claim, verdict: Verdict): Standing {
  switch (verdict) {
    case 'Unknown':
      return 'open';
    case 'Deadlock':
      return 'vacuous';
    case 'Never':
    case 'Sometimes':
    case 'Always':
      return verdict.toLowerCase() === claim ? 'holds' : 'fails';
    default:
      return assertNever(verdict);
  }
}

/** `1:r0=1 /\ 1:r1=0` */
export function outcomeText({ condition, observed }: Program): string {
  return showProposition(condition.proposition, observed);
}

/** What executions have to end in to count: `1:r0=1`; null: all count. */
export function filterText({ filter, observed }: Program): string | null {
  return filter === null ? null : showProposition(filter, observed);
}

/** What no execution may end in if the claim is `never` or `always`. */
export function forbiddenOutcome({ condition }: Program, claim: 'never' | 'always'): Proposition {
  const { proposition } = condition;
  return claim === 'never' ? proposition : { kind: 'not', operand: proposition };
}

/** `not (1:r0=1 /\\ 1:r1=0)` */
export function otherwiseText(program: Program): string {
  return `not (${outcomeText(program)})`;
}

/** What the claim answers, in one sentence: `forall` asks for all executions, and so does a claim about all of them. */
export function questionText(claim: Claim, program: Program): string {
  const outcome = `\`${outcomeText(program)}\``;
  const isOfAll = claim === 'always' || (claim === 'sometimes' && program.condition.quantifier === 'forall');
  const filter = filterText(program);
  const passing = filter === null ? '' : ` that passes the test's filter \`${filter}\``;
  return isOfAll
    ? `The question is whether every execution${passing} ends with ${outcome}.`
    : `The question is whether an execution${passing} can end with ${outcome}.`;
}

/** One sentence. */
export function claimText(claim: Claim, program: Program, model: string): string {
  const outcome = `\`${outcomeText(program)}\``;
  const filter = filterText(program);
  const passing = filter === null ? '' : ` and that passes the test's filter \`${filter}\``;
  switch (claim) {
    case 'never':
      return `No execution that ${code(model)} allows${passing} ends with ${outcome}.`;
    case 'always':
      return `Every execution that ${code(model)} allows${passing} ends with ${outcome}.`;
    case 'sometimes': {
      const passed = filter === null ? '' : `, all of which pass the test's filter \`${filter}\``;
      return `${code(model)} allows executions that end with ${outcome}, and executions that do not${passed}.`;
    }
    default:
      return assertNever(claim);
  }
}
