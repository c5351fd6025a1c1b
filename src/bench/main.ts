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
import { writeText } from '../io/write-file.js';
import { invariant } from '../text/diagnostic.js';
import { type BenchSettings, benchHelp, readBenchRequest } from './bench-options.js';
import { type BenchRun, benchRun, parseBenchRun, type Row } from './bench-run.js';
import { CHILD_ARGUMENT, measureInProcess, prepareCache, serveChild } from './child-process.js';
import { compareRuns, renderComparison } from './compare-runs.js';
import { families } from './families.js';
import { type Family, familyId } from './family.js';
import { medianFile, type ProfiledFile, profileTest, renderProfile } from './profile.js';
import { rowLine, summary, tableHeading } from './row-table.js';
import { type RowKey, targetSeconds } from './targets.js';

const root = new URL('../', import.meta.url);
const RACE = fileURLToPath(new URL('litmus/blocked-on-vs-state/race.litmus', root));

function emptyRow(key: RowKey, end: Row['end'], seconds: readonly number[] = []): Row {
  return {
    ...key,
    end,
    events: 0,
    candidates: 0,
    allowed: null,
    states: 0,
    verdict: null,
    seconds,
    wrong: null,
  };
}

function measureRow(key: RowKey, { repeat, limit: usual }: BenchSettings): Row {
  const limit = Math.max(usual, 2 * (targetSeconds(key) ?? 0));
  const rows: Row[] = [];
  for (let i = 0; i < repeat; i++) {
    const measured = measureInProcess({ ...key, limit });
    if (measured === 'time') return emptyRow(key, 'stopped', [limit]);
    if (measured === 'crash') return emptyRow(key, 'crashed');
    const { stopped, seconds, ...found } = measured;
    rows.push({ ...key, ...found, end: stopped ? 'stopped' : 'complete', seconds: [seconds] });
    if (stopped) break;
  }
  const last = rows.at(-1);
  invariant(last !== undefined, 'a row is measured at least once');
  const wrong = rows.find((row) => row.wrong !== null)?.wrong ?? null;
  // A time at which it was stopped is no time of the row's.
  const seconds = last.end === 'stopped' ? last.seconds : rows.flatMap((row) => row.seconds);
  return { ...last, seconds, wrong };
}

function* familyRows(family: Family, settings: BenchSettings): Generator<readonly [Row, Row | null]> {
  for (const mode of settings.modes) {
    let previous: Row | null = null;
    const sizes = settings.quick ? family.sizes[mode].slice(0, 2) : family.sizes[mode];
    for (const size of sizes) {
      const key = { family: familyId(family), size, mode };
      const goesOn: boolean = previous === null || previous.end === 'complete';
      const row: Row = goesOn ? measureRow(key, settings) : emptyRow(key, 'skipped');
      yield [row, previous];
      previous = row;
    }
  }
}

async function run(settings: BenchSettings): Promise<void> {
  const date = new Date().toISOString();
  const { only, repeat, limit, json } = settings;
  const wanted = families.filter(
    (family) => only.length === 0 || only.some((text) => familyId(family).includes(text)),
  );
  const rows: Row[] = [];
  prepareCache(readTest(RACE).source);
  process.stdout.write(`${tableHeading}\n`);
  for (const family of wanted)
    for (const [row, previous] of familyRows(family, settings)) {
      rows.push(row);
      process.stdout.write(`${rowLine(row, previous)}\n`);
    }
  process.stdout.write(`\n${summary(rows)}\n`);
  if (rows.some((row) => row.wrong !== null)) process.exitCode = 1;
  if (json === null) return;
  const [{ model: cpu } = { model: 'unknown' }, ...others] = cpus();
  const record = benchRun({
    date,
    node: process.version,
    cpu,
    cores: others.length + 1,
    repeat,
    limit,
    rows,
  });
  const failure = await writeText(json, `${JSON.stringify(record, null, 1)}\n`);
  if (failure !== null) fail(failure.message);
}

function readTest(path: string): ProfiledFile {
  return { path, source: { name: relative('', path), text: readFileSync(path, 'utf8') } };
}

async function profile(files: readonly string[], runs: number): Promise<void> {
  const command = fileURLToPath(new URL('fencepost.cjs', import.meta.url));
  const race = readTest(RACE);
  prepareCache(race.source);
  const examples = async () => {
    const { paths } = await expandInputs([fileURLToPath(new URL('litmus', root))]);
    return [race, medianFile(paths.map(readTest))];
  };
  const given = await expandInputs(files);
  for (const { message } of given.diagnostics) fail(message);
  for (const test of files.length === 0 ? await examples() : given.paths.map(readTest))
    process.stdout.write(`${renderProfile(profileTest(test, command, runs, now))}\n`);
}

function fail(message: string): void {
  process.stderr.write(`bench: ${message}\n`);
  process.exitCode = 2;
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
      fail(`${request.message}\n\n${benchHelp}`);
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
