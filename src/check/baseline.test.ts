import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OutcomeSet } from '../compare/outcomes.js';
import { renderDiagnostics } from '../text/render.js';
import { verdicts } from '../verdict/verdict.js';
import { baselineText, compareStateTexts, keptOutcomes } from './baseline.js';
import { readBaseline } from './read-baseline.js';

function outcomes(model: string, states: readonly string[], more: Partial<OutcomeSet> = {}): OutcomeSet {
  const observed = (states[0] ?? '').split('; ').flatMap((part) => part.replace(/=.*/, '') || []);
  return { model, verdict: 'Sometimes', observed, states, flags: [], limit: null, ...more };
}

const both = ['1:r0=0; 1:r1=0', '1:r0=0; 1:r1=1'];
const weak = [...both, '1:r0=1; 1:r1=0'];

const text = `# fencepost baseline 1

a/race.litmus
  lkmm: Sometimes, data-race
  x86: Never
  arm64: Unknown (unroll bound 4)
  1:r0=0; 1:r1=0 | lkmm x86
  1:r0=0; 1:r1=1 | lkmm x86
  1:r0=1; 1:r1=0 | lkmm

b.litmus
  lkmm: Always
  - | lkmm
`;

const entries = new Map([
  ['b.litmus', [outcomes('lkmm', [''], { verdict: 'Always', observed: [] })]],
  [
    'a/race.litmus',
    [
      outcomes('lkmm', weak, { flags: ['data-race'] }),
      outcomes('x86', both, { verdict: 'Never' }),
      outcomes('arm64', [], { verdict: 'Unknown', limit: 'unroll bound 4' }),
    ],
  ],
]);

function read(lines: string) {
  const { value, diagnostics } = readBaseline({ name: 'fencepost.baseline', text: lines });
  const found = new Map([...(value ?? [])].map(([file, { outcomes }]) => [file, outcomes]));
  return { found: value === null ? null : found, messages: renderDiagnostics(diagnostics) };
}

describe('a baseline', () => {
  it('has a line for each state, with the models that allow it', () => {
    expect(baselineText(entries)).toBe(text);
  });

  it('is read as it was written, with the place of each line', () => {
    expect(read(text)).toEqual({ found: entries, messages: '' });
    const entry = readBaseline({ name: 'b', text }).value?.get('a/race.litmus');
    expect(entry?.line).toBe(3);
    expect(entry?.modelLines.get('x86')).toBe(5);
    expect(entry?.stateLines.get('1:r0=1; 1:r1=0')).toBe(9);
  });

  it('may have other line breaks, and comments', () => {
    expect(read(text.replaceAll('\n', '\r\n')).found).toEqual(entries);
    expect(read(text.replace('\n\n', '\n# ours\n')).found).toEqual(entries);
  });

  it('shows in a diff the new states, and no line more', () => {
    const more = new Map(entries).set('b.litmus', [outcomes('lkmm', ['', 'x=1'], { verdict: 'Always' })]);
    const before = new Set(text.split('\n'));
    const now = baselineText(more).split('\n');
    expect(now.filter((line) => !before.has(line))).toEqual(['  x=1 | lkmm']);
  });

  it('keeps of what time cut short the verdict alone, of what the bound on loops cut off the states', () => {
    const cut = outcomes('lkmm', both, { flags: ['f'], limit: 'time limit' });
    expect(keptOutcomes(cut)).toEqual({ ...cut, states: [], flags: [] });
    const bounded = outcomes('lkmm', both, { limit: 'unroll bound 4 (P0, line 6)' });
    expect(keptOutcomes(bounded)).toEqual({ ...bounded, limit: 'unroll bound 4' });
  });

  it.each([
    ['x=2; y=1', 'x=10; y=0'],
    ['x=-1', 'x=0'],
    ['x=9007199254740993', 'x=9007199254740994'],
    ['x=a', 'x=b'],
    ['x=0; y=1', 'x=1; y=0'],
  ])('sorts %s before %s', (a, b) => {
    expect(compareStateTexts(a, b)).toBeLessThan(0);
    expect(compareStateTexts(b, a)).toBeGreaterThan(0);
    expect(compareStateTexts(a, a)).toBe(0);
  });

  it('is read as it was written, whatever the names are', () => {
    const name = fc.string({ minLength: 1, unit: 'grapheme' });
    const value = fc.oneof(fc.integer().map(String), fc.constantFrom('&x', 'label:"P0:L0"'));
    const word = fc.stringMatching(/^[a-z][a-z-]{0,8}$/);
    const model = (states: readonly string[]) =>
      fc.record({
        verdict: fc.constantFrom(...verdicts),
        states: fc.subarray([...states]),
        flags: fc.uniqueArray(word, { maxLength: 2 }),
        limit: fc.option(fc.constantFrom('time limit', 'unroll bound 4'), { nil: null }),
      });
    const entry = fc.array(fc.tuple(value, value), { maxLength: 4 }).chain((values) => {
      const states = [...new Set(values.map(([a, b]) => `0:r0=${a}; p->__state=${b}`))].sort(
        compareStateTexts,
      );
      return fc.dictionary(name, model(states), { minKeys: 1, maxKeys: 3 });
    });
    fc.assert(
      fc.property(fc.dictionary(name, entry, { maxKeys: 4 }), (files) => {
        const given = new Map(
          Object.entries(files).map(([file, models]) => [
            file,
            Object.entries(models).map(([model, each]) => outcomes(model, each.states, each)),
          ]),
        );
        const { found, messages } = read(baselineText(given));
        expect(messages).toBe('');
        expect(new Map([...(found ?? [])].sort())).toEqual(new Map([...given].sort()));
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});

describe('what is no baseline', () => {
  it('is refused within its text, be it empty', () => {
    for (const text of ['', '# fencepost baseline 1\n\nt.litmus\n  ']) {
      const { value, diagnostics } = readBaseline({ name: 'b', text });
      expect(value === null).toBe(diagnostics.length > 0);
      for (const { span } of diagnostics) expect(span!.end).toBeLessThanOrEqual(text.length);
    }
  });

  it.each<[string, string, string]>([
    [
      'a conflict of a merge',
      text.replace('  x86: Never\n', '<<<<<<< HEAD\n  x86: Never\n=======\n  x86: Always\n>>>>>>> branch\n'),
      [
        'fencepost.baseline:5:1: error: a conflict of a merge, which is not resolved [baseline]',
        ' 5 | <<<<<<< HEAD',
        '   | ^^^^^^^^^^^^',
        '  hint: keep either side and run `fencepost baseline`, which writes what is true of the merged tests',
      ].join('\n'),
    ],
    [
      'another file',
      '{\n  "tests": []\n}\n',
      [
        'fencepost.baseline:1:1: error: this is no baseline: the first line of one is `# fencepost baseline 1` [baseline]',
        ' 1 | {',
        '   | ^',
      ].join('\n'),
    ],
    [
      'a later format',
      '# fencepost baseline 2\n',
      [
        'fencepost.baseline:1:1: error: a baseline of format 2, and this fencepost reads format 1 [baseline]',
        ' 1 | # fencepost baseline 2',
        '   | ^^^^^^^^^^^^^^^^^^^^^^',
        '  hint: use the fencepost that wrote it, or write it anew: `fencepost baseline`',
      ].join('\n'),
    ],
    [
      'both sides of a merge',
      text.replace('  x86: Never\n', '  x86: Never\n  x86: Sometmes\n  x86: Always\n'),
      [
        'fencepost.baseline:6:3: error: `Sometmes` is no verdict [baseline]',
        ' 6 |   x86: Sometmes',
        '   |   ^^^^^^^^^^^^^',
        '  hint: did you mean `Sometimes`?',
        'fencepost.baseline:7:3: error: x86 for the second time; the first is in line 5 [baseline]',
        ' 7 |   x86: Always',
        '   |   ^^^^^^^^^^^',
      ].join('\n'),
    ],
    [
      'a state twice, and of nobody',
      `${text.trimEnd()}\n  - | lkmm\n  x=1 | lkm\n  what?\n`,
      [
        'fencepost.baseline:14:3: error: this state for the second time; the first is in line 13 [baseline]',
        ' 14 |   - | lkmm',
        '    |   ^^^^^^^^',
        'fencepost.baseline:15:3: error: the model lkm has no line with a verdict above [baseline]',
        ' 15 |   x=1 | lkm',
        '    |   ^^^^^^^^^',
        '  hint: did you mean `lkmm`?',
        'fencepost.baseline:16:3: error: expected a model with its verdict (`lkmm: Never`) or a state (`1:r0=1 | lkmm`) [baseline]',
        ' 16 |   what?',
        '    |   ^^^^^',
      ].join('\n'),
    ],
    [
      'a test twice, and a line of none',
      '# fencepost baseline 1\n  lkmm: Never\nb.litmus\nb.litmus\n',
      [
        'fencepost.baseline:2:3: error: the name of a test is missing before this line [baseline]',
        ' 2 |   lkmm: Never',
        '   |   ^^^^^^^^^^^',
        'fencepost.baseline:4:1: error: a second entry of this test; the first is in line 3 [baseline]',
        ' 4 | b.litmus',
        '   | ^^^^^^^^',
      ].join('\n'),
    ],
  ])('is refused with its place: %s', (_, lines, messages) => {
    expect(read(lines)).toEqual({ found: null, messages });
  });
});
