/**
 * `fencepost check --watch`: checks again what changes. A changed test is checked alone; a change of the project file or of what it
 * imports, of the baseline or of a model file is about all of them.
 *
 * Every round plans anew, so that new and renamed tests are found. What changes during a round is for the next one. Changes are told
 * by chokidar, which knows how editors write files on each system.
 */
import { existsSync, type Stats } from 'node:fs';
import { basename, dirname, extname, resolve, sep } from 'node:path';
import type { FSWatcher } from 'chokidar';
import type { TestCheck } from '../check/check-report.js';
import { humanReporter } from '../check/reporters/human.js';
import { withoutUnasked } from '../check/unasked.js';
import { baselinePath } from '../io/baseline-file.js';
import { isPattern, splitPattern } from '../io/file-pattern.js';
import { loadProject, PROJECT_FILES, type Project, shownPath } from '../io/load-project.js';
import { listOf, projectPath } from '../io/project-tests.js';
import { onStopSignal } from '../io/signals.js';
import { type CheckArguments, type CheckPlan, planFor } from './check-plan.js';
import { runChecks } from './check-run.js';
import { Tally } from './check-tally.js';
import { printDiagnostics } from './diagnostics-output.js';
import { type ExitCode, exitCodes, worstExit } from './exit-code.js';
import { createProgress } from './progress.js';
import { diagnosticPalette, type Terminal } from './terminal.js';

/** Editors write a file in several steps. */
const QUIET_MS = 100;

const modelFiles = new Set(['.cat', '.bell', '.def', '.cfg']);

/** Where the files are that an argument stands for. */
function rootOf(argument: string): string {
  return existsSync(argument) || !isPattern(argument) ? argument : splitPattern(argument).folder;
}

/** What is watched, as absolute paths. */
interface Watched {
  /** Files, and folders with all below them: where tests and model files can be. */
  readonly roots: readonly string[];
  /** Folders where files may come to be that are not there yet: the project file, the baseline. */
  readonly folders: readonly string[];
}

function testRoots(project: Project): readonly string[] {
  return listOf(project.config.tests).map((each) => resolve(rootOf(projectPath(project, each))));
}

function watchedBy(args: CheckArguments, plan: CheckPlan | null): Watched {
  const given = listOf(args.files).map(rootOf);
  const named = typeof args.config === 'string' ? dirname(args.config) : '.';
  if (plan === null) return { roots: given.map((path) => resolve(path)), folders: [resolve(named)] };
  const { project, setup } = plan;
  const { request } = setup;
  const tests = given.length > 0 ? given : testRoots(project);
  const models = [
    request.model?.split(',') ?? [],
    request.conf ?? [],
    request.bell ?? [],
    request.macros ?? [],
  ];
  const files = models.flat().filter((path) => existsSync(path));
  // what a model includes stands beside it
  const roots = [...tests, ...request.includes, ...files.map((path) => dirname(path))];
  const baseline = baselinePath(project, args.baseline ?? null);
  return {
    roots: roots.map((path) => resolve(path)),
    folders: [
      project.folder,
      ...project.parts.map((path) => dirname(path)),
      resolve(named),
      ...(baseline === null ? [] : [resolve(dirname(baseline.path))]),
    ],
  };
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** What one round is about: some tests, or all. */
interface Changes {
  /** What changed, as absolute paths: tests, and files that all depend on. */
  readonly files: Set<string>;
  isAll: boolean;
}

class Watch {
  private readonly checks = new Map<string, TestCheck>();
  private plan: CheckPlan | null = null;
  /**
   * What was ever watched. It never shrinks: what is ignored from one moment to the next, chokidar takes for removed, and says so of
   * every file in it.
   */
  private readonly roots = new Set<string>();
  private readonly folders = new Set<string>();
  /** Where the project file that no plan could be made of has its tests, which may come to be there. */
  private missed: readonly string[] = [];
  code: ExitCode = exitCodes.ok;

  constructor(
    private readonly args: CheckArguments,
    private readonly terminal: Terminal,
    private readonly worker: URL | null,
  ) {}

  /** What the present plan is about, and what is missing for the next one. */
  get watched(): Watched {
    const { roots, folders } = watchedBy(this.args, this.plan);
    return { roots: [...roots, ...this.missed], folders };
  }

  /** Adds what the present plan is about to what is watched. */
  widen(): string[] {
    const { roots, folders } = this.watched;
    for (const root of roots) this.roots.add(root);
    for (const folder of folders) this.folders.add(folder);
    return [...this.roots, ...this.folders];
  }

  /** What nothing depends on: packages, and other folders beside the project file. */
  isForeign(path: string, stats?: Stats): boolean {
    if (/(?:^|\/)(?:node_modules|\.git)(?:\/|$)/.test(path.replaceAll('\\', '/'))) return true;
    if (stats?.isDirectory() !== true) return false;
    const folder = resolve(path);
    return (
      !this.folders.has(folder) &&
      ![...this.roots].some((root) => isWithin(folder, root) || isWithin(root, folder))
    );
  }

  /** Whether a file is one that all answers depend on; null: it has nothing to do with them. */
  isForAll(path: string): boolean | null {
    const file = resolve(path);
    const { plan, args } = this;
    const baseline = plan === null ? null : baselinePath(plan.project, args.baseline ?? null);
    const own = [plan?.project.file?.name, baseline?.path, args.config];
    if (plan?.project.parts.includes(file) === true) return true;
    if (own.some((each) => typeof each === 'string' && resolve(each) === file)) return true;
    if (modelFiles.has(extname(file))) return true;
    if (PROJECT_FILES.includes(basename(file))) return true;
    if (extname(file) === '.litmus')
      return this.watched.roots.some((root) => isWithin(file, root)) ? false : null;
    return plan?.jobs.some((job) => resolve(job.path) === file) === true ? false : null;
  }

  /** One round. True if an interrupt ended it. `onPlan`: it is known what to watch, and no test is read yet. */
  async check(changes: Changes, onPlan: () => Promise<void>): Promise<boolean> {
    const { args, terminal, worker } = this;
    const planned = await planFor(args, true);
    const code = printDiagnostics(planned.diagnostics, terminal);
    if (planned.value === null) {
      // the last plan says what to watch, and the project file, if it can be read
      const project = await loadProject(args.config ?? null, true);
      this.missed = project.value === null ? [] : testRoots(project.value);
      await onPlan();
      this.code = worstExit([code, exitCodes.input]);
      return false;
    }
    const plan = planned.value;
    this.plan = plan;
    this.missed = [];
    await onPlan();
    const paths = new Set(plan.jobs.map(({ path }) => path));
    for (const path of [...this.checks.keys()]) if (!paths.has(path)) this.checks.delete(path);
    const isDue = (path: string): boolean =>
      changes.isAll || changes.files.has(resolve(path)) || !this.checks.has(path);
    const jobs = plan.jobs.filter(({ path }) => isDue(path));
    const progress = createProgress(terminal);
    const reporter = humanReporter({ palette: diagnosticPalette(terminal.colours.out), part: null });
    const interrupt = await runChecks({
      setup: plan.setup,
      loaded: plan.loaded,
      jobs,
      worker,
      threads: args.jobs,
      progress,
      onResult: ({ check }, index) => {
        this.checks.set(jobs[index]!.path, check);
        terminal.out(reporter.test(withoutUnasked(check).check));
      },
    });
    if (interrupt !== null) return true;
    this.sumUp(plan, new Set(jobs.map(({ path }) => path)), reporter);
    return false;
  }

  /** The end of a round: all tests, and those that were not checked again and are not as expected. */
  private sumUp(
    plan: CheckPlan,
    checked: ReadonlySet<string>,
    reporter: ReturnType<typeof humanReporter>,
  ): void {
    const { terminal } = this;
    const tally = new Tally(plan.jobs.length, plan.findings);
    const still: string[] = [];
    for (const { path } of plan.jobs) {
      const check = this.checks.get(path);
      if (check === undefined) continue;
      tally.add(check);
      const isFine = check.status === 'same' || check.status === 'nothing-expected';
      if (!isFine && !checked.has(path)) still.push(path);
    }
    if (still.length > 0) terminal.out(`still not as expected: ${still.join(', ')}\n\n`);
    const summary = tally.summary(null);
    this.code = summary.exitCode;
    terminal.out(reporter.end(summary));
  }
}

/** Calls `end` at Ctrl-C, `kill` and, on a terminal, `q`. Returns what takes it back. */
export type OnEnd = (end: () => void) => () => void;

const onKeyOrSignal: OnEnd = (end) => {
  const { stdin } = process;
  const removeSignals = onStopSignal(end);
  if (!stdin.isTTY) return removeSignals;
  // To a run that is at work, too: it listens to signals. In this mode the terminal makes none of Ctrl-C.
  const onKey = (key: Buffer): void => {
    if (['q', 'Q', '\u0003'].includes(key.toString())) process.kill(process.pid, 'SIGINT');
  };
  stdin.setRawMode(true).on('data', onKey);
  return () => {
    removeSignals();
    stdin.off('data', onKey).setRawMode(false).pause();
  };
};

export async function watchCommand(
  args: CheckArguments,
  terminal: Terminal,
  worker: URL | null,
  onEnd: OnEnd = onKeyOrSignal,
): Promise<ExitCode> {
  const { watch } = await import('chokidar');
  const session = new Watch(args, terminal, worker);
  let isEnding = false;
  let wake: () => void = () => {};
  const removeEnd = onEnd(() => {
    isEnding = true;
    wake();
  });
  let changes: Changes = { files: new Set(), isAll: true };
  let isChanged = true;
  const onChange = (event: string, path: string): void => {
    const isForAll = event === 'addDir' || event === 'unlinkDir' ? null : session.isForAll(path);
    if (isForAll === null) return;
    if (isForAll) changes.isAll = true;
    changes.files.add(resolve(path));
    isChanged = true;
    wake();
  };
  let watcher: FSWatcher | null = null;
  const watchAll = async (): Promise<void> => {
    const paths = session.widen();
    if (watcher !== null) {
      watcher.add(paths);
      return;
    }
    const ignored = (path: string, stats?: Stats): boolean => session.isForeign(path, stats);
    watcher = watch(paths, { ignoreInitial: true, ignored }).on('all', onChange);
    // what is written from then on is told
    await new Promise<void>((done) => watcher?.once('ready', done));
  };
  const pause = (milliseconds: number | null): Promise<void> =>
    new Promise((done) => {
      wake = done;
      if (milliseconds !== null) setTimeout(done, milliseconds);
    });
  while (!isEnding) {
    if (!isChanged) {
      await pause(null);
      // until the editor is done
      if (!isEnding) await new Promise((done) => setTimeout(done, QUIET_MS));
      continue;
    }
    const round = changes;
    if (round.files.size > 0) terminal.out(`\nchanged: ${[...round.files].map(shownPath).join(', ')}\n\n`);
    changes = { files: new Set(), isAll: false };
    isChanged = false;
    isEnding = (await session.check(round, watchAll)) || isEnding;
    if (!isEnding) terminal.out('watching; Ctrl-C or q ends\n');
  }
  removeEnd();
  await (watcher as FSWatcher | null)?.close();
  return session.code;
}
