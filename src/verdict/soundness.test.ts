/**
 * Soundness across models, as a theorem to test: what arm64 (with LSE atomics and with exclusive pairs) or x86 allow of a compiled
 * kernel test, lkmm allows of its source, or the test has a data race. Over public tests and the catalogue, which lie beside the
 * repository and are not part of it.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { LowerOptions, LowerTarget } from '../lower/lower.js';
import { loadShippedModel } from '../model/shipped.js';
import type { Program } from '../program/ir.js';
import { defaultSearchOptions, searchProgram } from '../search/search.js';
import { renderDiagnostics } from '../text/render.js';
import { compileTest, type PreparedTest, prepareTest } from './prepare-test.js';
import { stateLine } from './state.js';

const shared = new URL('../../../shared/', import.meta.url);
const isAbsent = !existsSync(shared);
if (isAbsent) console.warn(`skipped: the tests of other collections are not there (${shared.pathname})`);

const targets: readonly (readonly [name: string, LowerTarget, LowerOptions])[] = [
  ['arm64 with LSE', 'arm64', { atomics: 'lse' }],
  ['arm64 with LL/SC', 'arm64', { atomics: 'llsc' }],
  ['x86', 'x86', { atomics: 'lse' }],
];

/** The kernel-C tests of a folder. */
function testsIn(folder: string): PreparedTest[] {
  const root = new URL(`${folder}/`, shared);
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.litmus'))
    .sort();
  return files.flatMap((file) => {
    const { value, diagnostics } = prepareTest({
      name: file,
      text: readFileSync(new URL(file, root), 'utf8'),
    });
    if (value === null) throw new Error(renderDiagnostics(diagnostics));
    return value.language === 'c' ? [value] : [];
  });
}

interface Findings {
  compiled: number;
  /** Compiled tests that the kernel's model has a data race in: anything may happen. */
  racy: number;
  readonly unsound: string[];
  /** Those that do not compile, by the statement that does not. */
  readonly refused: Map<string, number>;
}

function states({ observed }: Program, result: ReturnType<typeof searchProgram>): string[] {
  return result.states.map(({ values }) => stateLine(observed, values));
}

function compareModels(test: PreparedTest, findings: Findings): void {
  const kernel = searchProgram(test.program, loadShippedModel('lkmm'), defaultSearchOptions);
  const allowed = new Set(states(test.program, kernel));
  for (const [name, target, options] of targets) {
    const lowered = compileTest(test, target, options);
    if (lowered.value === null) {
      const why = lowered.diagnostics[0]!.message.replace(/^cannot compile (.*) to \w+: /, '$1: ');
      findings.refused.set(why, (findings.refused.get(why) ?? 0) + 1);
      continue;
    }
    findings.compiled++;
    if (kernel.flags.some((flag) => flag.name === 'data-race')) {
      findings.racy++;
      continue;
    }
    const { program } = lowered.value;
    const result = searchProgram(program, loadShippedModel(target), defaultSearchOptions);
    const more = states(program, result).filter((line) => !allowed.has(line));
    const limit = result.limit ?? kernel.limit;
    if (more.length > 0 || limit !== null)
      findings.unsound.push(`${test.source.name} on ${name}: ${limit ?? more.join(' ')}`);
  }
}

describe.skipIf(isAbsent)('what compiled tests may do, lkmm allows', () => {
  const waits = 'it waits until readers are done';
  it.each([
    ['conformance/lkmm', { compiled: 1308, racy: 78, refused: { [`\`synchronize_rcu()\`: ${waits}`]: 432 } }],
    ['catalogue', { compiled: 294, racy: 12, refused: {} }],
  ])('%s', (folder, expected) => {
    const findings: Findings = { compiled: 0, racy: 0, unsound: [], refused: new Map() };
    for (const test of testsIn(folder)) compareModels(test, findings);
    const { compiled, racy, unsound, refused } = findings;
    expect(unsound).toEqual([]);
    expect({ compiled, racy, refused: Object.fromEntries(refused) }).toEqual(expected);
  });
});
