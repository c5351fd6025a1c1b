/**
 * One test: what was found beside all that is expected of it, by its comment, the project file and the baseline.
 *
 * Pure: a report and expectations to findings. A line of the comment that looks like an expectation and is none is an error here: a typo
 * must not switch a check off.
 */
import type { SearchOptions } from '../search/execution.js';
import type { Diagnostic } from '../text/diagnostic.js';
import { shellWord } from '../text/shell-word.js';
import type { FileReport, ModelFailure, ModelReport, TestReport } from '../verdict/report.js';
import { isSteady } from './baseline.js';
import { checkRecord, linePlace } from './check-outcomes.js';
import type { CheckStatus, Finding, ModelCheck, TestCheck } from './check-report.js';
import { checkExpectation } from './check-verdict.js';
import { type Draft, plainDraft } from './drafts.js';
import { type ExpectedOfTest, expectedOf, type FileExpectations, placeOf } from './expected.js';
import { presentFindings } from './present-findings.js';
import { leftOutModels, unaskedExpectations } from './unasked.js';

export interface CheckOptions {
  /** A test of which nothing is expected is an error. */
  readonly requireExpectations: boolean;
  /** Fewer models than usual are asked, at somebody's word: that others say nothing is no news. */
  readonly isNarrowed: boolean;
  /** Asked once: what searches for pictures may take; null: no pictures. */
  readonly pictureSearch: () => SearchOptions | null;
  /** git has earlier versions of the test, perhaps. Absent: it has none. */
  readonly hasHistory?: boolean;
}

const noFinding = {
  severity: 'error',
  model: null,
  expected: null,
  found: null,
  by: null,
  place: null,
  picture: null,
  hint: null,
} as const;

function inputFinding(diagnostic: Diagnostic, model: string | null = null): Finding {
  const { message, span, hint } = diagnostic;
  return { ...noFinding, kind: 'input', model, message, hint, place: span === null ? null : placeOf(span) };
}

/** From the worst. */
const bySeverity: readonly CheckStatus[] = ['internal', 'input', 'different', 'limit'];

function statusOfError(kind: Finding['kind']): CheckStatus {
  return kind === 'internal' || kind === 'input' || kind === 'limit' ? kind : 'different';
}

/** `isExpecting`: whether anything is expected at all. */
export function statusOf(findings: readonly Finding[], isExpecting: boolean): CheckStatus {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const found = new Set(errors.map(({ kind }) => statusOfError(kind)));
  return bySeverity.find((status) => found.has(status)) ?? (isExpecting ? 'same' : 'nothing-expected');
}

/** Lines that look like expectations and are none. */
function mistakenExpectations({ diagnostics }: TestReport, { isNarrowed }: CheckOptions): readonly Finding[] {
  return diagnostics.flatMap((diagnostic) => {
    if (!diagnostic.code.startsWith('expectation-')) return [];
    // it may be of a model that is not asked this time
    const isExcused = isNarrowed && diagnostic.code === 'expectation-unknown-model';
    const finding = { ...inputFinding(diagnostic), by: 'comment' as const };
    return isExcused ? [] : [finding];
  });
}

/** One test's check, model by model. */
class TestChecker {
  readonly drafts: Draft[] = [];
  isExpecting = false;
  private readonly expected: ExpectedOfTest;
  private readonly search: SearchOptions | null;

  constructor(
    private readonly test: TestReport,
    private readonly expectations: FileExpectations,
    private readonly options: CheckOptions,
  ) {
    const expected = expectedOf(test, expectations.project);
    // what the command line leaves out, somebody left out on purpose
    const unasked = options.isNarrowed ? [] : unaskedExpectations(test, expectations.project);
    this.expected = { ...expected, findings: [...expected.findings, ...unasked] };
    this.search = options.pictureSearch();
  }

  check(): readonly ModelCheck[] {
    this.add(...mistakenExpectations(this.test, this.options), ...this.expected.findings);
    const models = this.test.models.map((report) => this.checkModel(report));
    this.checkLostModels();
    this.checkJudged();
    this.checkRecorded();
    this.requireExpectations();
    return models;
  }

  private add(...findings: readonly Finding[]): void {
    this.drafts.push(...findings.map(plainDraft));
  }

  private checkModel(report: ModelReport): ModelCheck {
    const { model } = report;
    const expected = this.expected.byModel.get(model);
    const before = this.expectations.baseline?.outcomes.find((each) => each.model === model);
    if (report.kind === 'failure') {
      // whom somebody names, and another expects something of; unaskedExpectations() says it of the others
      if (!report.excused || (expected !== undefined && this.options.isNarrowed)) this.addFailure(report);
      return { ...emptyCheck, model, expected: expected?.verdict ?? null };
    }
    const drafts: Draft[] = [];
    if (expected !== undefined) {
      this.isExpecting = true;
      drafts.push(...checkExpectation(report, expected, { test: this.test.name, search: this.search }));
    }
    if (before !== undefined) {
      this.isExpecting ||= isSteady(before.limit) || before.verdict !== 'Unknown';
      drafts.push(...this.checkBefore(report, before, drafts));
    }
    this.drafts.push(...withGoneState(drafts));
    const recordedVerdict = before === undefined || before.verdict === 'Unknown' ? null : before.verdict;
    const verdictOf = expected?.verdict ?? recordedVerdict;
    if (report.kind === 'unfinished')
      return { ...emptyCheck, model, verdict: 'Unknown', expected: verdictOf, limit: report.limit };
    const { verdict, seconds, result } = report;
    const flags = result.flags.map(({ name }) => name);
    return { model, verdict, expected: verdictOf, flags, limit: result.limit, seconds };
  }

  private checkBefore(
    report: Exclude<ModelReport, { kind: 'failure' }>,
    before: NonNullable<FileExpectations['baseline']>['outcomes'][number],
    said: readonly Draft[],
  ): readonly Draft[] {
    const { baseline: entry, baselineFile: file } = this.expectations;
    if (entry === null || file === null) return [];
    const isSaid = (kind: Finding['kind']): boolean => said.some(({ finding }) => finding.kind === kind);
    const drawing = { test: this.test.name, search: this.search };
    return checkRecord(report, drawing, before, { file, entry }, isSaid('verdict')).filter(
      ({ finding: { kind, found } }) =>
        // said of the expectation already
        !(kind === 'limit' && isSaid('limit')) &&
        !(kind === 'flag-appeared' && found === 'data-race' && isSaid('data-race')),
    );
  }

  private addFailure({ model, excused, diagnostics }: ModelFailure): void {
    for (const diagnostic of diagnostics)
      if (diagnostic.severity === 'error' || excused) this.add(inputFinding(diagnostic, model));
  }

  /** Asked with many others: of this one, the models say nothing. */
  private checkJudged(): void {
    const { models, diagnostics } = this.test;
    if (models.some((report) => report.kind !== 'failure' || !report.excused)) return;
    const reasons = [...diagnostics, ...models.flatMap((report) => report.diagnostics)].filter(
      ({ code }) => !code.startsWith('expectation-'),
    );
    const reason = reasons.find(({ code }) => code === 'model-does-not-fit') ?? reasons[0];
    const why = reason === undefined ? '' : `: ${reason.message}`;
    if (this.drafts.some(({ finding }) => finding.severity === 'error')) return;
    this.add({ ...noFinding, kind: 'no-such-model', severity: 'warning', message: `not judged${why}` });
  }

  /** Models that the baseline has, and that do not judge the test now. */
  private checkLostModels(): void {
    const { baseline, baselineFile: file } = this.expectations;
    if (baseline === null || file === null || this.options.isNarrowed) return;
    for (const { model } of baseline.outcomes) {
      const report = this.test.models.find((each) => each.model === model);
      if (report !== undefined && !(report.kind === 'failure' && report.excused)) continue;
      this.add({
        ...noFinding,
        kind: 'no-such-model',
        model,
        message: `the baseline has outcomes under ${model}, which does not judge the test now`,
        by: 'baseline',
        place: linePlace(file, baseline.modelLines.get(model) ?? baseline.line),
      });
    }
  }

  /** What the baseline has not. */
  private checkRecorded(): void {
    const { baseline, baselineFile } = this.expectations;
    if (baselineFile === null) return;
    const { test } = this;
    const add = (model: string | null, message: string): void =>
      void this.add({
        ...noFinding,
        kind: 'not-in-baseline',
        severity: 'warning',
        model,
        message,
        hint: `\`fencepost baseline ${shellWord(test.source.name)}\` adds it`,
      });
    if (baseline === null) {
      add(null, 'this test is not in the baseline');
      return;
    }
    for (const { model, kind } of test.models)
      if (kind !== 'failure' && !baseline.outcomes.some((each) => each.model === model))
        add(model, `the baseline has nothing under ${model}`);
  }

  private requireExpectations(): void {
    if (!this.options.requireExpectations || this.isExpecting || this.expected.isDeclined) return;
    this.add({
      ...noFinding,
      kind: 'not-in-baseline',
      message: 'nothing is expected of this test',
      hint: "write ` * Result: Never` into its comment, or expect 'nothing' in the project file",
    });
  }
}

const emptyCheck = { verdict: null, expected: null, flags: [], limit: null, seconds: 0 } as const;

/**
 * Of a verdict that some state made, and that state is gone: which one, if there is but one. Of the others, each vanished state is told
 * for itself.
 */
function withGoneState(drafts: readonly Draft[]): readonly Draft[] {
  const [state, ...others] = drafts.flatMap(({ finding }) =>
    finding.kind === 'vanished' ? (finding.state ?? []) : [],
  );
  if (state === undefined || others.length > 0) return drafts;
  return drafts.map((draft) => {
    const { kind, found, state: known } = draft.finding;
    const isMeant = kind === 'verdict' && found === 'Never' && known === undefined;
    return isMeant ? { ...draft, finding: { ...draft.finding, state } } : draft;
  });
}

export function checkTest(
  report: FileReport,
  expectations: FileExpectations,
  options: CheckOptions,
): TestCheck {
  const file = report.source.name.replaceAll('\\', '/');
  if (report.kind === 'input-failure') {
    const errors = report.diagnostics.filter(({ severity }) => severity === 'error');
    const findings = errors.map((diagnostic) => inputFinding(diagnostic));
    return { file, test: null, status: 'input', findings, models: [], seconds: 0 };
  }
  const checker = new TestChecker(report, expectations, options);
  const models = checker.check();
  const findings = presentFindings(checker.drafts, report, file, options.hasHistory === true);
  const unasked = options.isNarrowed ? leftOutModels(report, expectations) : [];
  return {
    file,
    test: report.name,
    status: statusOf(findings, checker.isExpecting),
    findings,
    models,
    ...(unasked.length === 0 ? {} : { unasked }),
    seconds: models.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}
