/**
 * What has to be true of any input whatever, checked by taking it through the whole pipeline: it ends in answers or in errors that
 * point into its text, nothing throws, formatting twice is formatting once, and what tests name is never markup.
 */
import { baselineText } from '../../check/baseline.js';
import { readConfig } from '../../check/config-schema.js';
import { readBaseline } from '../../check/read-baseline.js';
import { readLog } from '../../compare/read-log.js';
import { readMacros } from '../../elaborate/def-macros.js';
import { explainRun } from '../../explain/explain-run.js';
import { explanationJson } from '../../explain/explanation-json.js';
import { explanationText } from '../../explain/explanation-text.js';
import { toDot } from '../../graph/dot.js';
import { picturesOfRun } from '../../graph/pictures-of-run.js';
import { tidySvg } from '../../graph/svg.js';
import { toText } from '../../graph/text.js';
import { deadline, now } from '../../io/clock.js';
import type { Drawer } from '../../io/graphviz.js';
import { readLocatedJson } from '../../io/locate-field.js';
import { memoryLimit } from '../../io/memory.js';
import { renderPage } from '../../page/page-html.js';
import { viewOfTest } from '../../page/test-data.js';
import { standingOf } from '../../proof/claim.js';
import { proofDocument } from '../../proof/document.js';
import { findEvidence } from '../../proof/evidence.js';
import { findBarriers } from '../../regress/barriers.js';
import { renderBarriers } from '../../regress/barriers-text.js';
import { defaultVariantOptions } from '../../regress/variants.js';
import type { Mode } from '../../search/execution.js';
import { readConfiguration } from '../../syntax/configuration.js';
import { formatLitmus } from '../../syntax/format.js';
import { type Diagnostic, hasErrors } from '../../text/diagnostic.js';
import { renderDiagnostics } from '../../text/render.js';
import type { SourceFile } from '../../text/source.js';
import { renderHerdReport } from '../../verdict/herd-report.js';
import { jsonResults } from '../../verdict/json-report.js';
import { type UserModel, userModel } from '../../verdict/judge.js';
import { type FileReport, isRun, type ModelRun, type TestReport } from '../../verdict/report.js';
import { defaultRunOptions, type RunOptions, runTest } from '../../verdict/run-test.js';
import { plainTablePalette, renderTable } from '../../verdict/table.js';
import { MARK } from './damage.js';
import type { FuzzInput } from './inputs.js';
import { modelForBell, testsForModels } from './seeds.js';

/** What became of an input. */
export type End = 'verdicts' | 'errors' | 'limits';

export interface CheckSettings {
  /** Seconds for each model, and for each further step. */
  readonly seconds: number;
  readonly megabytes: number;
  /** Whether to do what takes longer, too: pictures, explanations, barriers, documents, a page. */
  readonly thorough: boolean;
  /** Null: no picture becomes an SVG. */
  readonly drawer: Drawer | null;
}

/** Something is not as it has to be: our bug. */
export class FuzzFault extends Error {
  override readonly name = 'FuzzFault';
}

function require(condition: boolean, what: string): asserts condition {
  if (!condition) throw new FuzzFault(what);
}

/** Every place lies in a text, and rendering adds no control characters. */
function checkDiagnostics(diagnostics: readonly Diagnostic[]): void {
  for (const { span, notes, code } of diagnostics)
    for (const place of [span, ...notes.map((note) => note.span)]) {
      if (place === null) continue;
      const { start, end, file } = place;
      const isInside = start >= 0 && start <= end && end <= Math.max(file.text.length, start);
      require(isInside && start <= file.text.length, `the place of \`${code}\` is outside of the text`);
    }
  renderDiagnostics(diagnostics);
}

/** An error without a place leaves its reader alone; too much nesting and too many lines have none. */
const withoutPlace: ReadonlySet<string> = new Set(['too-deep', 'cannot-format', 'not-a-log']);

function checkErrors(diagnostics: readonly Diagnostic[], isValue: boolean): void {
  checkDiagnostics(diagnostics);
  require(isValue !== hasErrors(diagnostics), isValue ? 'errors beside a value' : 'no value, and no error');
  for (const { severity, span, code } of diagnostics)
    require(severity !== 'error' || span !== null || withoutPlace.has(code), `\`${code}\` has no place`);
}

function checkMarkup(text: string, what: string): void {
  require(!text.includes(MARK), `${what}: markup of the test is markup of ours`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  require(!/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.test(text), `${what}: a control character`);
}

/** Without what Markdown shows as it is. */
function proseOf(markdown: string): string {
  return markdown.replace(/^(`{3,})[\s\S]*?^\1$/gm, '').replace(/(`+)[\s\S]*?\1/g, '');
}

function optionsFor({ seconds, megabytes }: CheckSettings): RunOptions {
  return {
    ...defaultRunOptions,
    now,
    expiry: () => {
      const isOver = deadline(seconds);
      const isFull = memoryLimit(megabytes);
      return () => isOver?.() === true || isFull?.() === true;
    },
  };
}

class Checker {
  constructor(private readonly settings: CheckSettings) {}

  private get expired(): (() => boolean) | null {
    return deadline(this.settings.seconds);
  }

  private get search() {
    return { mode: 'outcomes', unroll: 2, expired: this.expired } as const;
  }

  async litmus(source: SourceFile): Promise<End> {
    const report = runTest(source, optionsFor(this.settings));
    const end = this.report(report, 'outcomes');
    this.format(source, report.kind === 'input-failure');
    if (report.kind === 'test' && this.settings.thorough && end !== 'errors') await this.documents(report);
    return end;
  }

  private report(report: FileReport, mode: Mode): End {
    if (report.kind === 'input-failure') {
      checkErrors(report.diagnostics, false);
      jsonResults(report);
      return 'errors';
    }
    checkDiagnostics(report.diagnostics);
    JSON.stringify(jsonResults(report));
    renderTable(report, { width: 80, unicode: true, palette: plainTablePalette });
    const ends = new Set<End>();
    for (const model of report.models) {
      if (model.kind === 'run') {
        checkDiagnostics(model.diagnostics);
        if (mode === 'count') renderHerdReport(report, model);
        this.verdict(model);
        ends.add(model.result.limit === null ? 'verdicts' : 'limits');
      } else if (model.kind === 'failure') {
        if (!model.excused) checkErrors(model.diagnostics, false);
        ends.add('errors');
      } else ends.add('limits');
    }
    return ends.has('limits') ? 'limits' : ends.has('verdicts') ? 'verdicts' : 'errors';
  }

  /** Where a limit left something open, nothing is said of all executions but what a search for that alone has settled. */
  private verdict({ verdict, result }: ModelRun): void {
    const isOpen = result.limit !== null && result.explored !== undefined;
    require(!(isOpen && verdict === 'Deadlock'), 'a deadlock, though a limit was hit');
    const said = result.states.map(({ satisfies }) => satisfies);
    require(verdict !== 'Never' || !said.includes(true), 'Never, with a state that satisfies the condition');
    require(verdict !== 'Always' || !said.includes(false), 'Always, with a state that does not satisfy it');
  }

  private format(source: SourceFile, isRefused: boolean): void {
    const once = formatLitmus(source);
    checkDiagnostics(once.diagnostics);
    if (once.value === null) return;
    const twice = formatLitmus({ name: source.name, text: once.value });
    require(twice.value !== null, 'what fmt printed cannot be formatted');
    require(twice.value === once.value, 'fmt(fmt(x)) is not fmt(x)');
    if (!isRefused) return;
    const again = runTest({ name: source.name, text: once.value }, optionsFor(this.settings));
    require(again.kind === 'input-failure', 'fmt made a test of what was none');
  }

  private async documents(report: TestReport): Promise<void> {
    for (const run of report.models.filter(isRun)) {
      const explanation = explainRun(run, { search: this.search, arguments: 2 });
      explanationText(explanation);
      JSON.stringify(explanationJson(explanation));
      await this.pictures(run, report);
      this.proof(run, report);
    }
    this.page(report);
    const counted = { ...optionsFor(this.settings), models: 'own', mode: 'count' } as const;
    this.report(runTest(report.source, counted), 'count');
    const barriers = findBarriers(report.source, {
      ...defaultVariantOptions,
      expired: this.expired,
      plain: false,
    });
    checkDiagnostics(barriers.diagnostics);
    if (barriers.report !== null) renderBarriers(barriers.report, { width: 80 });
  }

  private async pictures(run: ModelRun, { name }: TestReport): Promise<void> {
    const { drawer } = this.settings;
    const { pictures } = picturesOfRun(run, name, { search: this.search, most: 2 });
    for (const { graph } of pictures) {
      toText(graph);
      const dot = toDot(graph);
      if (drawer === null) continue;
      checkMarkup(tidySvg(await drawer.drawSvg(dot), graph), 'an SVG');
    }
  }

  private proof(run: ModelRun, { name, source }: TestReport): void {
    const claim = run.verdict.toLowerCase();
    if (claim !== 'never' && claim !== 'sometimes' && claim !== 'always') return;
    if (standingOf(claim, run.verdict) !== 'holds') return;
    const evidence = findEvidence(run, claim, { search: this.search, most: 4 });
    if (evidence.kind === 'limit') return;
    const { text } = proofDocument({
      run,
      claim,
      evidence,
      test: name,
      source,
      assembly: null,
      barriers: null,
      commands: [],
      version: '0',
      pictureFile: null,
    });
    checkMarkup(proseOf(text), 'a proof');
  }

  private page(report: TestReport): void {
    const view = viewOfTest(report, () => ({ search: this.search, most: 2 }));
    const base64 = (text: string) => Buffer.from(text).toString('base64');
    const script = { text: '', compress: base64, digest: base64 };
    checkMarkup(renderPage([{ kind: 'judged', view, drawings: new Map() }], script), 'a page');
  }

  cat(source: SourceFile, bell: SourceFile | null): End {
    const model = userModel({
      name: source.name,
      source,
      resolveInclude: () => null,
      options: { variants: ['v'], ...(bell === null ? {} : { bell }) },
      target: null,
    });
    return this.model(model);
  }

  private model(model: UserModel): End {
    const compiled = model.compile('lkmm', deadline(this.settings.seconds));
    if (compiled.limit !== null) return 'limits';
    checkErrors(compiled.diagnostics, compiled.value !== null);
    if (compiled.value === null) return 'errors';
    return this.tests({ ...optionsFor(this.settings), models: [model] });
  }

  private tests(options: RunOptions): End {
    const ends = testsForModels.map((text) =>
      this.report(runTest({ name: 't.litmus', text }, options), 'outcomes'),
    );
    return ends.find((end) => end !== 'verdicts') ?? 'verdicts';
  }

  macros(source: SourceFile): End {
    const { value, diagnostics } = readMacros(source);
    checkErrors(diagnostics, value !== null);
    if (value === null) return 'errors';
    return this.tests({ ...optionsFor(this.settings), models: ['lkmm'], macros: value });
  }

  configuration(source: SourceFile): End {
    const { value, diagnostics } = readConfiguration(source);
    checkErrors(diagnostics, value !== null);
    return value === null ? 'errors' : 'verdicts';
  }

  project(source: SourceFile): End {
    const json = readLocatedJson(source);
    checkErrors(json.diagnostics, json.value !== null);
    if (json.value === null) return 'errors';
    const { value, diagnostics } = readConfig(json.value.data, source.name, json.value.locate);
    checkErrors(diagnostics, value !== null);
    return value === null ? 'errors' : 'verdicts';
  }

  /** What is read is written as it was, but for what people add to it. */
  baseline(source: SourceFile): End {
    const { value, diagnostics } = readBaseline(source);
    checkErrors(diagnostics, value !== null);
    if (value === null) return 'errors';
    const text = baselineText(new Map([...value].map(([file, { outcomes }]) => [file, outcomes])));
    const again = readBaseline({ name: source.name, text });
    require(again.value !== null, 'a baseline as we write it cannot be read');
    const twice = baselineText(new Map([...again.value].map(([file, { outcomes }]) => [file, outcomes])));
    require(twice === text, 'a baseline that is read and written has changed');
    return 'verdicts';
  }

  log(source: SourceFile): End {
    const { value, diagnostics } = readLog(source, 'herd7');
    checkErrors(diagnostics, value !== null);
    return value === null ? 'errors' : 'verdicts';
  }
}

const model: SourceFile = { name: 'm.cat', text: modelForBell };

/** Takes an input to its end. Throws if something is not as it has to be. */
export async function checkInput({ kind, text }: FuzzInput, settings: CheckSettings): Promise<End> {
  const checker = new Checker(settings);
  const source: SourceFile = { name: `fuzz.${kind}`, text };
  switch (kind) {
    case 'cat':
      return checker.cat(source, null);
    case 'bell':
      return checker.cat(model, source);
    case 'def':
      return checker.macros(source);
    case 'cfg':
      return checker.configuration(source);
    case 'config':
      return checker.project(source);
    case 'baseline':
      return checker.baseline(source);
    case 'log':
      return checker.log(source);
    default:
      return checker.litmus(source);
  }
}
