/**
 * Real tests cut off anywhere, and real tests with random mistakes, through the whole pipeline under every model: the end is always
 * verdicts, or errors that say where. An exception would fail the test.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printAssembly } from '../syntax/print-assembly.js';
import { hasErrors } from '../text/diagnostic.js';
import { renderDiagnostics } from '../text/render.js';
import { jsonResults } from '../verdict/json-report.js';
import { compileTest, prepareTest } from '../verdict/prepare-test.js';
import { isRun } from '../verdict/report.js';
import { defaultRunOptions, type RunOptions, runTest } from '../verdict/run-test.js';
import { plainTablePalette, renderTable } from '../verdict/table.js';

const root = fileURLToPath(new URL('../../litmus/', import.meta.url));

/** Without comments, where mistakes mean nothing. */
function withoutComments(text: string): string {
  return text.replace(/\(\*[\s\S]*?\*\)|\/\/.*|\/\*[\s\S]*?\*\//g, ' ').replace(/\n\s*\n/g, '\n');
}

const texts = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.litmus'))
  .sort()
  .map((name) => withoutComments(readFileSync(root + name, 'utf8')));

/** What some of them compile to: the assembly languages. */
const assembly = texts
  .filter((_, i) => i % 8 === 0)
  .flatMap((text) => {
    const test = prepareTest({ name: 't', text }).value;
    return test?.language !== 'c'
      ? []
      : (['arm64', 'x86'] as const).map((to) => compileTest(test, to, { atomics: 'llsc' }));
  })
  .flatMap(({ value }) => (value === null ? [] : [withoutComments(printAssembly(value.assembly))]));

/** A clock would make the outcome depend on the machine: the search may ask this often whether its time is over. */
const patience = 500;

const options: RunOptions = {
  ...defaultRunOptions,
  unroll: 2,
  expiry: () => {
    let asked = 0;
    return () => ++asked > patience;
  },
};

type End = 'verdicts' | 'errors';

/** Runs a text and checks the end it comes to; single models may fail beside others. */
function endOf(text: string): End {
  const report = runTest({ name: 't.litmus', text }, options);
  jsonResults(report);
  const failures = report.kind === 'test' ? report.models.filter((run) => !isRun(run)) : [report];
  for (const { diagnostics, ...failure } of failures) {
    // What a model cannot judge is a remark where others can.
    expect(hasErrors(diagnostics)).toBe(!('excused' in failure && failure.excused));
    expect(diagnostics).not.toEqual([]);
    for (const { span } of diagnostics) expect(span).not.toBeNull();
    expect(renderDiagnostics(diagnostics)).toMatch(/^t\.litmus:\d+:\d+: /);
  }
  if (report.kind !== 'test') return 'errors';
  renderTable(report, { width: 80, unicode: true, palette: plainTablePalette });
  for (const run of report.models.filter(isRun)) {
    expect(['Never', 'Sometimes', 'Always', 'Deadlock', 'Unknown']).toContain(run.verdict);
    if (run.result.limit !== null) expect(['Never', 'Always', 'Deadlock']).not.toContain(run.verdict);
  }
  return 'verdicts';
}

describe('a test cut off anywhere', () => {
  const kinds: readonly (readonly [string, string | undefined])[] = [
    ['in C', texts.find((text) => /^C /.test(text))],
    ['as a sketch', texts.find((text) => /^Sketch /.test(text))],
    ['in AArch64', assembly.find((text) => /^AArch64 /.test(text))],
    ['in X86_64', assembly.find((text) => /^X86_64 /.test(text))],
  ];

  it.each(kinds)('%s is refused', (_kind, text) => {
    const whole = text!.trim();
    expect(endOf(whole)).toBe('verdicts');
    for (let end = 0; end < whole.length; end++)
      expect({ end, is: endOf(whole.slice(0, end)) }).toEqual({ end, is: 'errors' });
  });
});

const token = /(?:\w+|->|\/\\|\\\/|[=!<>&|+-]{2}|\S)\s*/g;
const edits = ['drop', 'double', 'swap', 'replace', 'character'] as const;

/** A text with some of its tokens dropped, doubled, exchanged or replaced, or a character changed. */
const mutated = fc
  .record({
    text: fc.constantFrom(...texts, ...assembly),
    edits: fc.array(
      fc.record({
        at: fc.nat(),
        from: fc.nat(),
        how: fc.constantFrom(...edits),
        character: fc.string({ unit: 'binary', maxLength: 1 }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  })
  .map(({ text, edits }) => {
    const tokens = text.match(token)!;
    for (const { at, from, how, character } of edits) {
      const i = at % (tokens.length - 1);
      const here = tokens[i]!;
      if (how === 'drop') tokens.splice(i, 1);
      else if (how === 'double') tokens.splice(i, 0, here);
      else if (how === 'swap') [tokens[i], tokens[i + 1]] = [tokens[i + 1]!, here];
      else if (how === 'replace') tokens[i] = tokens[from % tokens.length]!;
      else tokens[i] = here.slice(0, from % here.length) + character + here.slice(1 + (from % here.length));
    }
    return tokens.join('');
  });

describe('a test with mistakes', () => {
  it('ends in verdicts or in errors that say where', () => {
    const seen = { verdicts: 0, errors: 0 };
    fc.assert(
      fc.property(mutated, (text) => {
        seen[endOf(text)]++;
      }),
      { seed: 20261121, numRuns: 800 },
    );
    expect(Math.min(seen.verdicts, seen.errors)).toBeGreaterThan(50);
  });
});
