/**
 * `fencepost baseline`: records all final states of tests. Entries of other tests stay as they are; what could not be found out
 * leaves the old entry in its place. The file is replaced as a whole, or not at all.
 */
import { existsSync } from 'node:fs';
import { baselineText, entryText, isSteady, keptOutcomes } from '../check/baseline.js';
import type { LostEntry } from '../check/expected.js';
import { candidatesFor, movedFrom } from '../check/moved-test.js';
import type { OutcomeSet } from '../compare/outcomes.js';
import { fileOfEntry, nameInBaseline } from '../io/baseline-file.js';
import { writeWhole } from '../io/write-file.js';
import { type Diagnostic, errorAt, warningAt } from '../text/diagnostic.js';
import { isModelName, modelNames } from '../verdict/model-choice.js';
import { type BaselineChanges, changesText } from './baseline-changes.js';
import type { CheckedFile } from './check-file.js';
import { type BaselineOfPlan, lostEntries, type PlanArguments, planCheck } from './check-plan.js';
import { runChecks } from './check-run.js';
import { printDiagnostics } from './diagnostics-output.js';
import { type ExitCode, exitCodes, worstExit } from './exit-code.js';
import { atWorkText, exitOfInterrupt } from './interrupt.js';
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
  /** What was found out, under the names of the entries. */
  readonly recorded: Set<string>;
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
  return inModelOrder([...merged, ...others]);
}

/** Whichever models were asked last: those that come with fencepost in their order, then others by their names. */
function inModelOrder(outcomes: readonly OutcomeSet[]): readonly OutcomeSet[] {
  const rank = (model: string): number =>
    isModelName(model) ? modelNames.indexOf(model) : modelNames.length;
  return [...outcomes].sort(
    (a, b) => rank(a.model) - rank(b.model) || (a.model < b.model ? -1 : a.model > b.model ? 1 : 0),
  );
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
  const name = nameInBaseline(to.path, check.file);
  to.recorded.add(name);
  to.entries.set(name, mergedEntry(check.file, outcomes, to, isNarrowed));
}

/**
 * New tests that end as entries do whose files are gone: those are the entries' new names. Of models that were not asked, what is
 * recorded moves, too.
 */
function moveEntries(
  { old, entries, recorded }: Recording,
  lost: readonly LostEntry[],
  isNarrowed: boolean,
): BaselineChanges['moved'] {
  const left = new Set(lost);
  const moved: { from: string; to: string }[] = [];
  for (const to of recorded) {
    const now = entries.get(to) ?? [];
    if (old.has(to)) continue;
    const entry = movedFrom(now, candidatesFor(to, [...left]), isNarrowed);
    if (entry === null) continue;
    left.delete(entry);
    const from = entry.name;
    const others = (old.get(from) ?? []).filter(({ model }) => !now.some((each) => each.model === model));
    entries.set(to, [...now, ...others]);
    entries.delete(from);
    moved.push({ from, to });
  }
  return moved;
}

/** `tests`: all that were asked for. */
function changesOf(
  { old, entries, recorded }: Recording,
  moved: BaselineChanges['moved'],
  tests: number,
): Omit<BaselineChanges, 'stale' | 'isPruned'> {
  const isMoved = new Set(moved.map(({ to }) => to));
  const added = [...recorded].filter((name) => !old.has(name) && !isMoved.has(name));
  const changed = [...recorded].filter((name) => {
    const before = old.get(name);
    return before !== undefined && entryText(name, before) !== entryText(name, entries.get(name)!);
  });
  const same = recorded.size - added.length - changed.length - moved.length;
  return { added, changed, moved, same, failed: tests - recorded.size };
}

function begin({ path, entries }: BaselineOfPlan): Recording {
  const old = new Map([...entries].map(([name, { outcomes }]) => [name, outcomes]));
  return { path, old, entries: new Map(old), recorded: new Set(), diagnostics: [], codes: new Set() };
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
  const interrupt = await runChecks({
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
      record(result, recording, setup.isNarrowed);
    },
  });
  printDiagnostics(recording.diagnostics, terminal);
  if (interrupt !== null) {
    terminal.err(`interrupted: nothing is written\n${atWorkText(interrupt)}`);
    return exitOfInterrupt(interrupt);
  }
  const moved = moveEntries(recording, lostEntries(baseline), setup.isNarrowed);
  const isAll = args.files === undefined || args.files.length === 0;
  const gone = staleNames(recording, isAll ? jobs.map(({ path }) => path) : null);
  const stale = isAll || args.prune ? gone : [];
  // a test that cannot be read may be a wrong name of one that is taken for gone
  const isUnsure = recording.codes.has(exitCodes.input);
  const isPruned = args.prune && !isUnsure;
  if (isPruned) for (const name of stale) recording.entries.delete(name);
  const changes = changesOf(recording, moved, jobs.length);
  terminal.out(changesText(recording.path, { ...changes, stale, isPruned }));
  const isLeft = stale.length > 0 && !isPruned;
  if (isLeft) terminal.err(args.prune ? NOTHING_DROPPED : PRUNE_HINT);
  // what `check` refuses, --check does
  const left = args.check && isLeft ? exitCodes.mismatch : exitCodes.ok;
  return worstExit([code, left, ...recording.codes, write(recording, args, terminal)]);
}

const NOTHING_DROPPED = 'nothing is dropped, for not all tests can be read\n';
const PRUNE_HINT = 'hint: `fencepost baseline --prune` drops what is stale\n';

/** The entries of tests that are not among these; null: of those that are gone. */
function staleNames({ path, entries }: Recording, tests: readonly string[] | null): readonly string[] {
  const known = new Set(tests?.map((test) => nameInBaseline(path, test)));
  const isLeft = (name: string): boolean =>
    tests === null ? existsSync(fileOfEntry(path, name)) : known.has(name);
  return [...entries.keys()].filter((name) => !isLeft(name));
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
