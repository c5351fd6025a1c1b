/**
 * `npm run bench`: how the search grows with the test (see benchHelp).
 *
 * Times are of this machine and depend on what else it does: compare families, sizes and runs that were made one after the other,
 * not single milliseconds.
 */
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { now } from '../io/clock.js';
import { expandInputs } from '../io/expand-inputs.js';
import { readSource } from '../io/read-source.js';
import { isStream, refusedPlace, writeWhole } from '../io/write-file.js';
import type { Diagnostic } from '../text/diagnostic.js';
import { renderDiagnostics } from '../text/render.js';
import type { SourceFile } from '../text/source.js';
import { prepareTest } from '../verdict/prepare-test.js';
import { type BenchSettings, benchHelp, type Mistake, readBenchRequest } from './bench-options.js';
import { type BenchRun, benchRun, parseBenchRun, type Row } from './bench-run.js';
import { CHILD_ARGUMENT, measureInProcess, prepareCache, serveChild } from './child-process.js';
import { chooseFamilies } from './choose-families.js';
import { compareRuns, renderComparison } from './compare-runs.js';
import { measureRows } from './family-rows.js';
import { medianFile, type ProfiledFile, profileTest, renderProfile } from './profile.js';
import { summary } from './row-summary.js';
import { rowLine, tableHeading } from './row-table.js';

const root = new URL('../', import.meta.url);
const RACE = fileURLToPath(new URL('litmus/blocked-on-vs-state/race.litmus', root));

function exampleSource(): SourceFile {
  return { name: 'race.litmus', text: readFileSync(RACE, 'utf8') };
}

async function run(settings: BenchSettings): Promise<void> {
  const date = new Date().toISOString();
  const { only, repeat, limit, json } = settings;
  const choice = chooseFamilies(only);
  if (choice.kind === 'mistake') return refuse(choice);
  const refusal = json === null ? null : refusedPlace(json);
  if (refusal !== null) return fail(refusal.message);
  const [{ model: cpu } = { model: 'unknown' }, ...others] = cpus();
  const cores = others.length + 1;
  const failures: Diagnostic[] = [];
  // After each measurement, for a run takes minutes, and what it has measured is worth having whatever ends it.
  const keep = (measured: readonly Row[], open: number): void => {
    if (json === null || (open > 0 && isStream(json))) return;
    const about = { date, node: process.version, cpu, cores, repeat, limit };
    const record = benchRun({ ...about, rows: measured, ...(open === 0 ? {} : { open }) });
    const failure = writeWhole(json, `${JSON.stringify(record, null, 1)}\n`);
    if (failure !== null) failures.push(failure);
  };
  const rows: Row[] = [];
  prepareCache(exampleSource());
  process.stdout.write(`${tableHeading}\n`);
  const onRound = (round: number) => {
    if (repeat > 1) process.stderr.write(`round ${round} of ${repeat}\n`);
  };
  for (const [row, previous] of measureRows(choice.families, settings, measureInProcess, onRound, keep)) {
    rows.push(row);
    process.stdout.write(`${rowLine(row, previous)}\n`);
  }
  process.stdout.write(`\n${summary(rows)}\n`);
  if (rows.some((row) => row.wrong !== null)) process.exitCode = 1;
  const [failure] = failures;
  if (failure !== undefined) fail(failure.message);
}

/** The test in a file; null, and it is said why, if there is none. */
async function readTest(path: string): Promise<ProfiledFile | null> {
  const read = await readSource(path);
  const test = read.value === null ? null : prepareTest(read.value);
  if (read.value !== null && test?.value != null) {
    const source = { name: relative('', path), text: read.value.text };
    return { path, source };
  }
  fail(renderDiagnostics([...read.diagnostics, ...(test?.diagnostics ?? [])]).trimEnd());
  return null;
}

async function readTests(paths: readonly string[]): Promise<readonly ProfiledFile[]> {
  const tests: ProfiledFile[] = [];
  for (const path of paths) {
    const test = await readTest(path);
    if (test !== null) tests.push(test);
  }
  return tests;
}

/** The test of README's first example, and the typical one of those beside it. */
async function examples(): Promise<readonly ProfiledFile[]> {
  const { paths } = await expandInputs([fileURLToPath(new URL('litmus', root))]);
  return [...(await readTests([RACE])), medianFile(await readTests(paths))];
}

async function profile(files: readonly string[], runs: number): Promise<void> {
  const command = fileURLToPath(new URL('fencepost.cjs', import.meta.url));
  prepareCache(exampleSource());
  const given = await expandInputs(files);
  for (const { message } of given.diagnostics) fail(message);
  for (const test of files.length === 0 ? await examples() : await readTests(given.paths))
    process.stdout.write(`${renderProfile(profileTest(test, command, runs, now))}\n`);
}

function fail(message: string): void {
  process.stderr.write(`bench: ${message}\n`);
  process.exitCode = 2;
}

function refuse({ message, hint }: Pick<Mistake, 'message' | 'hint'>): void {
  fail(`${message}\nhint: ${hint}`);
}

function readRun(path: string): BenchRun | null {
  try {
    const parsed = parseBenchRun(readFileSync(path, 'utf8'));
    if (parsed === null) fail(`${path} is not what \`npm run bench -- --json\` writes`);
    return parsed;
  } catch (error) {
    fail(`${path} cannot be read: ${error instanceof Error ? error.message : error}`);
    return null;
  }
}

async function main(args: readonly string[]): Promise<void> {
  if (args[0] === CHILD_ARGUMENT) {
    await serveChild(args[1]!);
    return;
  }
  const request = readBenchRequest(args);
  switch (request.kind) {
    case 'help':
      process.stdout.write(benchHelp);
      break;
    case 'mistake':
      refuse(request);
      break;
    case 'compare': {
      const [before, after] = [readRun(request.before), readRun(request.after)];
      if (before === null || after === null) return;
      process.stdout.write(renderComparison(compareRuns(before, after)));
      break;
    }
    case 'profile':
      await profile(request.files, request.runs);
      break;
    case 'run':
      await run(request);
  }
}

await main(process.argv.slice(2));
