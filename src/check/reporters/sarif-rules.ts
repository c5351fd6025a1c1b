/** What each kind of finding means, as the rules of a SARIF report: code scanning shows them beside the findings. */
import type { FindingKind } from '../check-report.js';

export interface SarifRule {
  readonly id: FindingKind;
  /** For tools; Pascal case by convention. */
  readonly name: string;
  readonly summary: string;
  readonly help: string;
}

const judged = 'The picture shows an execution that the model allows now.';
const noticed =
  'If the change is wanted, change the expectation; if not, a barrier, a lock or an ordered access was weakened: compare with the last version that passed.';
const recorded = 'If the change is wanted, record it: `fencepost baseline`.';

const texts: Readonly<Record<FindingKind, readonly [name: string, summary: string, help: string]>> = {
  verdict: ['UnexpectedVerdict', "A memory model's verdict is not the expected one.", `${judged} ${noticed}`],
  'data-race': [
    'UnexpectedDataRace',
    'A data race is found that is not expected, or not found though it is.',
    `A data race makes all else that the kernel's model says of the test meaningless: mark the accesses or order them. ${noticed}`,
  ],
  appeared: [
    'OutcomeAppeared',
    'A final state is allowed that the baseline does not have.',
    `${judged} ${recorded}`,
  ],
  vanished: [
    'OutcomeVanished',
    'A final state of the baseline is not allowed any more.',
    `Stronger order, another program or another model excludes it. ${recorded}`,
  ],
  'flag-appeared': ['FlagAppeared', 'The model raises a flag that the baseline does not have.', recorded],
  'flag-vanished': ['FlagVanished', 'A flag of the baseline is not raised any more.', recorded],
  question: [
    'OtherQuestion',
    'The test observes other names than the baseline, so that outcomes cannot be compared.',
    recorded,
  ],
  'not-in-baseline': ['NotInBaseline', 'The baseline has no outcomes of this test.', recorded],
  'no-such-test': [
    'NoSuchTest',
    'Something is expected of a test that is not there.',
    'A test that was moved or deleted is not checked any more: change the expectation with it.',
  ],
  'no-such-model': [
    'NoSuchModel',
    'Something is expected under a model that does not judge the test.',
    'The expectation is not checked: correct the name, or run the model.',
  ],
  limit: [
    'Undecided',
    'A limit was reached before the expectation was decided.',
    'Give more time, memory or unrolling, or make the test smaller.',
  ],
  input: [
    'BadInput',
    'A test or an expectation cannot be read or judged.',
    'Correct the text at the place shown.',
  ],
  internal: ['InternalError', 'fencepost failed.', 'This is a bug in fencepost: please report it.'],
};

const kinds = Object.keys(texts) as readonly FindingKind[];

export const sarifRules: readonly SarifRule[] = kinds.map((id) => {
  const [name, summary, help] = texts[id];
  return { id, name, summary, help };
});
