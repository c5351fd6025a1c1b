/**
 * Expectations of a test about models that do not judge it: those that the project file's `models` leave out, and those that do not fit the
 * test. Nobody would hear of them otherwise, and what differs under such a model would pass for as expected.
 */
import { fittingModels, isModelName, ownModel } from '../verdict/model-choice.js';
import type { ModelReport, TestReport } from '../verdict/report.js';
import type { Finding } from './check-report.js';
import { type Expected, expectationText, isOwnModel, type ProjectExpectation, placeOf } from './expected.js';

type Expectation = Pick<Expected, 'verdict' | 'dataRace' | 'by' | 'place'>;

function hasJudged(report: ModelReport): boolean {
  return report.kind !== 'failure' || !report.excused;
}

/** What comment and project file expect together, by the names that they use, but what a model of the test's own language takes over. */
function namedExpectations(
  test: TestReport,
  project: readonly ProjectExpectation[],
): ReadonlyMap<string, Expectation> {
  const own = ownModel(test.language);
  const isOwnAsked = test.models.some((report) =>
    isOwnModel(report.model, report.kind === 'failure' ? null : report.program.dialect, test.language),
  );
  const named = new Map<string, Expectation>();
  for (const [model, { verdict, dataRace, span }] of test.expectations)
    named.set(model, { verdict, dataRace, by: 'comment', place: span === null ? null : placeOf(span) });
  for (const { of, verdict, dataRace, place } of project) {
    if (of === 'all') named.clear();
    const model = of === 'own' ? own : of === 'all' ? null : of.model;
    if (model === null) continue;
    if (verdict === null) named.delete(model);
    else named.set(model, { verdict, dataRace, by: 'project', place });
  }
  if (isOwnAsked && !test.models.some(({ model }) => model === own)) named.delete(own);
  return named;
}

function reasonOf(test: TestReport, model: string): string {
  const failure = test.models.find((each) => each.model === model);
  const [first] = failure?.diagnostics ?? [];
  if (first !== undefined) return `which cannot judge this test: ${first.message}`;
  const isMisfit = isModelName(model) && !fittingModels(test.language).includes(model);
  return isMisfit
    ? 'which does not judge tests in this language'
    : 'which is not among the models that are asked';
}

/** An error for each expectation that nobody is asked about. */
export function unaskedExpectations(
  test: TestReport,
  project: readonly ProjectExpectation[],
): readonly Finding[] {
  const judged = new Set(test.models.filter(hasJudged).map(({ model }) => model));
  return [...namedExpectations(test, project)].flatMap(([model, expectation]): Finding[] => {
    const { by, place } = expectation;
    // a name that the project file alone knows is a mistake there, and is told once
    if (judged.has(model) || (by === 'project' && !isModelName(model))) return [];
    const expected = expectationText(expectation);
    const who = by === 'comment' ? 'the comment' : 'the project file';
    return [
      {
        kind: 'no-such-model',
        severity: 'error',
        model,
        message: `${who} expects ${expected} under ${model}, ${reasonOf(test, model)}`,
        expected,
        found: null,
        by,
        place,
        picture: null,
        hint: `ask ${model}, too, or expect nothing of it, in the project file: \`{ "${model}": "nothing" }\``,
      },
    ];
  });
}
