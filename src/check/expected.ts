/**
 * What is expected of a test under each model: by its comment, and by the project file, which has the last word.
 *
 * The project file names tests by patterns; which of them fit a file is decided where files are known. Here are the expectations of one
 * file, in the order of the project file: a later one replaces an earlier one of the same model.
 */
import type { Dialect } from '../program/ir.js';
import { positionAt, type Span } from '../text/source.js';
import { isModelName, type Language, ownModel } from '../verdict/model-choice.js';
import type { Expectation, ExpectedVerdict, TestReport } from '../verdict/report.js';
import type { BaselineEntry } from './baseline.js';
import type { Finding, Place } from './check-report.js';

/** What the project file expects of one file. Plain data. */
export interface ProjectExpectation {
  /** All models, those that a plain `Result:` is about, or the one of this name. */
  readonly of: 'all' | 'own' | { readonly model: string };
  /** Null: nothing is expected, whatever the comment says. */
  readonly verdict: ExpectedVerdict | null;
  readonly dataRace: boolean;
  readonly place: Place | null;
}

/** An entry of the baseline whose file is gone. Plain data. */
export interface LostEntry {
  /** As the baseline has it. */
  readonly name: string;
  /** From where the command was started. */
  readonly file: string;
  readonly entry: BaselineEntry;
}

/** What is expected of one file beside what its comment says. Plain data. */
export interface FileExpectations {
  readonly project: readonly ProjectExpectation[];
  /** Null: there is no baseline, or it has no entry of this file. */
  readonly baseline: BaselineEntry | null;
  /** The baseline's file name; null: there is none. */
  readonly baselineFile: string | null;
  /** Entries of the baseline that this test may have moved from. Absent: none. */
  readonly lost?: readonly LostEntry[];
}

export const noExpectations: FileExpectations = { project: [], baseline: null, baselineFile: null };

/** An expectation with who has it and where. */
export interface Expected extends Expectation {
  readonly by: 'comment' | 'project';
  readonly place: Place | null;
}

export interface ExpectedOfTest {
  readonly byModel: ReadonlyMap<string, Expected>;
  /** Somebody says that nothing is expected. */
  readonly isDeclined: boolean;
  /** Warnings. */
  readonly findings: readonly Finding[];
}

export function placeOf({ file, start, end }: Span): Place {
  const from = positionAt(file, start);
  const to = positionAt(file, end);
  return {
    file: file.name,
    line: from.line,
    column: from.column,
    endLine: to.line,
    endColumn: to.column,
  };
}

/** `Sometimes DATARACE`. */
export function expectationText({ verdict, dataRace }: Pick<Expectation, 'verdict' | 'dataRace'>): string {
  return dataRace ? `${verdict} DATARACE` : verdict;
}

/** A model that is asked of the test. */
export interface AskedModel {
  readonly model: string;
  /** Whether a plain `Result:` is about it: that of the test's language, and the user's own that judge the same events. */
  readonly isOwn: boolean;
}

export function isOwnModel(model: string, dialect: Dialect | null, language: Language): boolean {
  const own = ownModel(language);
  return model === own || (!isModelName(model) && dialect === own);
}

function contradiction(model: string, comment: Expected, project: ProjectExpectation): Finding | null {
  const { verdict, dataRace, place } = project;
  if (verdict === null || (verdict === comment.verdict && dataRace === comment.dataRace)) return null;
  const [theirs, ours] = [expectationText(comment), expectationText({ verdict, dataRace })];
  return {
    kind: 'input',
    severity: 'warning',
    model,
    message: `the comment expects ${theirs} under ${model}, and the project file ${ours}, which counts`,
    expected: ours,
    found: null,
    by: 'comment',
    place: comment.place ?? place,
    picture: null,
    hint: null,
  };
}

/** What is expected of a test under the models that it was run with. */
export function expectedOf(test: TestReport, project: readonly ProjectExpectation[]): ExpectedOfTest {
  const models = test.models.map((report): AskedModel => {
    const dialect = report.kind === 'failure' ? null : report.program.dialect;
    return { model: report.model, isOwn: isOwnModel(report.model, dialect, test.language) };
  });
  return combineExpectations(test.expectations, models, project);
}

/** What a test's comment and the project file expect together of these models. */
export function combineExpectations(
  comment: TestReport['expectations'],
  models: readonly AskedModel[],
  project: readonly ProjectExpectation[],
): ExpectedOfTest {
  const byModel = new Map<string, Expected>();
  for (const [model, expectation] of comment) {
    const { span } = expectation;
    byModel.set(model, { ...expectation, by: 'comment', place: span === null ? null : placeOf(span) });
  }
  const comments = new Map(byModel);
  for (const each of project)
    for (const { model, isOwn } of models) {
      const { of, verdict, dataRace, place } = each;
      const isMeant = of === 'all' || (of === 'own' ? isOwn : of.model === model);
      if (!isMeant) continue;
      if (verdict === null) byModel.delete(model);
      else byModel.set(model, { verdict, dataRace, span: null, by: 'project', place });
    }
  const findings: Finding[] = [];
  for (const [model, comment] of comments) {
    const now = byModel.get(model);
    const last = now?.by === 'project' ? contradiction(model, comment, { of: 'all', ...now }) : null;
    if (last !== null) findings.push(last);
  }
  return { byModel, isDeclined: project.some(({ verdict }) => verdict === null), findings };
}
