/**
 * The measured evidence: tests of the scheduler's and the mutexes' patterns with what a reference tool said of them.
 *
 * Kernel C must agree in verdict, exact counts and flags; assembly in its verdict, and in the counts where they are
 * comparable. Where the C of a pattern and its hand-written assembly both exist, the C compiled here must get the verdict of
 * the assembly. The collection lies beside the repository and is not part of it.
 */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { LowerOptions } from '../lower/lower.js';
import type { Mode } from '../search/execution.js';
import type { SourceFile } from '../text/source.js';
import type { ModelName } from './model-choice.js';
import type { ModelRun } from './report.js';
import { defaultRunOptions, runTest } from './run-test.js';
import { verdicts } from './verdict.js';

const folder = new URL('../../../shared/catalogue/', import.meta.url);
const present = existsSync(new URL('INDEX.tsv', folder));
if (!present) console.warn(`skipped: the catalogue of measured tests is not there (${folder.pathname})`);

interface Row {
  readonly file: string;
  readonly model: ModelName;
  readonly verdict: string;
  /** Null: the reference tool did not finish; `verdict` is then what the file's comment expects. */
  readonly counts: { readonly positive: number; readonly negative: number } | null;
  readonly flags: readonly string[];
}

function readTest(file: string): SourceFile {
  return { name: file, text: readFileSync(new URL(file, folder), 'utf8') };
}

const models: Readonly<Record<string, ModelName>> = { LKMM: 'lkmm', AArch64: 'arm64', X86_64: 'x86' };

/**
 * The reference tool's locked instructions of x86 may read a write that is coherence-after their own, which no processor does, and so
 * it counts more executions (x86-reference.test.ts shows that this is all): there only the verdicts are comparable.
 */
function isCountable(row: Row): boolean {
  return row.model !== 'x86' || !/cmpxchg|\bxchg/.test(readTest(row.file).text);
}

/** `Sometimes 1/3`; `TIMEOUT>300s`. */
function readRow(line: string): Row {
  const [file = '', arch = '', measured = '', flags = ''] = line.split('\t');
  const model = models[arch];
  if (model === undefined) throw new Error(`${file}: unknown architecture ${arch}`);
  const finished = /^(\w+) (\d+)\/(\d+)$/.exec(measured);
  const expected = /Expected: (\w+)/.exec(readTest(file).text)?.[1];
  const verdict = finished?.[1] ?? expected ?? '';
  if (!verdicts.some((known) => known === verdict)) throw new Error(`${file}: no verdict in ${line}`);
  const counts = finished === null ? null : { positive: Number(finished[2]), negative: Number(finished[3]) };
  return { file, model, verdict, counts, flags: flags.split(' ').filter((flag) => flag !== '') };
}

const rows: readonly Row[] = present
  ? readFileSync(new URL('INDEX.tsv', folder), 'utf8').trimEnd().split('\n').slice(1).map(readRow)
  : [];
const counted = rows.filter((row) => row.counts !== null && isCountable(row));
const judged = rows.filter((row) => !counted.includes(row));

function runAs(file: string, model: ModelName, mode: Mode, atomics: LowerOptions['atomics']): ModelRun {
  const report = runTest(readTest(file), { ...defaultRunOptions, models: [model], mode, atomics });
  const [only] = report.kind === 'test' ? report.models : [];
  if (only?.kind === 'run') return only;
  const { diagnostics } = only ?? report;
  throw new Error(`${file} (${model}): ${diagnostics.map((d) => d.message).join('; ')}`);
}

/** `s002-03d` of `A64-s002-03d-reader-locks.litmus`: the pattern, the same in all languages. Hand-split halves (A64H) have none. */
function patternOf(file: string): string | null {
  return /^(?:C|A64|X86)-(\w+-\d\d\w*)/.exec(file)?.[1] ?? null;
}

interface Pair {
  readonly c: string;
  readonly assembly: Row;
  readonly atomics: LowerOptions['atomics'];
}

/** Assembly whose C has another name: it is the same pattern with other atomics, or another spelling of it. */
const SAME_PATTERN: Readonly<Record<string, string>> = {
  'A64-pa-01b-ldadd-rmb.litmus': 'C-pa-02-fetch-relaxed-rmb.litmus',
  'A64-pa-01c-llsc-rmb.litmus': 'C-pa-01-noreturn-rmb.litmus',
  'A64-pa-04b-xchg-llsc.litmus': 'C-pa-04-xchg-sb.litmus',
  'A64-s000-03b-waker-no-mbafter-llsc.litmus': 'C-s000-03-waker-no-mbafter.litmus',
  'X86-s002-01b-peter-xchg.litmus': 'C-s002-02-real-code.litmus',
};

/** Assembly that no C of the catalogue becomes, and why; A64H and X86H are halves of tests, split by hand by who is first. */
const WITHOUT_C: Readonly<Record<string, string>> = {
  'A64-pa-04d-llsc-order-after.litmus': 'an exchange between accesses of other cells',
  'A64-pa-06-unlock-lock-sb.litmus': 'store buffering around an unlock and a lock',
  'A64-pa-09-ldapr-vs-ldar.litmus': 'READ_ONCE() as LDAPR, which is a choice of the kernel build',
  'A64-s000-03c-waker-casal.litmus': 'a lock with CASAL, which the kernel has not',
  'A64-s000-16-oncpu-no-ctrlacq.litmus': 'a barrier left out',
  'A64-s001-03-deactivate-early-state.litmus': 'a state that is read too early',
};

function pairOf(assembly: Row): Pair | null {
  const pattern = patternOf(assembly.file);
  const named = SAME_PATTERN[assembly.file];
  const c = rows.find(({ file, model }) => {
    if (model !== 'lkmm') return false;
    return named === undefined ? pattern !== null && patternOf(file) === pattern : file === named;
  });
  if (c === undefined) return null;
  return { c: c.file, assembly, atomics: assembly.file.includes('llsc') ? 'llsc' : 'lse' };
}

const assemblies = rows.filter(({ model }) => model !== 'lkmm');
const pairs = assemblies.flatMap((assembly) => pairOf(assembly) ?? []);
const unpaired = assemblies.filter((assembly) => pairOf(assembly) === null);

describe.skipIf(!present)('the catalogue', () => {
  it('is read whole', () => {
    expect(rows.length).toBe(165);
    expect(new Set(rows.map((row) => row.model))).toEqual(new Set(['lkmm', 'arm64', 'x86']));
    expect(counted.length).toBeGreaterThan(140);
  });

  it('has C for all assembly but what is listed', () => {
    const whole = unpaired.filter(({ file }) => !/^(A64|X86)H-/.test(file));
    expect(whole.map(({ file }) => file)).toEqual(Object.keys(WITHOUT_C));
    expect([assemblies.length, pairs.length, unpaired.length - whole.length]).toEqual([67, 42, 19]);
  });

  it.each(counted)('$file: $verdict $counts.positive/$counts.negative', (row) => {
    const { verdict, result } = runAs(row.file, row.model, 'count', 'lse');
    const flags = result.flags.map((flag) => flag.name);
    const counts = { positive: result.positive, negative: result.negative };
    expect({ verdict, counts, flags }).toEqual({
      verdict: row.verdict,
      counts: row.counts,
      flags: row.flags,
    });
  });

  it.each(judged)('$file: $verdict', (row) => {
    expect(runAs(row.file, row.model, 'outcomes', 'lse').verdict).toBe(row.verdict);
  });

  it.each(pairs)('$c compiles to the verdict of $assembly.file', ({ c, assembly, atomics }) => {
    expect(runAs(c, assembly.model, 'outcomes', atomics).verdict).toBe(assembly.verdict);
  });
});
