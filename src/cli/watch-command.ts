/**
 * `fencepost check --watch`: checks again what changes. A changed test is checked alone; a change of the project file, the baseline or a
 * model file is about all of them.
 *
 * Every round plans anew, so that new and renamed tests are found. What changes during a round is for the next one. Changes are told
 * by chokidar, which knows how editors write files on each system.
 */
import { existsSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import type { TestCheck } from '../check/check-report.js';
import { humanReporter } from '../check/reporters/human.js';
import { PROJECT_FILES, shownPath } from '../io/load-project.js';
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

/** The part of a pattern before anything special. */
function rootOf(pattern: string): string {
  if (existsSync(pattern)) return pattern;
  const plain = /^[^*?[{(!]*/.exec(pattern)?.[0] ?? '';
  return plain === pattern ? pattern : plain.includes('/') ? dirname(`${plain}x`) : '.';
}

/** What is watched: where tests can be, and all files that the answers depend on. */
function watchedPaths(args: CheckArguments, plan: CheckPlan | null): readonly string[] {
  const given = listOf(args.files).map(rootOf);
  const projectFiles = PROJECT_FILES.map((name) => join(plan?.project.folder ?? process.cwd(), name));
  if (plan === null) return [...given, ...(typeof args.config === 'string' ? [args.config] : projectFiles)];
  const { project, setup, baseline, loaded } = plan;
  const { request } = setup;
  const tests =
    given.length > 0 ? given : listOf(project.config.tests).map((each) => rootOf(projectPath(project, each)));
  const models = [
    request.model?.split(',') ?? [],
    request.conf ?? [],
    request.bell ?? [],
    request.macros ?? [],
  ];
  const files = models.flat().filter((path) => existsSync(path));
  const folders = [
    ...request.includes,
    ...(loaded.models === null ? [] : files.map((path) => dirname(path))),
  ];
  const own = project.file === null ? projectFiles : [project.file.name];
  return [...tests, ...own, ...(baseline === null ? [] : [baseline.path]), ...files, ...folders];
}

/** What one round is about: some tests, or all. */
interface Changes {
  readonly tests: Set<string>;
  isAll: boolean;
}

class Watch {
  private readonly checks = new Map<string, TestCheck>();
  private plan: CheckPlan | null = null;
  code: ExitCode = exitCodes.ok;

  constructor(
    private readonly args: CheckArguments,
    private readonly terminal: Terminal,
    private readonly worker: URL | null,
  ) {}

  get paths(): readonly string[] {
    return watchedPaths(this.args, this.plan);
  }

  /** Whether a file is one that all answers depend on; null: it has nothing to do with them. */
  isForAll(path: string): boolean | null {
    const file = resolve(path);
    const own = [this.plan?.project.file?.name, this.plan?.baseline?.path, this.args.config];
    if (own.some((each) => typeof each === 'string' && resolve(each) === file)) return true;
    if (modelFiles.has(extname(file))) return true;
    if (PROJECT_FILES.some((name) => file.endsWith(`/${name}`))) return true;
    if (extname(file) === '.litmus') return false;
    return this.plan?.jobs.some((job) => resolve(job.path) === file) === true ? false : null;
  }

  /** One round. True if an interrupt ended it. `onPlan`: it is known what to watch, and nothing is read yet but that. */
  async check(changes: Changes, onPlan: () => void): Promise<boolean> {
    const { args, terminal, worker } = this;
    const planned = await planFor(args);
    const code = printDiagnostics(planned.diagnostics, terminal);
    if (planned.value === null) {
      // the last plan says what to watch
      onPlan();
      this.code = worstExit([code, exitCodes.input]);
      return false;
    }
    const plan = planned.value;
    this.plan = plan;
    onPlan();
    const paths = new Set(plan.jobs.map(({ path }) => path));
    for (const path of [...this.checks.keys()]) if (!paths.has(path)) this.checks.delete(path);
    const isDue = (path: string): boolean =>
      changes.isAll || changes.tests.has(resolve(path)) || !this.checks.has(path);
    const jobs = plan.jobs.filter(({ path }) => isDue(path));
    const progress = createProgress(terminal);
    const reporter = humanReporter({ palette: diagnosticPalette(terminal.colours.out), part: null });
    const signal = await runChecks({
      setup: plan.setup,
      loaded: plan.loaded,
      jobs,
      worker,
      threads: args.jobs,
      progress,
      onResult: ({ check }, index) => {
        this.checks.set(jobs[index]!.path, check);
        terminal.out(reporter.test(check));
      },
    });
    if (signal !== null) return true;
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
  let changes: Changes = { tests: new Set(), isAll: true };
  let isChanged = true;
  const watcher = watch([], {
    ignoreInitial: true,
    ignored: (path) => /(?:^|\/)(?:node_modules|\.git)(?:\/|$)/.test(path.replaceAll('\\', '/')),
  });
  watcher.on('all', (event, path) => {
    const isForAll = event === 'addDir' || event === 'unlinkDir' ? null : session.isForAll(path);
    if (isForAll === null) return;
    if (isForAll) changes.isAll = true;
    else changes.tests.add(resolve(path));
    isChanged = true;
    wake();
  });
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
    if (!round.isAll) terminal.out(`\nchanged: ${[...round.tests].map(shownPath).join(', ')}\n\n`);
    changes = { tests: new Set(), isAll: false };
    isChanged = false;
    const watchAll = (): void => void watcher.add([...session.paths]);
    isEnding = (await session.check(round, watchAll)) || isEnding;
    if (!isEnding) terminal.out('watching; Ctrl-C or q ends\n');
  }
  removeEnd();
  await watcher.close();
  return session.code;
}
