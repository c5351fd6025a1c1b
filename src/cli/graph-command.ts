/** `fencepost graph`: the pictures of a test under a model, or of several side by side. */
import type { TextStyle } from '../graph/text-node.js';
import { parseView, type View } from '../graph/view.js';
import { deadline, now } from '../io/clock.js';
import { type LoadedModels, loadModels } from '../io/load-models.js';
import { readSource, STANDARD_INPUT } from '../io/read-source.js';
import type { SearchOptions } from '../search/execution.js';
import { defaultSearchOptions } from '../search/search.js';
import type { Techniques } from '../search/techniques.js';
import { isRun, type ModelRun } from '../verdict/report.js';
import { type RunOptions, runTest } from '../verdict/run-test.js';
import { printDiagnostics } from './diagnostics-output.js';
import { distinctNames } from './distinct-names.js';
import { type DrawSettings, drawTest, type TestRun } from './draw-test.js';
import { drawTogether } from './draw-together.js';
import { type ExitCode, exitCodes, worstExit } from './exit-code.js';
import { type ModelArguments, modelRequest, OptionError } from './options.js';
import { type PictureFormat, readFormats, readNames } from './picture-format.js';
import type { Terminal } from './terminal.js';
import { MOST_MODELS, within } from './within.js';

export interface GraphArguments extends ModelArguments {
  readonly files: readonly string[];
  readonly out: string;
  readonly outcomes: 'condition' | 'all';
  readonly hide: string | undefined;
  readonly show: string | undefined;
  readonly highlight: string;
  readonly format: string | undefined;
  readonly style: TextStyle | undefined;
  readonly atomics: 'lse' | 'llsc';
  readonly unroll: number | undefined;
  readonly timeout: number | undefined;
  readonly techniques: Partial<Techniques>;
}

export async function graphCommand(args: GraphArguments, terminal: Terminal): Promise<ExitCode> {
  const formats = formatsOf(args);
  const loaded = loadModels(modelRequest(args), deadline(args.timeout ?? null));
  const said = printDiagnostics(loaded.diagnostics, terminal);
  if (loaded.value === null) return said;
  if (loaded.value.models === null) throw new OptionError('--model is missing');
  const unroll = args.unroll ?? loaded.value.unroll ?? defaultSearchOptions.unroll;
  const codes: ExitCode[] = [];
  const tests: JudgedTest[] = [];
  for (const path of args.files) {
    const judged = await judge(path, loaded.value, { args, unroll }, terminal);
    codes.push(judged.code);
    if (judged.test !== null) tests.push(judged.test);
  }
  const pictures = distinctNames(tests.map(({ name }) => name));
  const runs = tests.flatMap(({ name, runs: each }, at) =>
    each.map((run): TestRun => ({ test: name, picture: pictures[at]!, run })),
  );
  if (runs.length === 0) return worstExit(codes);
  const view = viewOf(
    args,
    runs.map(({ run }) => run),
    terminal,
  );
  if (view === null) return exitCodes.input;
  const search: SearchOptions = {
    mode: 'outcomes',
    unroll,
    expired: deadline(args.timeout ?? null),
    techniques: args.techniques,
  };
  const folder = args.out === STANDARD_INPUT ? null : args.out;
  const { outcomes, style } = args;
  const settings: DrawSettings = { folder, search, formats, view, outcomes, style: style ?? null };
  codes.push(await drawAll(runs, settings, terminal));
  return worstExit(codes);
}

/** A test by the models that judged it. */
interface JudgedTest {
  readonly name: string;
  readonly runs: readonly ModelRun[];
}

/** Several are drawn together, but not if each has many pictures. */
async function drawAll(
  runs: readonly TestRun[],
  settings: DrawSettings,
  terminal: Terminal,
): Promise<ExitCode> {
  if (runs.length > 1 && settings.outcomes === 'condition')
    return await drawTogether(runs, settings, terminal);
  return await drawTest(runs, settings, terminal);
}

/** A lone dash, which stands for standard input and output, has another name here (command-line.ts). */
function formatsOf({ format: text, out }: GraphArguments): readonly PictureFormat[] {
  const format = text === undefined ? undefined : readFormats(text);
  if (out !== STANDARD_INPUT) return format ?? ['text', 'svg', 'dot'];
  if (format !== undefined && format.length > 1)
    throw new OptionError('--out - is for one format: --format text, svg or dot');
  return format ?? ['text'];
}

function viewOf(
  { hide, show, highlight }: GraphArguments,
  runs: readonly ModelRun[],
  terminal: Terminal,
): View | null {
  const view = parseView({ hide: readNames(hide ?? ''), show: readNames(show ?? ''), highlight }, runs);
  printDiagnostics(view.diagnostics, terminal);
  return view.value;
}

async function judge(
  path: string,
  { models, macros }: LoadedModels,
  { args, unroll }: { readonly args: GraphArguments; readonly unroll: number },
  terminal: Terminal,
): Promise<{ readonly code: ExitCode; readonly test: JudgedTest | null }> {
  const read = await readSource(path);
  if (read.value === null) return { code: printDiagnostics(read.diagnostics, terminal), test: null };
  const expired = deadline(args.timeout ?? null);
  const source = read.value;
  const options: RunOptions = {
    models: models ?? 'own',
    macros,
    mode: 'outcomes',
    unroll,
    atomics: args.atomics,
    now,
    expiry: () => expired,
    techniques: args.techniques,
  };
  const report = within(args.timeout, MOST_MODELS, () => runTest(source, options));
  const codes = [printDiagnostics(report.diagnostics, terminal)];
  if (report.kind === 'input-failure') return { code: worstExit(codes), test: null };
  for (const model of report.models) {
    codes.push(printDiagnostics(model.diagnostics, terminal));
    if (isRun(model) && model.result.limit !== null) codes.push(exitCodes.limit);
    if (model.kind !== 'unfinished') continue;
    terminal.err(`${model.model}: Unknown (limit: ${model.limit})\n`);
    codes.push(exitCodes.limit);
  }
  return { code: worstExit(codes), test: { name: report.name, runs: report.models.filter(isRun) } };
}
