/** `fencepost run`: tests to tables, to herd7's report or to JSON. Diagnostics go to standard error. */

import { deadline, now } from '../io/clock.js';
import { expandInputs } from '../io/expand-inputs.js';
import { type LoadedModels, loadModels } from '../io/load-models.js';
import { readSource } from '../io/read-source.js';
import type { Mode, SearchOptions } from '../search/execution.js';
import { defaultSearchOptions } from '../search/search.js';
import type { Techniques } from '../search/techniques.js';
import { type Diagnostic, hasErrors } from '../text/diagnostic.js';
import type { SourceFile } from '../text/source.js';
import { mismatch } from '../verdict/expectation.js';
import { renderHerdReport } from '../verdict/herd-report.js';
import { type JsonResult, jsonResults } from '../verdict/json-report.js';
import { type FileReport, isRun, type ModelReport, type TestReport } from '../verdict/report.js';
import { type RunOptions, runTest } from '../verdict/run-test.js';
import { renderTable } from '../verdict/table.js';
import { printDiagnostics } from './diagnostics-output.js';
import { type ExitCode, exitCodes, worstExit } from './exit-code.js';
import { reportInternalError } from './internal-error.js';
import { type ModelArguments, modelRequest } from './options.js';
import { createProgress, type Progress } from './progress.js';
import { type Terminal, tablePalette } from './terminal.js';

export interface RunArguments extends ModelArguments {
  readonly files: readonly string[];
  readonly mode: Mode;
  readonly format: 'table' | 'herd' | 'json';
  readonly atomics: 'lse' | 'llsc';
  readonly unroll: number | undefined;
  readonly timeout: number | undefined;
  readonly graph: string | undefined;
  readonly techniques: Partial<Techniques>;
  readonly debug?: boolean;
}

/** Options for the tests, but for what depends on each file. */
type Settings = Omit<RunOptions, 'expiry'>;

function settingsFrom(args: RunArguments, { models, macros, unroll }: LoadedModels): Settings {
  const herd = args.format === 'herd';
  return {
    // herd7 judges by the model of the test's language; a script that reads its report expects one block a test.
    models: models ?? (herd ? 'own' : 'all'),
    mode: herd ? 'count' : args.mode,
    unroll: args.unroll ?? unroll,
    macros,
    atomics: args.atomics,
    techniques: args.techniques,
    now,
  };
}

/** The question that ends a search also tells the user that it is still going on. */
function expiryFor(source: SourceFile, timeout: number | null, progress: Progress): RunOptions['expiry'] {
  return (model) => {
    const start = now();
    const isOver = deadline(timeout);
    return () => {
      progress.show(`${source.name}: ${model} ${((now() - start) / 1000).toFixed(0)} s`);
      return isOver?.() ?? false;
    };
  };
}

function exitOf(report: ModelReport, test: TestReport): ExitCode {
  if (report.kind === 'unfinished') return exitCodes.limit;
  if (report.kind === 'failure') return report.excused ? exitCodes.ok : exitCodes.input;
  const wrong = mismatch(report, test.expectations.get(report.model)) !== null;
  const cut = report.result.limit !== null;
  return worstExit([wrong ? exitCodes.mismatch : exitCodes.ok, cut ? exitCodes.limit : exitCodes.ok]);
}

/** Writes one file's report; JSON is collected, for it is one array. */
class Output {
  private readonly json: JsonResult[] = [];
  private tables = 0;
  /** A model of the user's says the same of every test: once is enough. */
  private readonly said = new Set<Diagnostic>();

  constructor(
    private readonly format: RunArguments['format'],
    private readonly terminal: Terminal,
  ) {}

  add(report: FileReport): void {
    if (this.format === 'json') this.json.push(...jsonResults(report));
    if (report.kind === 'test' && this.format === 'table') this.table(report);
    if (report.kind === 'test' && this.format === 'herd')
      for (const run of report.models.filter(isRun)) this.terminal.out(renderHerdReport(report, run));
  }

  diagnostics(diagnostics: readonly Diagnostic[]): ExitCode {
    const fresh = diagnostics.filter((diagnostic) => !this.said.has(diagnostic));
    for (const diagnostic of fresh) this.said.add(diagnostic);
    printDiagnostics(fresh, this.terminal);
    return hasErrors(diagnostics) ? exitCodes.input : exitCodes.ok;
  }

  private table(report: TestReport): void {
    const { width, unicode, colours } = this.terminal;
    if (this.tables > 0) this.terminal.out('\n');
    this.tables++;
    this.terminal.out(renderTable(report, { width, unicode, palette: tablePalette(colours.out) }));
  }

  finish(): void {
    if (this.format === 'json') this.terminal.out(`${JSON.stringify(this.json, null, 2)}\n`);
  }
}

async function drawGraphs(
  report: TestReport,
  folder: string,
  args: RunArguments,
  unroll: number | null,
  terminal: Terminal,
): Promise<ExitCode> {
  const { drawTest } = await import('./draw-test.js');
  const search: SearchOptions = {
    mode: 'outcomes',
    unroll: unroll ?? defaultSearchOptions.unroll,
    expired: deadline(args.timeout ?? null),
    techniques: args.techniques,
  };
  return drawTest(report.models.filter(isRun), report.name, { folder, search, text: false }, terminal);
}

async function runFile(
  path: string,
  args: RunArguments,
  settings: Settings,
  output: Output,
  terminal: Terminal,
): Promise<ExitCode> {
  const progress = createProgress(terminal);
  const read = await readSource(path);
  if (read.value === null) {
    const source = { name: path, text: '' };
    output.add({ kind: 'input-failure', source, diagnostics: read.diagnostics });
    return printDiagnostics(read.diagnostics, terminal);
  }
  const report = runTest(read.value, {
    ...settings,
    expiry: expiryFor(read.value, args.timeout ?? null, progress),
  });
  progress.clear();
  output.add(report);
  const codes = [printDiagnostics(report.diagnostics, terminal)];
  if (report.kind === 'input-failure') return worstExit(codes);
  for (const model of report.models) {
    // The table says why in its line.
    const isSaid = model.kind === 'failure' && model.excused;
    codes.push(isSaid ? exitCodes.ok : output.diagnostics(model.diagnostics), exitOf(model, report));
  }
  if (args.graph !== undefined)
    codes.push(await drawGraphs(report, args.graph, args, settings.unroll, terminal));
  return worstExit(codes);
}

export async function runCommand(args: RunArguments, terminal: Terminal): Promise<ExitCode> {
  const models = loadModels(modelRequest(args));
  const codes = [printDiagnostics(models.diagnostics, terminal)];
  if (models.value === null) return worstExit(codes);
  const inputs = await expandInputs(args.files);
  codes.push(printDiagnostics(inputs.diagnostics, terminal));
  const settings = settingsFrom(args, models.value);
  const output = new Output(args.format, terminal);
  for (const path of inputs.paths) {
    try {
      codes.push(await runFile(path, args, settings, output, terminal));
    } catch (error) {
      // One file must not take the others' results with it.
      terminal.err(`${path}: `);
      reportInternalError(error, args.debug === true, terminal);
      codes.push(exitCodes.internal);
    }
  }
  output.finish();
  return worstExit(codes);
}
