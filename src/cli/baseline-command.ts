/**
 * `fencepost baseline`: records all final states of tests. Entries of other tests stay as they are; what could not be found out
 * leaves the old entry in its place. The file is replaced as a whole, or not at all.
 */
import { existsSync } from 'node:fs';
import { baselineText, entryText, isSteady, keptOutcomes } from '../check/baseline.js';
import type { OutcomeSet } from '../compare/outcomes.js';
import { fileOfEntry, nameInBaseline } from '../io/baseline-file.js';
import { writeWhole } from '../io/write-file.js';
import { type Diagnostic, errorAt, warningAt } from '../text/diagnostic.js';
import type { CheckedFile } from './check-file.js';
import { type BaselineOfPlan, type PlanArguments, planCheck } from './check-plan.js';
import { runChecks } from './check-run.js';
import { printDiagnostics } from './diagnostics-output.js';
import { type ExitCode, exitCodes, worstExit } from './exit-code.js';
import { createProgress } from './progress.js';
import type { Terminal } from './terminal.js';

export interface BaselineArguments extends PlanArguments {
  readonly jobs: number | undefined;
  readonly prune: boolean;
  readonly check: boolean;
}

type Entries = Map<string, readonly OutcomeSet[]>;

interface Recording {
  readonly path: string;
  readonly old: ReadonlyMap<string, readonly OutcomeSet[]>;
  readonly entries: Entries;
  readonly diagnostics: Diagnostic[];
  readonly codes: Set<ExitCode>;
}

/** What is recorded of a model that was not asked, or that time or memory kept from an answer, stays. */
function mergedEntry(
  file: string,
  now: readonly OutcomeSet[],
  to: Recording,
  isNarrowed: boolean,
): readonly OutcomeSet[] {
  const old = to.old.get(nameInBaseline(to.path, file)) ?? [];
  const merged = now.map((outcomes) => {
    const before = old.find(({ model }) => model === outcomes.model);
    const kept = keptOutcomes(outcomes);
    if (isSteady(outcomes.limit)) return kept;
    to.codes.add(exitCodes.limit);
    const keepsOld = before !== undefined && isSteady(before.limit);
    const what = keepsOld ? 'what is recorded of it stays' : 'nothing is recorded but that';
    const message = `${file}: not all outcomes are known under ${outcomes.model} (${outcomes.limit}): ${what}`;
    to.diagnostics.push(
      warningAt(null, 'not-recorded', message, { hint: 'more may be allowed: `--timeout`, `--memory`' }),
    );
    return keepsOld ? before : kept;
  });
  const others = isNarrowed ? old.filter(({ model }) => !merged.some((each) => each.model === model)) : [];
  return [...merged, ...others];
}

function record({ check, outcomes }: CheckedFile, to: Recording, isNarrowed: boolean): void {
  for (const { kind, message, place, model, hint } of check.findings) {
    if (kind !== 'input' && kind !== 'internal' && !(kind === 'limit' && outcomes === null)) continue;
    const where = place === null ? check.file : `${place.file}:${place.line}:${place.column}`;
    const about = model === null ? '' : `${model}: `;
    to.diagnostics.push(errorAt(null, 'not-recorded', `${where}: ${about}${message}`, { hint }));
    to.codes.add(
      kind === 'internal' ? exitCodes.internal : kind === 'limit' ? exitCodes.limit : exitCodes.input,
    );
  }
  if (outcomes === null || outcomes.length === 0) return;
  to.entries.set(nameInBaseline(to.path, check.file), mergedEntry(check.file, outcomes, to, isNarrowed));
}

/** A diff of the file shows all. */
const MOST_LISTED = 20;

/** `3 tests recorded: 1 new, 2 changed; 1 dropped`. */
function changesText(
  { path, old, entries }: Recording,
  dropped: readonly string[],
  recorded: number,
): string {
  const added = [...entries.keys()].filter((name) => !old.has(name));
  const changed = [...entries].filter(([name, outcomes]) => {
    const before = old.get(name);
    return before !== undefined && entryText(name, before) !== entryText(name, outcomes);
  });
  const lines = [
    ...added.map((name) => `  new      ${fileOfEntry(path, name)}`),
    ...changed.map(([name]) => `  changed  ${fileOfEntry(path, name)}`),
    ...dropped.map((name) => `  dropped  ${fileOfEntry(path, name)}`),
  ];
  const same = recorded - added.length - changed.length;
  const counts = [
    [added.length, 'new'],
    [changed.length, 'changed'],
    [same, 'as before'],
    [dropped.length, 'dropped'],
  ]
    .filter(([count]) => count !== 0)
    .map(([count, word]) => `${count} ${word}`);
  const more = lines.length - MOST_LISTED;
  const listed = more > 0 ? [...lines.slice(0, MOST_LISTED), `  ... and ${more} more`] : lines;
  return [...listed, `${path}: ${counts.length === 0 ? 'no tests' : counts.join(', ')}`, ''].join('\n');
}

function begin({ path, entries }: BaselineOfPlan): Recording {
  const old = new Map([...entries].map(([name, { outcomes }]) => [name, outcomes]));
  return { path, old, entries: new Map(old), diagnostics: [], codes: new Set() };
}

export async function baselineCommand(
  args: BaselineArguments,
  terminal: Terminal,
  worker: URL | null,
): Promise<ExitCode> {
  const plan = await planCheck(args, true);
  const code = printDiagnostics(plan.diagnostics, terminal);
  const baseline = plan.value?.baseline ?? null;
  if (plan.value === null) return worstExit([code, exitCodes.input]);
  if (baseline === null) {
    terminal.err('error: there is no file to record to\n  hint: leave out --no-baseline\n');
    return exitCodes.input;
  }
  const { jobs, setup, loaded } = plan.value;
  const recording = begin(baseline);
  const progress = createProgress(terminal);
  let recorded = 0;
  const signal = await runChecks({
    // what is expected is not asked here
    setup: { ...setup, pictures: false, requireExpectations: false },
    loaded,
    jobs: jobs.map(({ path }) => ({
      path,
      expectations: { project: [], baseline: null, baselineFile: null },
      given: [],
    })),
    worker,
    threads: args.jobs,
    progress,
    onResult(result) {
      recorded++;
      record(result, recording, setup.isNarrowed);
    },
  });
  printDiagnostics(recording.diagnostics, terminal);
  if (signal !== null) {
    terminal.err('interrupted: nothing is written\n');
    return signal === 'SIGINT' ? exitCodes.interrupted : exitCodes.terminated;
  }
  const isAll = args.files === undefined || args.files.length === 0;
  const dropped = args.prune ? prune(recording, isAll ? jobs.map(({ path }) => path) : null) : [];
  terminal.out(changesText(recording, dropped, recorded));
  return worstExit([code, ...recording.codes, write(recording, args, terminal)]);
}

/** Drops the entries of tests that are not among these; null: of those that are gone. */
function prune({ path, entries }: Recording, tests: readonly string[] | null): readonly string[] {
  const known = new Set(tests?.map((test) => nameInBaseline(path, test)));
  const isLeft = (name: string): boolean =>
    tests === null ? existsSync(fileOfEntry(path, name)) : known.has(name);
  const dropped = [...entries.keys()].filter((name) => !isLeft(name));
  for (const name of dropped) entries.delete(name);
  return dropped;
}

function write(
  { path, old, entries }: Recording,
  { check }: BaselineArguments,
  terminal: Terminal,
): ExitCode {
  const text = baselineText(entries);
  const isSame = text === baselineText(old);
  if (check) return isSame ? exitCodes.ok : exitCodes.mismatch;
  // nothing was found out, and there is nothing to lose
  if (entries.size === 0 && old.size === 0) return exitCodes.ok;
  const failure = writeWhole(path, text);
  return failure === null ? exitCodes.ok : printDiagnostics([failure], terminal);
}
