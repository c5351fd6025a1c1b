/** Stories of allowed executions: the order they are told in, what they say, and that the audit accepts these and not others. */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { compileModel, noIncludes } from '../model/compile.js';
import type { CompiledModel } from '../model/dag.js';
import { loadShippedModel } from '../model/shipped.js';
import { randomModelText } from '../oracle/random-models.js';
import { randomProgram } from '../oracle/random-programs.js';
import { candidateExecutions } from '../oracle/reference.js';
import type { Dialect } from '../program/ir.js';
import { renderDiagnostics } from '../text/render.js';
import { isRun } from '../verdict/report.js';
import { defaultRunOptions, runTest } from '../verdict/run-test.js';
import { auditStory } from './audit-story.js';
import type { Story } from './explanation.js';
import { handMadeExecution } from './hand-made-execution.js';
import { evaluateExecution } from './refused-execution.js';
import { tellStory } from './story.js';

function modelOf(text: string, dialects: readonly Dialect[] = ['lkmm']): CompiledModel {
  const { value, diagnostics } = compileModel(
    { name: 'test.cat', text: `"test"\n${text}` },
    noIncludes,
    dialects,
  );
  expect(renderDiagnostics(diagnostics.filter(({ severity }) => severity === 'error'))).toBe('');
  return value!;
}

/** The audited story: its sentences, and for each missing order, indented, its own. */
function tell(story: Story, model: CompiledModel): string[] {
  expect(auditStory(story, model)).toEqual([]);
  return [
    ...story.sentences.map(({ text }) => text),
    ...(story.isInterleaving ? ['an interleaving'] : []),
    ...story.missing.flatMap(({ sentences }) => ['missing:', ...sentences.map(({ text }) => `  ${text}`)]),
  ];
}

interface Case {
  readonly name: string;
  readonly threads: string;
  readonly edges?: string;
  readonly dialect?: Dialect;
  /** A shipped model's name, or a model. */
  readonly model: string;
  readonly expected: readonly string[];
}

const cases: readonly Case[] = [
  {
    name: 'the race',
    threads: `P0: lock l | W b=1 | W s=1 | smp_mb | unlock l
P1: lock m | R s=1 | smp_rmb | R b=0 | unlock m`,
    model: 'lkmm',
    expected: [
      'P0:1a spin_lock(&l) takes l, which was free from the start',
      'P0:1c WRITE_ONCE(s, 1) writes 1 to s, before P0:1b WRITE_ONCE(b, 1), although that stands earlier in the program',
      'P1:2a spin_lock(&m) takes m, which was free from the start',
      'P1:2b r = READ_ONCE(s) reads 1 from s, which P0:1c wrote',
      'P1:2d r = READ_ONCE(b) reads 0 from b, the initial value',
      'P1:2e spin_unlock(&m) gives back m',
      'P0:1b writes 1 to b',
      'P0:1e spin_unlock(&l) gives back l',
      'In the end, 1:r0=1 and 1:r1=0',
      'missing:',
      '  nothing orders P0:1b WRITE_ONCE(b, 1) before P0:1c WRITE_ONCE(s, 1) under lkmm: no barrier stands between them and P0:1c is no release',
      '  P0:1a spin_lock(&l) stands before both and orders neither with the other',
      '  P0:1d smp_mb() stands after both and orders neither with the other',
      '  smp_wmb() between them or smp_store_release() at P0:1c would forbid this execution',
    ],
  },
  {
    name: 'a barrier of the wrong kind, and a dependency',
    threads: `P0: W b=1 | smp_rmb | W s=1
P1: R s=1 | smp_rmb | R b=0`,
    model: 'lkmm',
    expected: [
      'P0:1c WRITE_ONCE(s, 1) writes 1 to s, before P0:1a WRITE_ONCE(b, 1), although that stands earlier in the program',
      'P1:2a r = READ_ONCE(s) reads 1 from s, which P0:1c wrote',
      'P1:2c r = READ_ONCE(b) reads 0 from b, the initial value',
      'P0:1a writes 1 to b',
      'In the end, 1:r0=1 and 1:r1=0',
      'missing:',
      '  nothing orders P0:1a WRITE_ONCE(b, 1) before P0:1c WRITE_ONCE(s, 1) under lkmm: P0:1c is no release',
      '  P0:1b smp_rmb() stands between them, but does not order a store before a store',
      '  smp_wmb() between them or smp_store_release() at P0:1c would forbid this execution',
    ],
  },
  {
    name: 'a control dependency to a load',
    threads: `P0: W b=1 | smp_wmb | W s=1
P1: R s=1 | R b=0`,
    edges: 'ctrl 1.0>1.1',
    dialect: 'arm64',
    model: 'arm64',
    expected: [
      'P1:2b r = READ_ONCE(b) [ldr] reads 0 from b, the initial value, before P1:2a r = READ_ONCE(s) [ldr], although that stands earlier in the program',
      'P0:1a WRITE_ONCE(b, 1) [str] writes 1 to b',
      'P0:1c WRITE_ONCE(s, 1) [str] writes 1 to s',
      'P1:2a reads 1 from s, which P0:1c wrote',
      'In the end, 1:r0=1 and 1:r1=0',
      'missing:',
      '  nothing orders P1:2a r = READ_ONCE(s) [ldr] before P1:2b r = READ_ONCE(b) [ldr] under arm64: no barrier stands between them and P1:2a is no acquire',
      '  P1:2b depends on what P1:2a reads by a branch, but that does not order a load before a load',
      '  smp_rmb() between them, smp_load_acquire() at P1:2a or an address dependency of the second on the first would forbid this execution',
    ],
  },
  {
    name: 'an unlock between',
    threads: `P0: lock l | W b=1 | unlock l | W s=1
P1: R s=1 | smp_rmb | R b=0`,
    model: 'lkmm',
    expected: [
      'P0:1a spin_lock(&l) takes l, which was free from the start',
      'P0:1d WRITE_ONCE(s, 1) writes 1 to s, before P0:1b WRITE_ONCE(b, 1) and P0:1c spin_unlock(&l), although those stand earlier in the program',
      'P1:2a r = READ_ONCE(s) reads 1 from s, which P0:1d wrote',
      'P1:2c r = READ_ONCE(b) reads 0 from b, the initial value',
      'P0:1b writes 1 to b',
      'P0:1c gives back l',
      'In the end, 1:r0=1 and 1:r1=0',
      'missing:',
      '  nothing orders P0:1b WRITE_ONCE(b, 1) before P0:1d WRITE_ONCE(s, 1) under lkmm: no barrier stands between them and P0:1d is no release',
      '  P0:1c spin_unlock(&l) stands between them, but orders only what comes before it, not what comes after it',
      '  P0:1a spin_lock(&l) stands before both and orders neither with the other',
      '  smp_wmb() between them or smp_store_release() at P0:1d would forbid this execution',
    ],
  },
  {
    name: 'two orders that are needed together',
    threads: `P0: W x=1 | R y=0
P1: W y=1 | R x=0`,
    dialect: 'x86',
    model: 'x86',
    expected: [
      'P1:2b r = READ_ONCE(x) [ldr] reads 0 from x, the initial value, before P1:2a WRITE_ONCE(y, 1) [str], although that stands earlier in the program',
      'P0:1a WRITE_ONCE(x, 1) [str] writes 1 to x',
      'P0:1b r = READ_ONCE(y) [ldr] reads 0 from y, the initial value',
      'P1:2a writes 1 to y',
      'In the end, 0:r0=0 and 1:r0=0',
      'missing:',
      '  nothing orders P0:1a WRITE_ONCE(x, 1) [str] before P0:1b r = READ_ONCE(y) [ldr] under x86: no barrier stands between them',
      '  smp_mb() between them would forbid this execution together with smp_mb() between P1:2a and P1:2b',
      'missing:',
      '  nothing orders P1:2a WRITE_ONCE(y, 1) [str] before P1:2b r = READ_ONCE(x) [ldr] under x86: no barrier stands between them',
      '  smp_mb() between them would forbid this execution together with smp_mb() between P0:1a and P0:1b',
    ],
  },
  {
    name: 'a store that reaches one CPU before the other',
    threads: `P0: W x=1
P1: R x=1 | W y=1
P2: R y=1 | smp_rmb | R x=0`,
    edges: 'data 1.0>1.1',
    model: 'lkmm',
    expected: [
      'P0:1 WRITE_ONCE(x, 1) writes 1 to x',
      'P1:2a r = READ_ONCE(x) reads 1 from x, which P0:1 wrote',
      'P1:2b WRITE_ONCE(y, 1) writes 1 to y',
      'P2:3a r = READ_ONCE(y) reads 1 from y, which P1:2b wrote',
      'P2:3c r = READ_ONCE(x) reads 0 from x, the initial value, although P0:1 has written 1 to it: that store has not yet reached P2',
      'In the end, 1:r0=1, 2:r0=1 and 2:r1=0',
      'missing:',
      '  lkmm orders P1:2a r = READ_ONCE(x) before P1:2b WRITE_ONCE(y, 1) for P1 itself, but P0:1 WRITE_ONCE(x, 1), which P1:2a reads, need not have reached the other CPUs by then',
      '  smp_mb() between them or smp_store_release() at P1:2b alone would forbid this execution',
      'missing:',
      '  lkmm orders P2:3a r = READ_ONCE(y) before P2:3c r = READ_ONCE(x) for P2 itself, but P1:2b WRITE_ONCE(y, 1), which P2:3a reads, need not have reached the other CPUs by then',
      '  nothing between these two alone would forbid this execution',
    ],
  },
  {
    name: 'store forwarding',
    threads: `P0: W x=1 | R x=1 | R y=0
P1: W y=1 | smp_mb | R x=0`,
    dialect: 'x86',
    model: 'x86',
    expected: [
      "P0:1b r = READ_ONCE(x) [ldr] reads 1 from x, its own CPU's store of P0:1a WRITE_ONCE(x, 1) [str], which the other CPUs do not see yet",
      'P0:1c r = READ_ONCE(y) [ldr] reads 0 from y, the initial value, before P0:1a, although that stands earlier in the program',
      'P1:2a WRITE_ONCE(y, 1) [str] writes 1 to y',
      'P1:2c r = READ_ONCE(x) [ldr] reads 0 from x, the initial value',
      'P0:1a writes 1 to x',
      'In the end, 0:r0=1, 0:r1=0 and 1:r0=0',
      'missing:',
      '  nothing orders P0:1a WRITE_ONCE(x, 1) [str] before P0:1c r = READ_ONCE(y) [ldr] under x86: no barrier stands between them',
      '  smp_mb() between them would forbid this execution',
    ],
  },
  {
    name: 'what interleaving allows',
    threads: `P0: W x=1 | W y=1
P1: R y=0 | R x=1`,
    model: 'lkmm',
    expected: [
      'P0:1a WRITE_ONCE(x, 1) writes 1 to x',
      'P1:2a r = READ_ONCE(y) reads 0 from y, the initial value',
      'P1:2b r = READ_ONCE(x) reads 1 from x, which P0:1a wrote',
      'P0:1b WRITE_ONCE(y, 1) writes 1 to y',
      'In the end, 1:r0=0 and 1:r1=1',
      'an interleaving',
    ],
  },
  {
    name: "a user's model, which knows stores in order and one barrier",
    threads: `P0: W x=1 | W y=1
P1: R y=1 | R x=0`,
    model: 'acyclic po & (W * W) | [R]; po; [Rmb]; po; [R] | rf | co | (rf^-1; co) as mine',
    expected: [
      'P1:2b r = READ_ONCE(x) reads 0 from x, the initial value, before P1:2a r = READ_ONCE(y), although that stands earlier in the program',
      'P0:1a WRITE_ONCE(x, 1) writes 1 to x',
      'P0:1b WRITE_ONCE(y, 1) writes 1 to y',
      'P1:2a reads 1 from y, which P0:1b wrote',
      'In the end, 1:r0=1 and 1:r1=0',
      'missing:',
      '  nothing orders P1:2a r = READ_ONCE(y) before P1:2b r = READ_ONCE(x) under test.cat: no barrier stands between them',
      '  smp_rmb() between them would forbid this execution',
    ],
  },
  {
    name: "a user's model that knows no barrier at all",
    threads: `P0: W x=1 | W y=1
P1: R y=1 | R x=0`,
    model: 'acyclic (po & loc) | rf | co | (rf^-1; co) as coherence',
    expected: [
      'P1:2b r = READ_ONCE(x) reads 0 from x, the initial value, before P1:2a r = READ_ONCE(y), although that stands earlier in the program',
      'P0:1a WRITE_ONCE(x, 1) writes 1 to x',
      'P0:1b WRITE_ONCE(y, 1) writes 1 to y',
      'P1:2a reads 1 from y, which P0:1b wrote',
      'In the end, 1:r0=1 and 1:r1=0',
      'missing:',
      '  nothing orders P0:1a WRITE_ONCE(x, 1) before P0:1b WRITE_ONCE(y, 1) under test.cat',
      'missing:',
      '  nothing orders P1:2a r = READ_ONCE(y) before P1:2b r = READ_ONCE(x) under test.cat',
      '  even smp_mb() between each of these pairs would not forbid this execution',
    ],
  },
];

describe('the story of an allowed execution', () => {
  test.each(cases)('$name', ({ threads, edges = '', dialect = 'lkmm', model, expected }) => {
    const execution = handMadeExecution(threads, { edges, dialect });
    const compiled = model.includes(' ') ? modelOf(model) : loadShippedModel(model);
    expect(tell(tellStory(execution, compiled), compiled)).toEqual(expected);
  });
});

describe('the audit of a story', () => {
  const lkmm = loadShippedModel('lkmm');
  const execution = handMadeExecution('P0: W b=1 | W s=1\nP1: R s=1 | smp_rmb | R b=0');
  const story = tellStory(execution, lkmm);

  it('finds an order that contradicts the model', () => {
    const order = [...story.order].reverse();
    const faults = auditStory({ ...story, order }, lkmm);
    expect(faults).toContain('the order does not extend happens-before');
    expect(faults).toContain('an initial write is told late');
  });

  it('finds a departure that is not told', () => {
    const sentences = story.sentences.map((sentence) => ({
      ...sentence,
      events: sentence.events.slice(0, 1),
    }));
    expect(auditStory({ ...story, sentences }, lkmm)).toEqual(['that 3 comes before 2 is not told']);
  });

  it('finds an access that is not told, and an edge that is no fact', () => {
    const [first, ...rest] = story.sentences;
    expect(auditStory({ ...story, sentences: rest }, lkmm)).toContain('3 is not told');
    const edge = { from: 2, to: 3, kind: 'rf' as const, label: 'rf', via: null, reversed: false };
    const faults = auditStory({ ...story, sentences: [{ ...first!, edge }, ...rest] }, lkmm);
    expect(faults).toEqual([`2 -rf-> 3 is no rf: ${first!.text}`]);
  });

  it('finds a missing order that the model keeps', () => {
    const [missing] = story.missing;
    const other = { ...missing!, from: 4, to: 6 };
    expect(auditStory({ ...story, missing: [other] }, lkmm)).toEqual([
      'what the model says of 4 and 6 is not what it is said to say',
    ]);
  });

  it('finds that the model refuses the execution', () => {
    const sc = loadShippedModel('sc');
    expect(auditStory(story, sc)[0]).toBe('the model refuses the execution: sc');
  });
});

describe('every allowed candidate of random programs has a story that passes the audit', () => {
  const models: readonly [string, Dialect][] = [
    ['lkmm', 'lkmm'],
    ['arm64', 'arm64'],
    ['x86', 'x86'],
    ['sc', 'lkmm'],
  ];
  test.each(models)('%s', (name, dialect) => {
    const model = loadShippedModel(name);
    let told = 0;
    const property = fc.property(randomProgram(dialect), (program) => {
      let left = 6;
      for (const execution of candidateExecutions(program, 2).executions) {
        if (evaluateExecution(execution, model).failed.length > 0) continue;
        const story = tellStory(execution, model);
        expect(auditStory(story, model)).toEqual([]);
        expect(story.isInterleaving && story.missing.length > 0).toBe(false);
        if (name === 'sc') expect(story.isInterleaving).toBe(true);
        told++;
        if (--left === 0) break;
      }
    });
    fc.assert(property, { seed: 20261121, numRuns: 60 });
    expect(told).toBeGreaterThan(60);
  });

  test('random models', () => {
    let told = 0;
    const property = fc.property(randomProgram('lkmm'), randomModelText('lkmm'), (program, text) => {
      const model = modelOf(text.replace(/^"[^"]*"/, ''));
      let left = 3;
      for (const execution of candidateExecutions(program, 2).executions) {
        if (evaluateExecution(execution, model).failed.length > 0) continue;
        expect(auditStory(tellStory(execution, model), model)).toEqual([]);
        told++;
        if (--left === 0) break;
      }
    });
    fc.assert(property, { seed: 20261122, numRuns: 60 });
    expect(told).toBeGreaterThan(30);
  });
});

describe('the stories of the tests in litmus/', () => {
  const folder = new URL('../../litmus/', import.meta.url);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.litmus'))
    .sort();

  test('pass the audit, and say what would forbid what interleaving does not allow', () => {
    let told = 0;
    for (const name of files) {
      const source = { name, text: readFileSync(new URL(name, folder), 'utf8') };
      const report = runTest(source, { ...defaultRunOptions, mode: 'verdict' });
      for (const run of report.kind === 'test' ? report.models.filter(isRun) : []) {
        const satisfies = run.program.condition.quantifier !== 'forall';
        const state = run.result.states.find((found) => found.satisfies === satisfies);
        if (state === undefined) continue;
        const story = tellStory(state.witness(), run.compiled);
        expect(auditStory(story, run.compiled), `${name} ${run.model}`).toEqual([]);
        const advice = story.missing.flatMap(({ sentences }) => sentences.at(-1)!.text);
        if (!story.isInterleaving) expect(advice.join('\n'), name).toContain('would forbid this execution');
        if (run.model === 'sc') expect(story.isInterleaving).toBe(true);
        told++;
      }
    }
    expect(told).toBeGreaterThan(100);
  });
});
