/**
 * One test of `fencepost report`, from its file to what the page has of it. A limit takes no other test with it: the page says what was
 * left open.
 */
import { toDot } from '../graph/dot.js';
import type { PicturesOptions } from '../graph/pictures-of-run.js';
import { tidySvg } from '../graph/svg.js';
import { deadline, now } from '../io/clock.js';
import type { Drawer } from '../io/graphviz.js';
import type { LoadedModels } from '../io/load-models.js';
import { readSource } from '../io/read-source.js';
import type { JudgedTest, OpenTest } from '../page/page-html.js';
import { type Bounded, type TestView, viewOfTest } from '../page/test-data.js';
import { defaultSearchOptions } from '../search/search.js';
import type { Techniques } from '../search/techniques.js';
import type { SourceFile } from '../text/source.js';
import { mismatch } from '../verdict/expectation.js';
import { type FileReport, isRun, type TestReport } from '../verdict/report.js';
import { type RunOptions, runTest } from '../verdict/run-test.js';
import { printDiagnostics } from './diagnostics-output.js';
import { type ExitCode, exitCodes } from './exit-code.js';
import type { Terminal } from './terminal.js';
import { Ended, MOST_MODELS, within } from './within.js';

export interface ReportOptions {
  readonly atomics: 'lse' | 'llsc';
  readonly unroll: number | undefined;
  /** Seconds for each model, and for the executions that one forbids. */
  readonly timeout: number | undefined;
  readonly techniques: Partial<Techniques>;
}

/** Seconds for the executions that one model forbids, if there is no --timeout. */
const PATIENCE = 10;
/** Of one test under one model; more would not be looked at. */
const MOST_PICTURES = 24;

type FileView = OpenTest | { readonly kind: 'view'; readonly view: TestView };

/** Null if the file is no test. What is to be said of it is printed, and adds to `codes`. */
export async function testOfFile(
  path: string,
  args: ReportOptions,
  loaded: LoadedModels,
  terminal: Terminal,
  codes: Set<ExitCode>,
): Promise<FileView | null> {
  const { timeout, techniques } = args;
  const read = await readSource(path);
  codes.add(printDiagnostics(read.diagnostics, terminal));
  if (read.value === null) return null;
  const options = optionsFrom(args, loaded);
  const report = judgedWithin(read.value, options, (work) =>
    finished(() => within(timeout, MOST_MODELS, work)),
  );
  if (report.kind === 'open') {
    codes.add(exitCodes.limit);
    terminal.err(
      `${path}: Unknown (limit: ${report.limit}): the test is too large for what is asked of it\n`,
    );
    return report;
  }
  codes.add(printDiagnostics(report.diagnostics, terminal));
  if (report.kind === 'input-failure') return null;
  for (const code of codesOf(report)) codes.add(code);
  for (const model of report.models) codes.add(printDiagnostics(model.diagnostics, terminal));
  const pictures = (): PicturesOptions => {
    const expired = deadline(timeout ?? PATIENCE);
    return { search: { mode: 'outcomes', unroll: options.unroll, expired, techniques }, most: MOST_PICTURES };
  };
  const view = viewOfTest(report, pictures, (work) => {
    const part = finished(() => within(timeout, 1, work));
    if (part === null) codes.add(exitCodes.limit);
    return part;
  });
  return { kind: 'view', view };
}

function optionsFrom(
  { timeout, techniques, atomics, ...args }: ReportOptions,
  loaded: LoadedModels,
): RunOptions & { readonly unroll: number } {
  return {
    models: loaded.models ?? 'all',
    macros: loaded.macros,
    mode: 'outcomes',
    unroll: args.unroll ?? loaded.unroll ?? defaultSearchOptions.unroll,
    atomics,
    now,
    expiry: () => deadline(timeout ?? null),
    techniques,
  };
}

const TIME_LIMIT = 'time limit';

/**
 * What the models say of a test. A model that comes to no end where no search asks for the time is left out the next time.
 *
 * To begin again in this thread is safe, though what was ended leaves its data as they are: nothing outlives a call but caches, which
 * hold a value when it is whole.
 */
export function judgedWithin(
  source: SourceFile,
  options: RunOptions,
  bounded: Bounded,
): FileReport | OpenTest {
  const given = new Map<string, string>();
  for (;;) {
    let model: string | null = null;
    const begin = (name: string): void => {
      model = name;
    };
    const report = bounded(() => runTest(source, { ...options, begin, given }));
    if (report !== null) return report;
    if (model === null || given.has(model)) return { kind: 'open', source, limit: TIME_LIMIT };
    given.set(model, TIME_LIMIT);
  }
}

/** Null if the clock ended it. */
function finished<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof Ended) return null;
    throw error;
  }
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

export async function drawn(view: TestView, drawer: Drawer): Promise<JudgedTest> {
  const drawings = new Map<string, string>();
  for (const { run, pictures, main } of view.models) {
    const picture = pictures[main];
    if (picture === undefined) continue;
    const svg = tidySvg(await drawer.drawSvg(toDot(picture.graph)), picture.graph);
    drawings.set(run.model, svg.replace(/^<\?xml[^>]*>\s*/u, '').replace(/ id="[^"]*"/gu, ''));
  }
  return { kind: 'judged', view, drawings };
}
