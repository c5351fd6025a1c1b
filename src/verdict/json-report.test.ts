import { describe, expect, it } from 'vitest';
import { errorAt, warningAt } from '../text/diagnostic.js';
import { spanOf } from '../text/source.js';
import { jsonGivenUp, jsonResults } from './json-report.js';
import { sampleLocation, sampleRun, sampleTest } from './sample-report.js';

describe('the JSON report', () => {
  it('has one object per model, and survives JSON', () => {
    const run = sampleRun({
      observed: ['1:r0', 'x'],
      states: [
        { values: [0, sampleLocation('y')], executions: 2 },
        { values: [1, 2n ** 63n], executions: 1, satisfies: true },
      ],
      flags: ['data-race'],
    });
    const results = jsonResults(sampleTest([run], { lkmm: 'Never' }));
    expect(JSON.parse(JSON.stringify(results))).toEqual([
      {
        file: 'sample.litmus',
        test: 'sample',
        model: 'lkmm',
        verdict: 'Sometimes',
        expected: 'Never',
        condition: 'exists (1:r0=1 /\\ 1:r1=0)',
        states: [
          { values: { '1:r0': 0, x: '&y' }, satisfies: false, executions: 2 },
          { values: { '1:r0': 1, x: '9223372036854775808' }, satisfies: true, executions: 1 },
        ],
        positive: 1,
        negative: 2,
        flags: ['data-race'],
        limit: null,
        explored: null,
        candidates: null,
        diagnostics: [],
        seconds: 0.0042,
      },
    ]);
  });

  it('says how far a stopped search came, and what was given up', () => {
    const run = sampleRun({ observed: ['x'], states: [], limit: 'time limit', explored: 0.5, candidates: 7 });
    const { program } = run;
    const given = {
      kind: 'unfinished',
      model: 'sc',
      limit: 'memory limit',
      program,
      diagnostics: [],
    } as const;
    expect(jsonResults(sampleTest([run, given]))).toMatchObject([
      { model: 'lkmm', verdict: 'Unknown', limit: 'time limit', explored: 0.5, candidates: 7 },
      { model: 'sc', verdict: 'Unknown', limit: 'memory limit', explored: null, flags: null },
    ]);
    const kinds = { satisfying: false, other: true };
    const known = sampleRun({ observed: ['x'], states: [{ values: [0] }], limit: 'time limit', kinds });
    expect(jsonResults(sampleTest([known]))).toMatchObject([{ verdict: 'Never', limit: 'time limit' }]);
    expect(jsonGivenUp('a', 'time limit', [])).toMatchObject({ file: 'a', test: null, verdict: 'Unknown' });
    expect(jsonGivenUp('a', null, [errorAt(null, 'e', 'broken')])).toMatchObject({
      verdict: null,
      diagnostics: [{ message: 'broken' }],
    });
  });

  it('reports what could not be judged, with its place', () => {
    const source = { name: 'bad.litmus', text: 'C bad\n{ x = 1 }\n' };
    const error = errorAt(spanOf(source, 8, 9), 'unknown-name', 'unknown name `x`', { hint: 'declare it' });
    const [broken] = jsonResults({ kind: 'input-failure', source, diagnostics: [error] });
    expect(broken).toMatchObject({ file: 'bad.litmus', test: null, model: null, verdict: null, states: [] });
    expect(broken?.diagnostics).toEqual([
      {
        severity: 'error',
        code: 'unknown-name',
        message: 'unknown name `x`',
        file: 'bad.litmus',
        line: 2,
        column: 3,
        hint: 'declare it',
      },
    ]);
    const warned = { ...sampleTest([]), diagnostics: [warningAt(null, 'w', 'careful')] };
    const failure = { kind: 'failure', model: 'x86', excused: false, diagnostics: [error] } as const;
    const [result] = jsonResults({ ...warned, models: [failure] });
    expect(result).toMatchObject({ test: 'sample', model: 'x86', verdict: null, seconds: null });
    expect(result?.diagnostics.map((d) => d.code)).toEqual(['w', 'unknown-name']);
  });
});
