/** `fencepost report`: tests, their outcomes and all their executions as one HTML page. */
import { join } from 'node:path';
import { toDot } from '../graph/dot.js';
import { tidySvg } from '../graph/svg.js';
import { deadline, now } from '../io/clock.js';
import { expandInputs } from '../io/expand-inputs.js';
import { createGraphvizDrawer, type Drawer } from '../io/graphviz.js';
import { type LoadedModels, loadModels } from '../io/load-models.js';
import { loadPageScript } from '../io/page-script.js';
import { readSource } from '../io/read-source.js';
import { fileNameFor, writeText } from '../io/write-file.js';
import { type PageScript, type PageTest, renderPage } from '../page/page-html.js';
import { type TestView, viewOfTest } from '../page/test-data.js';
import { defaultSearchOptions } from '../search/search.js';
import type { Techniques } from '../search/techniques.js';
import type { Checked } from '../text/diagnostic.js';
import { mismatch } from '../verdict/expectation.js';
import { isRun, type TestReport } from '../verdict/report.js';
import { type RunOptions, runTest } from '../verdict/run-test.js';
import { printDiagnostics } from './diagnostics-output.js';
import { type ExitCode, exitCodes, worstExit } from './exit-code.js';
import { type ModelArguments, modelRequest } from './options.js';
import type { Terminal } from './terminal.js';
import { MOST_MODELS, within } from './within.js';

export interface ReportArguments extends ModelArguments {
  readonly files: readonly string[];
  readonly out: string;
  readonly atomics: 'lse' | 'llsc';
  readonly unroll: number | undefined;
  readonly timeout: number | undefined;
  readonly techniques: Partial<Techniques>;
}

/** Seconds for the executions that one model forbids, if there is no --timeout. */
const PATIENCE = 10;
/** Of one test under one model; more would not be looked at. */
const MOST_PICTURES = 24;

/** `loadScript`: the page's script, as the build or a test makes it. */
export async function reportCommand(
  args: ReportArguments,
  terminal: Terminal,
  loadScript: () => Promise<Checked<PageScript>> = () =>
    loadPageScript(new URL('./page.js', import.meta.url)),
): Promise<ExitCode> {
  const models = loadModels(modelRequest(args), deadline(args.timeout ?? null));
  const codes = new Set<ExitCode>([printDiagnostics(models.diagnostics, terminal)]);
  if (models.value === null) return worstExit(codes);
  const script = await loadScript();
  codes.add(printDiagnostics(script.diagnostics, terminal));
  if (script.value === null) return exitCodes.internal;
  const inputs = await expandInputs(args.files);
  codes.add(printDiagnostics(inputs.diagnostics, terminal));
  const drawer = createGraphvizDrawer();
  const tests: PageTest[] = [];
  for (const path of inputs.paths) {
    const view = await viewOfFile(path, args, models.value, terminal, codes);
    if (view !== null) tests.push({ view, drawings: await drawMain(view, drawer) });
  }
  if (tests.length === 0) return worstExit(codes);
  const path = addressFor(tests, args.out);
  const failure = await writeText(
    path,
    renderPage(tests, script.value),
    path === args.out ? "the user's" : 'ours',
  );
  if (failure !== null) return worstExit([...codes, printDiagnostics([failure], terminal)]);
  terminal.err(`wrote ${path}: ${tests.length === 1 ? '1 test' : `${tests.length} tests`}\n`);
  return worstExit(codes);
}

/** Null if the file is no test. What is to be said of it is printed, and adds to `codes`. */
async function viewOfFile(
  path: string,
  args: ReportArguments,
  loaded: LoadedModels,
  terminal: Terminal,
  codes: Set<ExitCode>,
): Promise<TestView | null> {
  const { timeout, techniques, atomics } = args;
  const read = await readSource(path);
  codes.add(printDiagnostics(read.diagnostics, terminal));
  if (read.value === null) return null;
  const unroll = args.unroll ?? loaded.unroll ?? defaultSearchOptions.unroll;
  const source = read.value;
  const options: RunOptions = {
    models: loaded.models ?? 'all',
    macros: loaded.macros,
    mode: 'outcomes',
    unroll,
    atomics,
    now,
    expiry: () => deadline(timeout ?? null),
    techniques,
  };
  const report = within(timeout, MOST_MODELS, () => runTest(source, options));
  codes.add(printDiagnostics(report.diagnostics, terminal));
  if (report.kind === 'input-failure') return null;
  for (const code of codesOf(report)) codes.add(code);
  for (const model of report.models) codes.add(printDiagnostics(model.diagnostics, terminal));
  return within(timeout, MOST_MODELS, () =>
    viewOfTest(report, () => {
      const expired = deadline(timeout ?? PATIENCE);
      return { search: { mode: 'outcomes', unroll, expired, techniques }, most: MOST_PICTURES };
    }),
  );
}

function codesOf(report: TestReport): ExitCode[] {
  return report.models.flatMap((model): ExitCode[] => {
    if (model.kind === 'unfinished') return [exitCodes.limit];
    if (!isRun(model)) return [];
    return [
      mismatch(model, report.expectations.get(model.model)) === null ? exitCodes.ok : exitCodes.mismatch,
      model.result.limit === null ? exitCodes.ok : exitCodes.limit,
    ];
  });
}

async function drawMain({ models }: TestView, drawer: Drawer): Promise<ReadonlyMap<string, string>> {
  const drawings = new Map<string, string>();
  for (const { run, pictures, main } of models) {
    const picture = pictures[main];
    if (picture === undefined) continue;
    const svg = tidySvg(await drawer.drawSvg(toDot(picture.graph)), picture.graph);
    drawings.set(run.model, svg.replace(/^<\?xml[^>]*>\s*/u, '').replace(/ id="[^"]*"/gu, ''));
  }
  return drawings;
}

/** `out` itself if it names a page; in that folder the test's name, or `index.html` for several. */
function addressFor(tests: readonly PageTest[], out: string): string {
  if (/\.html?$/i.test(out)) return out;
  const [first] = tests;
  const name = tests.length === 1 && first !== undefined ? fileNameFor(first.view.report.name) : 'index';
  return join(out, `${name}.html`);
}
