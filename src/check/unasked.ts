/**
 * Expectations of a test about models that do not judge it: those that the project file's `models` leave out, and those that do not fit the
 * test. Nobody would hear of them otherwise, and what differs under such a model would pass for as expected.
 */
import { fittingModels, isModelName, ownModel } from '../verdict/model-choice.js';
import type { ModelReport, TestReport } from '../verdict/report.js';
import type { CheckSummary, Finding, TestCheck } from './check-report.js';
import {
  type Expected,
  expectationText,
  type FileExpectations,
  isOwnModel,
  type ProjectExpectation,
  placeOf,
} from './expected.js';

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

const LEFT_OUT = 'which is not among the models that are asked';

function reasonOf(test: TestReport, model: string): string {
  const failure = test.models.find((each) => each.model === model);
  const [first] = failure?.diagnostics ?? [];
  if (first !== undefined) return `which cannot judge this test: ${first.message}`;
  return isLeftOut(test, model) ? LEFT_OUT : 'which does not judge tests in this language';
}

/** Whether a model could judge the test, and is not asked. */
function isLeftOut(test: TestReport, model: string): boolean {
  const isMisfit = isModelName(model) && !fittingModels(test.language).includes(model);
  return !isMisfit && !test.models.some((each) => each.model === model);
}

/** Models under which something is expected, and which could judge the test, were they asked; `baseline`: its entry, of the asked alone. */
export function leftOutModels(
  test: TestReport,
  { project, baseline }: Pick<FileExpectations, 'project' | 'baseline'>,
): readonly string[] {
  const recorded = baseline === null ? [] : baseline.modelLines.keys();
  const names = new Set([...namedExpectations(test, project).keys(), ...recorded]);
  return [...names].filter((model) => isLeftOut(test, model)).sort();
}

function isUnasked({ kind, severity }: Finding): boolean {
  return kind === 'no-such-model' && severity === 'warning';
}

/** A check without what is said once of all tests, and the models that this is about. */
export function withoutUnasked(check: TestCheck): {
  readonly check: TestCheck;
  readonly models: readonly string[];
} {
  const models = check.findings.filter(isUnasked).flatMap(({ model }) => model ?? []);
  return models.length === 0
    ? { check, models }
    : { check: { ...check, findings: check.findings.filter((each) => !isUnasked(each)) }, models };
}

/** What a summary says of the tests and expectations that a choice of models leaves aside. */
export class LeftAside {
  private notJudged = 0;
  /** By model, of how many tests something is expected under it. */
  private readonly unasked = new Map<string, number>();

  add({ status, models, unasked = [] }: TestCheck): void {
    for (const model of unasked) this.unasked.set(model, (this.unasked.get(model) ?? 0) + 1);
    if (status === 'nothing-expected' && models.every(({ verdict }) => verdict === null)) this.notJudged++;
  }

  summary(): Pick<CheckSummary, 'notJudged' | 'unasked'> {
    return {
      ...(this.notJudged === 0 ? {} : { notJudged: this.notJudged }),
      ...(this.unasked.size === 0 ? {} : { unasked: Object.fromEntries([...this.unasked].sort()) }),
    };
  }
}

export function leftAside(tests: readonly TestCheck[]): Pick<CheckSummary, 'notJudged' | 'unasked'> {
  const left = new LeftAside();
  for (const test of tests) left.add(test);
  return left.summary();
}

/** `tests`: how many have comments that expect something of the model. */
export function unaskedSummary(model: string, tests: number): Finding {
  const who = tests === 1 ? 'the comment of 1 test expects' : `the comments of ${tests} tests expect`;
  return {
    kind: 'no-such-model',
    severity: 'warning',
    model,
    message: `${who} something under ${model}, ${LEFT_OUT}`,
    expected: null,
    found: null,
    by: 'comment',
    place: null,
    picture: null,
    hint: null,
  };
}

/**
 * A finding for each expectation that nobody is asked about: a mistake, but for that of a comment under a model that judges the test
 * elsewhere. A project that asks fewer models than its tests speak of is told so, once (`withoutUnasked`).
 */
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
        severity: by === 'comment' && isLeftOut(test, model) ? 'warning' : 'error',
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
