/**
 * `npm run bench`: how the search grows with the test, and how long a user waits for one.
 *
 *     npm run bench -- [--limit SECONDS] [--only TEXT] [--json]
 *
 * Each family runs at growing sizes until one exceeds the limit. Counts are checked against their closed forms: a wrong one
 * fails the run. Numbers are of this machine and of one run each: compare families and sizes, not single milliseconds.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { now } from '../io/clock.js';
import { familiesAsm } from './families-asm.js';
import { familiesC } from './families-c.js';
import type { Family } from './family.js';
import { type Latency, measureLatency } from './latency.js';
import { type BenchMode, isWrong, measure, type Row } from './measure.js';

const RACE = 'litmus/blocked-on-vs-state/race.litmus';

interface Settings {
  readonly limitMs: number;
  readonly only: string;
  readonly json: boolean;
}

function readSettings(): Settings {
  const { values } = parseArgs({
    options: {
      limit: { type: 'string', default: '10' },
      only: { type: 'string', default: '' },
      json: { type: 'boolean', default: false },
    },
  });
  return { limitMs: Number(values.limit) * 1000, only: values.only, json: values.json };
}

function* familyRows(family: Family, limitMs: number): Generator<Row> {
  for (const mode of ['count', 'outcomes'] satisfies readonly BenchMode[])
    for (const size of family.sizes) {
      const row = measure(family, size, mode, now, limitMs);
      yield row;
      if (row.limit !== null) break;
    }
}

function rowText(row: Row): string {
  const allowed = row.allowed === null ? '' : String(row.allowed);
  const remark = isWrong(row) ? `WRONG, expected ${row.expected}` : (row.limit ?? '');
  return [
    row.model.padEnd(6),
    row.family.padEnd(20),
    String(row.size).padStart(3),
    row.mode.padEnd(8),
    String(row.events).padStart(6),
    String(row.candidates).padStart(10),
    allowed.padStart(9),
    String(row.states).padStart(8),
    row.milliseconds.toFixed(1).padStart(9),
    ` ${remark}`,
  ]
    .join(' ')
    .trimEnd();
}

const heading = 'model  family               size mode   events candidates   allowed   states        ms';

function latencies(): Latency[] {
  const script = fileURLToPath(new URL('./fencepost.cjs', import.meta.url));
  const race = fileURLToPath(new URL(`../${RACE}`, import.meta.url));
  return [
    measureLatency('node -e 0', ['-e', '0'], 10, now),
    measureLatency('fencepost --version', [script, '--version'], 10, now),
    measureLatency('fencepost run race.litmus', [script, 'run', race], 10, now),
  ];
}

function main(): void {
  const settings = readSettings();
  const write = (text: string) => {
    if (!settings.json) process.stdout.write(`${text}\n`);
  };
  const rows: Row[] = [];
  write(heading);
  for (const family of [...familiesC, ...familiesAsm]) {
    if (!`${family.model} ${family.name}`.includes(settings.only)) continue;
    for (const row of familyRows(family, settings.limitMs)) {
      rows.push(row);
      write(rowText(row));
    }
  }
  const waits = settings.only === '' ? latencies() : [];
  if (waits.length > 0) write('\nprocess, start to end                 median   minimum   ms, of 10 runs');
  for (const { command, medianMs, minimumMs } of waits)
    write(`${command.padEnd(34)} ${medianMs.toFixed(0).padStart(9)} ${minimumMs.toFixed(0).padStart(9)}`);
  if (settings.json) process.stdout.write(`${JSON.stringify({ rows, latencies: waits }, null, 2)}\n`);
  if (rows.some(isWrong)) process.exitCode = 1;
}

main();
