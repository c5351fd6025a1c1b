/**
 * What `fencepost compile` prints is the program that is judged: for every test of litmus/ and every target, the printed file,
 * read as if somebody had written it, has the final states and the counts of the program compiled in memory. A test that does not
 * compile is listed with its reason.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type LowerOptions, type LowerTarget, lowerProgram } from '../lower/lower.js';
import { programFor } from '../lower/target.js';
import { loadShippedModel } from '../model/shipped.js';
import { printedStates, readPrinted, statesAsPrinted } from '../oracle/printed-program.js';
import type { Program } from '../program/ir.js';
import type { SearchResult } from '../search/execution.js';
import { defaultSearchOptions, searchProgram } from '../search/search.js';
import { renderDiagnostics } from '../text/render.js';
import { prepareTest } from './prepare-test.js';

const folder = fileURLToPath(new URL('../../litmus/', import.meta.url));
const files: readonly string[] = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.litmus'))
  .sort();

const targets: readonly (readonly [name: string, LowerTarget, LowerOptions])[] = [
  ['arm64 with LSE', 'arm64', { atomics: 'lse' }],
  ['arm64 with LL/SC', 'arm64', { atomics: 'llsc' }],
  ['x86', 'x86', { atomics: 'lse' }],
];

/** A grace period is a wait for the readers on other CPUs, no instruction; SRCU readers are counted for each CPU. */
const REFUSED: Readonly<Record<string, string>> = {
  'rcu/grace-period.litmus': '`synchronize_rcu()`',
  'rcu/nested.litmus': '`synchronize_rcu()`',
  'rcu/no-section.litmus': '`synchronize_rcu()`',
  'rcu/reuse.litmus': '`synchronize_rcu()`',
  'rcu/split-section.litmus': '`synchronize_rcu()`',
  'rcu/srcu-other-domain.litmus': '`idx = srcu_read_lock(ss)`',
  'rcu/srcu.litmus': '`idx = srcu_read_lock(ss)`',
  'rcu/two-sections-one-grace-period.litmus': '`synchronize_rcu()`',
  'rcu/two-sections-two-grace-periods.litmus': '`synchronize_rcu()`',
};

function read(name: string, text: string): Program {
  const { value, diagnostics } = prepareTest({ name, text });
  if (value === null) throw new Error(renderDiagnostics(diagnostics));
  return value.program;
}

/** The kernel-C and sketch tests; the others are assembly already. */
function sources(): ReadonlyMap<string, Program> {
  const programs = files.map((file) => [file, read(file, readFileSync(folder + file, 'utf8'))] as const);
  return new Map(programs.filter(([, { dialect }]) => dialect === 'lkmm'));
}

/** The test, compiled, in both modes: judged at once, and printed and read again. */
function compareRoundTrip(file: string, source: Program, target: LowerTarget, options: LowerOptions): void {
  const lowered = lowerProgram(source, target, options).value!;
  const direct = programFor(source, target, options).value!.program;
  const printed = readPrinted(lowered);
  expect(printed.condition.quantifier).toBe(source.condition.quantifier);
  for (const mode of ['count', 'outcomes'] as const) {
    const search = (program: Program): SearchResult =>
      searchProgram(program, loadShippedModel(target), { ...defaultSearchOptions, mode });
    const [expected, found] = [search(direct), search(printed)];
    expect([expected.limit, found.limit]).toEqual([null, null]);
    expect(printedStates(printed, found), `${file}, ${mode}`).toEqual(
      statesAsPrinted(source, lowered, expected),
    );
  }
}

describe('the printed program', () => {
  it.each(targets)('%s: has the states and the counts of the compiled one', (_name, target, options) => {
    const refused: Record<string, string> = {};
    let compared = 0;
    const programs = sources();
    for (const [file, source] of programs) {
      const { diagnostics } = lowerProgram(source, target, options);
      const why = diagnostics.find(({ severity }) => severity === 'error');
      if (why === undefined) {
        compareRoundTrip(file, source, target, options);
        compared++;
      } else refused[file] = why.message.replace(/^cannot compile (.*) to \w+: .*$/, '$1');
    }
    expect(refused).toEqual(REFUSED);
    expect(compared).toBe(programs.size - Object.keys(REFUSED).length);
  });
});
