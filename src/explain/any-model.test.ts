/** Explanations and proofs by models whose definitions are shaped, or called, as none of ours is. */
import { describe, expect, test } from 'vitest';
import { argumentText } from '../proof/argument-text.js';
import { defaultSearchOptions } from '../search/search.js';
import { userModel } from '../verdict/judge.js';
import { isRun, type ModelRun } from '../verdict/report.js';
import { defaultRunOptions, runTest } from '../verdict/run-test.js';
import { auditRun } from './audit-run.js';
import { analyseCases, type CaseAnalysis } from './case-analysis.js';
import { explainRun } from './explain-run.js';

const coherence = 'acyclic po-loc | rf | co | fr as coherence\n';

/** A store-release, a load and another store to one location. */
const threeThreads = (condition: string): string => `C three
{}
P0(int *x) { smp_store_release(x, 1); }
P1(int *x) { int r0 = READ_ONCE(*x); }
P2(int *x) { WRITE_ONCE(*x, 2); }
exists (${condition})
`;

const messages = `C mp
{}
P0(int *x, int *y) { WRITE_ONCE(*x, 1); smp_wmb(); WRITE_ONCE(*y, 1); }
P1(int *x, int *y) { int r0 = READ_ONCE(*y); int r1 = READ_ONCE(*x); }
exists (1:r0=1 /\\ 1:r1=0)
`;

function runOf(text: string, cat: string): ModelRun {
  const source = { name: 'own.cat', text: `"own"\n${coherence}${cat}\n` };
  const model = userModel({ name: 'own', source, resolveInclude: () => null, options: {}, target: null });
  const report = runTest({ name: 't.litmus', text }, { ...defaultRunOptions, models: [model] });
  if (report.kind !== 'test') throw new Error('not a test');
  return report.models.find(isRun)!;
}

/** The sentences of each argument; the audit finds nothing wrong. */
function argumentsOf(text: string, cat: string): readonly (readonly string[])[] {
  const run = runOf(text, cat);
  const explanation = explainRun(run, { search: defaultSearchOptions, arguments: 4 });
  expect(auditRun(explanation, run).faults).toEqual([]);
  const { explained } = explanation;
  return explained.kind === 'forbidden'
    ? explained.arguments.map(({ sentences }) => sentences.map((sentence) => sentence.text))
    : [];
}

function casesOf(text: string, cat: string): CaseAnalysis {
  const { program, compiled } = runOf(text, cat);
  const search = { unroll: 2, expired: null };
  const result = analyseCases(program, program.condition.proposition, compiled, { search, most: 100 });
  if (result.kind !== 'analysis') throw new Error(result.kind);
  return result.analysis;
}

describe('names of a model are not taken for words of ours', () => {
  test('of program order', () => {
    const cat = `let lock-order = [R]; po; [R]
let release = [W]; po; [W]
acyclic lock-order | release | rf | fr | co as order`;
    expect(argumentsOf(messages, cat)).toEqual([
      [
        expect.stringContaining(' in program order, which the model keeps (`release`)'),
        expect.stringContaining(' is read by '),
        expect.stringContaining(' in program order, which the model keeps (`lock-order`)'),
        expect.stringContaining(' reads x=0'),
      ],
    ]);
  });

  test.each(['id', 'int', 'ext', 'loc', 'other', 'related'])('of relations: %s', (name) => {
    const cat = `let ${name} = range([IW]; rf) * Release\nempty ${name} as none`;
    expect(argumentsOf(threeThreads('1:r0=0'), cat)).toEqual([
      [expect.stringMatching(new RegExp(` is related to .* by \`${name}\` of the model$`))],
    ]);
  });

  test('of what has none', () => {
    const cat = 'let related = rf\nempty ([Release]; ((W * R) & ~(rf | co)); [R]) as none';
    const [steps] = argumentsOf(threeThreads('1:r0=0'), cat);
    expect(steps!.join()).not.toContain('`related`');
  });
});

describe('whatever the shape of what must be empty, the audit passes and the cases cover', () => {
  test.each([
    ['a complement', 'empty (fr & ~(W * W)) as none'],
    ['a complement by name', 'let nowhere = ~(W * W)\nempty (fr & nowhere) as none'],
    ['an identity', 'empty [W & range(fr)] as none'],
    ['an identity by recursion', 'let rec s = R | range([s]; fr)\nempty ([s & W]) as none'],
    ['a product of ranges', 'empty (range(fr) * domain(fr)) as none'],
    ['products and a fact', 'let p = (R * Release) & ext\nempty p & (range([IW]; rf) * _) as none'],
  ])('%s', (_, cat) => {
    const text = threeThreads('1:r0=0');
    expect(argumentsOf(text, cat)).toHaveLength(1);
    const { listed, cases } = casesOf(text, cat);
    expect(listed).toBe(2);
    expect(cases.map(({ count }) => count)).toEqual([2]);
  });
});

describe('a case holds for its candidates to the last fact that its derivation rests on', () => {
  const bad = `let unrelated = ((W \\ IW) * R) & ~rf
let initially = _ * range([IW]; rf)
`;

  test.each([
    [
      'a pair of a product',
      `${bad}let bad = (unrelated & initially) | (rf & ext & (_ * _))
empty ([Release]; bad) as none`,
    ],
    [
      'an absence',
      `${bad}let bad = unrelated | (rf & ext)
let late = _ * (R \\ range([Once]; rf))
empty ([Release]; (bad & late)) as none`,
    ],
  ])('%s', (_, cat) => {
    const { cases, listed } = casesOf(threeThreads('1:r0=0 \\/ 1:r0=1'), cat);
    expect(listed).toBe(4);
    // whether the load reads the store-release decides it, and neither argument is the other's
    expect(cases.map(({ count, refuted }) => [count, refuted])).toEqual([
      [2, 2],
      [2, 2],
    ]);
    const texts = cases.map(({ cycle, check, execution }) => argumentText(cycle, check, execution));
    expect(texts.filter((text) => text.includes('is not related to'))).toHaveLength(1);
  });
});
