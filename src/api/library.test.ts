/** What the library promises beside its examples: data that can be sent, no throw on what users write, no limit that passes for an answer. */
import { describe, expect, it } from 'vitest';
import {
  barriers,
  checkTest,
  compareOutcomes,
  compile,
  drawGraph,
  explain,
  format,
  type LitmusOptions,
  loadModel,
  type ModelName,
  type ModelResult,
  repair,
  runLitmus,
} from '../index.js';

const weak = `C message-passing
{ }
P0(int *x, int *y) { WRITE_ONCE(*x, 1); WRITE_ONCE(*y, 1); }
P1(int *x, int *y) { int r0; int r1; r0 = READ_ONCE(*y); r1 = READ_ONCE(*x); }
exists (1:r0=1 /\\ 1:r1=0)
`;

const everything = {
  runLitmus,
  explain,
  drawGraph,
  barriers,
  repair,
  checkTest,
  compile: (input: string) => compile(input, { to: 'arm64' }),
  format: (input: string) => format(input),
};

const functions = Object.entries(everything) as unknown as [
  string,
  (input: string, options: LitmusOptions) => object,
][];

function resultOf(text: string, model: ModelName, options: LitmusOptions = {}): ModelResult {
  const [result] = runLitmus(text, { ...options, models: [model] }).models;
  if (result === undefined) throw new Error('not judged');
  return result;
}

describe('every function', () => {
  it.each(functions)('%s gives data that can be sent to another thread', (_, call) => {
    const result = call(weak, { models: ['arm64', 'sc'] });
    expect(structuredClone(result)).toEqual(result);
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });

  it.each(functions)('%s says what is wrong with a text', (name, call) => {
    const broken = `${weak}P2(`;
    const result = JSON.stringify(call(broken, {}));
    expect(result).toContain('"severity":"error"');
    expect(result).toMatch(
      name === 'checkTest' ? /"status":"input"/ : /"place":\{"file":"test.litmus","line":6/,
    );
  });

  it.each(functions)('%s throws on what is no text', (_, call) => {
    expect(() => call(undefined as unknown as string, {})).toThrow(TypeError);
    expect(() => call({ name: 'a' } as unknown as string, {})).toThrow(TypeError);
  });

  const ignoring = [
    ['barriers', (options: object) => barriers(weak, options)],
    ['repair', (options: object) => repair(weak, options)],
    ['compile', (options: object) => compile(weak, { ...options, to: 'arm64' })],
  ] as const;

  it.each(ignoring)('%s refuses an option that it has no use for', (name, call) => {
    const refused = (options: object): string[] => call(options).diagnostics.map(({ message }) => message);
    expect(refused({ atomics: 'llsc', macros: undefined, outcome: undefined })).toEqual([]);
    expect(refused({ outcome: 'x=1' })).toEqual(['there is no option `outcome`']);
    const others = { models: ['lkmm'], unroll: 2, expired: () => false };
    expect(refused(others)).toEqual(
      name === 'compile' ? Object.keys(others).map((each) => `there is no option \`${each}\``) : [],
    );
    for (const models of ['all', 'own'])
      expect(refused({ models })).toEqual([
        name === 'compile'
          ? 'there is no option `models`'
          : `\`models\` is a list of models here, not '${models}'`,
      ]);
  });

  const judging = functions.filter(([name]) => name !== 'format' && name !== 'compile');

  it.each(judging)('%s says what is wrong with an option', (_, call) => {
    const { model } = loadModel('acyclic po', { name: 'mine' });
    if (model === null) throw new Error('no model');
    const cases: [LitmusOptions, string][] = [
      [{ models: ['lkm' as 'lkmm'] }, 'there is no model `lkm`'],
      [{ models: [] }, '`models` is an empty list'],
      [{ models: [model, { ...model }] }, 'two of the models are called `mine`'],
      [{ unroll: 0 }, '`unroll` is an integer of at least 1, not 0'],
      [{ macros: 'nonsense(' }, 'macros.def'],
      [{ timeout: 3 } as LitmusOptions, 'there is no option `timeout`'],
      [{ atomics: 'lsc' as 'lse' }, "`atomics` is 'lse' or 'llsc', not 'lsc'"],
    ];
    for (const [options, message] of cases) expect(JSON.stringify(call(weak, options))).toContain(message);
  });
});

it('is said of the words of one function, too', () => {
  expect(compile(weak, { to: 'arm65' as 'arm64' })).toMatchObject({
    text: null,
    diagnostics: [{ code: 'bad-option', message: "`to` is 'arm64' or 'x86', not 'arm65'" }],
  });
  expect(() => compile(weak, {} as { to: 'x86' })).toThrow(TypeError);
  expect(runLitmus(weak, { mode: 'counts' as 'count' }).diagnostics[0]?.message).toContain('`mode` is ');
  expect(drawGraph(weak, { states: 'every' as 'all' }).diagnostics[0]?.message).toContain('`states` is ');
  const [unknown] = runLitmus(weak, { unrol: 2 } as LitmusOptions).diagnostics;
  expect(unknown).toMatchObject({ code: 'unknown-option', hint: 'did you mean `unroll`?' });
  expect(runLitmus(weak, { outcome: undefined, timeout: undefined } as object).diagnostics).toEqual([]);
});

describe('runLitmus', () => {
  it('asks for another outcome', () => {
    expect(resultOf(weak, 'x86', { outcome: { '1:r0': 1, '1:r1': 0 } }).verdict).toBe('Never');
    expect(resultOf(weak, 'x86', { outcome: '1:r0=1' }).verdict).toBe('Sometimes');
    expect(resultOf(weak.replace(/exists.*/, ''), 'x86', { outcome: 'x=1' }).verdict).toBe('Always');
    const { models, diagnostics } = runLitmus(weak, { outcome: '1:r9=1' });
    expect([models, diagnostics[0]?.place]).toEqual([
      [],
      expect.objectContaining({ file: 'outcome', line: 1, column: 1 }),
    ]);
  });

  it('counts, and asks for the verdict alone', () => {
    const counted = runLitmus(weak, { models: ['sc'], mode: 'count' }).models[0];
    expect(counted).toMatchObject({
      positive: 0,
      negative: 3,
      states: [{ executions: 1 }, { executions: 1 }, { executions: 1 }],
    });
    const short = runLitmus(weak, { models: ['sc'], mode: 'verdict' }).models[0];
    expect(short).toMatchObject({ verdict: 'Never', states: [], flags: null, positive: null });
  });

  it('takes no limit for an answer', () => {
    const found = resultOf(weak, 'lkmm', { expired: () => true, outcome: '1:r0=7' });
    expect(found).toMatchObject({ verdict: 'Unknown', limit: 'time limit' });
  });

  it('says which models cannot judge a test', () => {
    const { models } = runLitmus(
      'C grace-period\n{ }\nP0(int *x) { WRITE_ONCE(*x, 1); synchronize_rcu(); }\nexists (x=1)\n',
    );
    expect(models.map(({ model, verdict }) => [model, verdict])).toEqual([
      ['lkmm', 'Always'],
      ['arm64', null],
      ['x86', null],
      ['sc', 'Always'],
    ]);
    expect(models[1]?.diagnostics[0]?.message).toContain('synchronize_rcu');
  });

  it('says what the comment expects', () => {
    const commented = weak.replace('{ }', '(*\n * Result(lkmm, sc): Never\n *)\n{ }');
    const expected = runLitmus(commented).models.map(({ model, expected, isAsExpected }) => [
      model,
      expected,
      isAsExpected,
    ]);
    expect(expected).toEqual([
      ['lkmm', 'Never', false],
      ['arm64', null, true],
      ['x86', null, true],
      ['sc', 'Never', true],
    ]);
  });
});

describe('loadModel', () => {
  it('includes what it is given, and nothing else', () => {
    const includes = {
      'base.cat': 'let hb = po | rf | fr | co\ninclude "axiom.cat"',
      'axiom.cat': 'acyclic hb as base',
    };
    const { model, diagnostics } = loadModel('include "base.cat"', { name: 'mine', includes });
    expect(diagnostics).toEqual([]);
    const judged = runLitmus(weak, { models: [model!] });
    expect(judged.models[0]).toMatchObject({ model: 'mine', verdict: 'Never' });
    const lost = loadModel('include "../../../etc/passwd"\nacyclic po');
    expect([lost.model, lost.diagnostics[0]?.code]).toEqual([null, 'include-not-found']);
    const round = loadModel('include "a.cat"', { includes: { 'a.cat': 'include "a.cat"' } });
    expect(round.diagnostics[0]?.code).toBe('include-cycle');
  });

  it('judges what C compiles to, if it is said', () => {
    const text = 'let obs = rf | fr | co\nacyclic po | obs as order';
    for (const [compileTo, statement] of [
      ['arm64', /STR/],
      ['x86', /movl/],
      [null, /^((?!movl|STR).)*$/s],
    ] as const) {
      const { model } = loadModel(text, { name: 'mine', compileTo });
      expect(explain(weak, { models: [model!] }).explanations[0]?.text).toMatch(statement);
    }
  });

  it('refuses the name of another model', () => {
    expect(loadModel('acyclic po', { name: 'lkmm' }).model).toBeNull();
  });

  it('is data, which other threads judge with as well', () => {
    const { model } = loadModel('acyclic po | rf | fr | co', { name: 'mine' });
    expect(runLitmus(weak, { models: [structuredClone(model!)] }).models[0]?.verdict).toBe('Never');
  });
});

describe('compareOutcomes', () => {
  it('leaves open what was not looked for', () => {
    const whole = resultOf(weak, 'lkmm');
    const [short] = runLitmus(weak, { models: ['sc'], mode: 'verdict' }).models;
    expect(compareOutcomes(whole, short!)).toMatchObject({
      verdict: { before: 'Sometimes', after: 'Never' },
      vanished: [],
      open: 'states were not looked for',
    });
    expect(compareOutcomes(whole, resultOf(weak, 'sc')).vanished).toEqual(['1:r0=1; 1:r1=0']);
  });
});

describe('drawGraph', () => {
  it('draws all states, and says what has no picture', () => {
    const { drawings } = drawGraph(weak, { models: ['x86'], states: 'all' });
    expect(drawings.map(({ state, verdict }) => [state, verdict])).toEqual([
      ['1:r0=0; 1:r1=0', 'allowed'],
      ['1:r0=0; 1:r1=1', 'allowed'],
      ['1:r0=1; 1:r1=0', 'forbidden'],
      ['1:r0=1; 1:r1=1', 'allowed'],
    ]);
    expect(drawings[2]?.dot).toMatch(/^digraph /);
    expect(drawings.every(({ text }) => text.split('\n').every((line) => line.length <= 80))).toBe(true);
    const none = drawGraph(weak, { models: ['x86'], outcome: '1:r0=7' });
    expect(none.missing).toEqual([
      { model: 'x86', reason: 'no execution gives the outcome under any model' },
    ]);
  });
});

describe('checkTest', () => {
  it('takes the expectations of the caller', () => {
    expect(checkTest(weak, { expected: { lkmm: 'Sometimes', x86: 'Never' } }).status).toBe('same');
    expect(checkTest(weak, { expected: 'Never' }).findings[0]?.message).toBe(
      'expected Never, found Sometimes under lkmm',
    );
    expect(checkTest(weak).status).toBe('nothing-expected');
    expect(checkTest(weak, { requireExpectations: true }).status).toBe('different');
    const lost = checkTest(weak, { models: ['lkmm'], expected: { lkmm: 'Sometimes', 'my.cat': 'Never' } });
    expect([lost.status, lost.findings[0]?.kind]).toEqual(['different', 'no-such-model']);
    expect(checkTest(weak, { expected: 'Never', outcome: '1:r0=7', expired: () => true }).status).toBe(
      'limit',
    );
    expect(() => checkTest(weak, { expected: 'Nevr' as 'Never' })).toThrow(TypeError);
  });
});
