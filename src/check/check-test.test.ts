import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type OutcomeSet, outcomesOf } from '../compare/outcomes.js';
import { defaultSearchOptions } from '../search/search.js';
import { userModel } from '../verdict/judge.js';
import { isRun, type TestReport } from '../verdict/report.js';
import { defaultRunOptions, type RunOptions, runTest } from '../verdict/run-test.js';
import { baselineText, keptOutcomes } from './baseline.js';
import type { TestCheck } from './check-report.js';
import { type CheckOptions, checkTest } from './check-test.js';
import { type FileExpectations, noExpectations, type ProjectExpectation } from './expected.js';
import { readBaseline } from './read-baseline.js';

const options: CheckOptions = {
  requireExpectations: false,
  isNarrowed: false,
  pictureSearch: () => ({ ...defaultSearchOptions, mode: 'outcomes', expired: null }),
};

interface Given {
  readonly project?: readonly ProjectExpectation[];
  /** The test as it was when the baseline was written. */
  readonly before?: string;
  readonly options?: Partial<CheckOptions>;
  readonly run?: Partial<RunOptions>;
}

function run(text: string, runOptions: Partial<RunOptions> = {}) {
  return runTest({ name: 't.litmus', text }, { ...defaultRunOptions, ...runOptions });
}

function outcomes(text: string, runOptions: Partial<RunOptions> = {}): readonly OutcomeSet[] {
  const report = run(text, runOptions);
  if (report.kind !== 'test') throw new Error(report.diagnostics[0]?.message);
  return report.models.filter(isRun).map(outcomesOf);
}

/** Through the text of the file, as the command does it. */
function recorded(all: readonly OutcomeSet[]): Pick<FileExpectations, 'baseline' | 'baselineFile'> {
  const lines = baselineText(new Map([['t.litmus', all.map(keptOutcomes)]]));
  const { value } = readBaseline({ name: 'fencepost.baseline', text: lines });
  return { baseline: value?.get('t.litmus') ?? null, baselineFile: 'fencepost.baseline' };
}

function check(text: string, { project, before, ...more }: Given = {}): TestCheck {
  const expectations: FileExpectations = {
    ...noExpectations,
    ...(before === undefined ? {} : recorded(outcomes(before, more.run))),
    project: project ?? [],
  };
  return checkTest(run(text, more.run), expectations, { ...options, ...more.options });
}

/** `error verdict lkmm: expected Never, found Sometimes under lkmm`. */
function said({ findings }: TestCheck): string[] {
  return findings.map(({ severity, kind, model, message }) => `${severity} ${kind} ${model}: ${message}`);
}

const mp = (first: string, second: string, comment = '') => `C mp
${comment}
{ }
P0(int *x, int *y) { WRITE_ONCE(*x, 1); ${first} WRITE_ONCE(*y, 1); }
P1(int *x, int *y) { int r0; int r1; r0 = READ_ONCE(*y); ${second} r1 = READ_ONCE(*x); }
exists (1:r0=1 /\\ 1:r1=0)
`;
const strong = (comment = '') => mp('smp_wmb();', 'smp_rmb();', comment);
const weak = (comment = '') => mp('', 'smp_rmb();', comment);
const racy = (comment = '') => `C racy
${comment}
{ }
P0(int *x) { *x = 1; }
P1(int *x) { int r0; r0 = READ_ONCE(*x); }
exists (1:r0=1)
`;

describe('a check', () => {
  it('finds nothing where all is as expected', () => {
    const comment = '(* Result: Never\n * Result(arm64, x86, sc): Never *)';
    expect(check(strong(comment))).toMatchObject({
      file: 't.litmus',
      test: 'mp',
      status: 'same',
      findings: [],
    });
  });

  it('says of a weakened barrier what is found, where it is expected, and shows the execution', () => {
    const found = check(weak('(* Result: Never *)'), { run: { models: ['lkmm'] } });
    expect(found.status).toBe('different');
    expect(found.findings).toHaveLength(1);
    expect(found.findings[0]).toMatchObject({
      kind: 'verdict',
      model: 'lkmm',
      message: 'expected Never, found Sometimes under lkmm',
      by: 'comment',
      place: { file: 't.litmus', line: 2, column: 4, endLine: 2 },
    });
    expect(found.findings[0]?.picture).toContain('mp under lkmm: allowed\n1:r0=1; 1:r1=0\n');
  });

  it('shows the cycle that forbids what was possible', () => {
    const found = check(strong('(* Result: Sometimes *)'), { run: { models: ['lkmm'] } });
    expect(said(found)).toEqual(['error verdict lkmm: expected Sometimes, found Never under lkmm']);
    expect(found.findings[0]?.picture).toContain('mp under lkmm: forbidden');
  });

  it('shows what is not so, where all was expected to be so', () => {
    const found = check(weak('(* Result: Always *)'), { run: { models: ['lkmm'] } });
    expect(found.findings[0]?.picture).toMatch(/allowed\n(?!1:r0=1; 1:r1=0)1:r0=/);
  });

  it.each<[string, string, string[]]>([
    ['Result: Sometimes', 'different', ['error data-race lkmm: a data race under lkmm that is not expected']],
    ['Result: Sometimes DATARACE', 'same', []],
    [
      'Result: Never DATARACE',
      'same',
      [
        'warning verdict lkmm: expected Never, found Sometimes under lkmm (forgiven: the program has a data race)',
      ],
    ],
    [
      'Result: DEADLOCK DATARACE',
      'different',
      ['error verdict lkmm: expected Deadlock, found Sometimes under lkmm'],
    ],
    ['Result: Maybe DATARACE', 'same', []],
  ])('reads %s as the kernel does', (comment, status, messages) => {
    const found = check(racy(`(* ${comment} *)`), { run: { models: ['lkmm'] } });
    expect({ status: found.status, said: said(found) }).toEqual({ status, said: messages });
  });

  it('says that a model knows no data races', () => {
    const found = check(racy('(* Result(arm64): Sometimes DATARACE *)'), { run: { models: ['arm64'] } });
    expect(said(found)).toEqual(['error data-race arm64: expected a data race under arm64, found none']);
    expect(found.findings[0]?.hint).toBe('arm64 knows no data races: leave DATARACE out');
  });

  it('does not let a misspelt line pass', () => {
    const found = check(strong('(* Resutl: Never *)'));
    expect(found.status).toBe('input');
    expect(said(found)[0]).toMatch(/^error input null: `Resutl: Never` is no expectation/);
    expect(check(strong('(* Result(amr64): Never *)')).status).toBe('input');
    const narrowed = { options: { isNarrowed: true } };
    expect(check(strong('(* Result(my.cat): Never *)'), narrowed).status).toBe('nothing-expected');
  });

  it('counts a test of which nothing is expected, and refuses it if asked to', () => {
    expect(check(strong())).toMatchObject({ status: 'nothing-expected', findings: [] });
    const required = { options: { requireExpectations: true } };
    expect(said(check(strong(), required))).toEqual([
      'error not-in-baseline null: nothing is expected of this test',
    ]);
    const nothing: ProjectExpectation = { of: 'all', verdict: null, dataRace: false, place: null };
    expect(check(strong(), { ...required, project: [nothing] }).status).toBe('nothing-expected');
  });

  it('says why a file is no test', () => {
    const found = check('C t\n{}\nP0(int *x) { WRITE_ONCE(*x, }\nexists (x=1)\n');
    expect(found).toMatchObject({ test: null, status: 'input', models: [] });
    expect(found.findings[0]).toMatchObject({ kind: 'input', place: { file: 't.litmus', line: 3 } });
  });

  it('says what a limit left undecided', () => {
    const stop = { expiry: () => () => true as const };
    const found = check(strong('(* Result: Never *)'), { run: { ...stop, models: ['lkmm'] } });
    expect(found.status).toBe('limit');
    expect(said(found)).toEqual(['error limit lkmm: expected Never, undecided under lkmm: time limit']);
    expect(check(strong(), { run: stop }).status).toBe('nothing-expected');
  });
});

describe('models that are asked of many tests', () => {
  const many = { ofMany: true } as const;
  const asm = (comment = '') => `AArch64 asm
(* ${comment} *)
{ 0:X0=x; }
 P0 ;
 MOV W1, #1 ;
 STR W1, [X0] ;
exists (x=1)
`;
  const narrowed = { options: { isNarrowed: true } } as const;
  const notJudged = 'not judged: the model lkmm does not judge tests in this language';

  it('need not judge each of them, which is said', () => {
    const found = check(asm('Result: Always'), { run: { models: ['lkmm'], ...many }, ...narrowed });
    expect(found.status).toBe('nothing-expected');
    expect(said(found)).toEqual([`warning no-such-model null: ${notJudged}`]);
    expect(check(asm(), { run: { models: ['lkmm'] } }).status).toBe('input');
    const both = check(asm('Result: Always'), { run: { models: ['lkmm', 'arm64'], ...many } });
    expect(both).toMatchObject({ status: 'same', findings: [] });
  });

  it('may know primitives that others cannot compile', () => {
    const rcu = (comment: string) => `C rcu
(* Result: Sometimes
${comment} *)
{ }
P0(int *x) { synchronize_rcu(); WRITE_ONCE(*x, 1); }
P1(int *x) { int r0; r0 = READ_ONCE(*x); }
exists (1:r0=1)
`;
    const run = { models: ['lkmm', 'arm64'] as const, ...many };
    expect(check(rcu(''), { run })).toMatchObject({ status: 'same', findings: [] });
    // what is expected has to be judged
    expect(check(rcu(' * Result(arm64): Sometimes'), { run }).status).not.toBe('same');
    const place = null;
    const project: ProjectExpectation[] = [
      { of: { model: 'arm64' }, verdict: 'Never', dataRace: false, place },
    ];
    expect(check(rcu(''), { run, project }).status).toBe('different');
    expect(check(rcu(''), { run, project, ...narrowed }).status).toBe('input');
  });

  it('are not about programs whose events they do not know', () => {
    const name = 'kernel.cat';
    const source = { name, text: '"own"\nacyclic po | rf | (po & (Rmb * M)) as all\n' };
    const kernel = userModel({ name, source, resolveInclude: () => null, options: {}, target: null });
    const run = { models: [kernel] };
    const found = check(asm('Result: Always'), { run: { ...run, ...many }, ...narrowed });
    expect(said(found)).toEqual([
      'warning no-such-model null: not judged: the model kernel.cat does not judge tests in this language',
    ]);
    // of one test, it is the model's mistake
    expect(said(check(asm(), { run }))[0]).toContain('`Rmb`');
  });
});

describe('the project file', () => {
  const place = { file: 'fencepost.config.json', line: 3, column: 1, endLine: 3, endColumn: 9 };
  const of = (of: ProjectExpectation['of'], verdict: ProjectExpectation['verdict']): ProjectExpectation => ({
    of,
    verdict,
    dataRace: false,
    place,
  });

  it('adds to the comment', () => {
    const found = check(weak('(* Result: Sometimes *)'), { project: [of({ model: 'arm64' }, 'Never')] });
    expect(said(found)).toEqual(['error verdict arm64: expected Never, found Sometimes under arm64']);
    expect(found.findings[0]).toMatchObject({ by: 'project', place });
  });

  it('goes before the comment, and says so', () => {
    const found = check(weak('(* Result: Never *)'), { project: [of('own', 'Sometimes')] });
    expect(found.status).toBe('same');
    expect(said(found)).toEqual([
      'warning input lkmm: the comment expects Never under lkmm, and the project file Sometimes, which counts',
    ]);
    expect(check(strong('(* Result: Never *)'), { project: [of('own', 'Never')] }).findings).toEqual([]);
  });

  it('may expect nothing, and its last word counts', () => {
    const nothing = check(weak('(* Result: Never\n * Result(arm64): Never *)'), {
      project: [of('all', null)],
    });
    expect(nothing).toMatchObject({ status: 'nothing-expected', findings: [] });
    const again = check(weak(), { project: [of('own', 'Always'), of({ model: 'lkmm' }, 'Sometimes')] });
    expect(again).toMatchObject({ status: 'same', findings: [] });
  });
});

describe('the baseline', () => {
  const kinds = ({ findings }: TestCheck) =>
    findings.map(({ kind, model, expected, found }) => `${kind} ${model} ${expected ?? found}`);

  it('names each outcome that appeared, with an execution, and each that vanished', () => {
    const appeared = check(weak(), { before: strong() });
    expect(appeared.status).toBe('different');
    // one barrier, one state: one finding
    expect(said(appeared)).toEqual([
      'error verdict lkmm: was Never, is Sometimes under lkmm and arm64: new outcome 1:r0=1; 1:r1=0',
    ]);
    const [only] = appeared.findings;
    expect(only).toMatchObject({ models: ['lkmm', 'arm64'], state: '1:r0=1; 1:r1=0', by: 'baseline' });
    expect(only?.picture).toContain('mp under lkmm: allowed\n1:r0=1; 1:r1=0\n');
    expect(only?.place).toMatchObject({ file: 'fencepost.baseline', line: 4 });
    const gone = check(strong(), { before: weak() });
    expect(said(gone)).toEqual([
      'error verdict lkmm: was Sometimes, is Never under lkmm and arm64: outcome gone 1:r0=1; 1:r1=0',
    ]);
    expect(gone.findings[0]?.picture).toContain('mp under lkmm: forbidden\n');
    // nothing is missing: what the test asks is the place to look at
    expect(gone.findings[0]?.code).toMatchObject({ file: 't.litmus', line: 6 });
  });

  it('says where the order is missing, why, and what would forbid the new outcome', () => {
    const { findings } = check(weak(), { before: strong() });
    expect(findings[0]).toMatchObject({
      code: { file: 't.litmus', line: 4, column: 42 },
      reasons: [
        'nothing orders P0:4a WRITE_ONCE(*x, 1) before P0:4b WRITE_ONCE(*y, 1) under lkmm: no barrier stands between them and P0:4b is no release',
        'smp_wmb() between them or smp_store_release() at P0:4b would forbid this execution',
      ],
    });
    const compiler = check(mp('barrier();', 'smp_rmb();'), { before: strong() });
    expect(compiler.findings[0]?.reasons).toContain(
      'P0:4b barrier() stands between them, but does not order a store before a store',
    );
    const race = check(racy('(* Result: Sometimes *)'), { run: { models: ['lkmm'] } });
    expect(race.findings[0]?.code).toMatchObject({ file: 't.litmus', line: 4 });
    expect(race.findings[0]?.reasons?.[0]).toMatch(/ both access x/);
  });

  it('tells one thing where the comment and the baseline have different models', () => {
    const comment = '(* Result: Never *)';
    const found = check(weak(comment), { before: strong(comment), options: { hasHistory: true } });
    expect(said(found)).toEqual([
      'error verdict lkmm: expected Never, found Sometimes under lkmm; was Never, is Sometimes under arm64: new outcome 1:r0=1; 1:r1=0',
    ]);
    expect(found.findings[0]).toMatchObject({ models: ['lkmm', 'arm64'], by: 'comment' });
    expect(found.findings[0]?.hint).toBe(
      '`fencepost diff t.litmus --from REV` names what changed in the test since revision REV, which passed; ' +
        'if that is meant: change what is expected, and `fencepost baseline t.litmus`',
    );
    const unmoved = check(weak(), { before: strong() });
    expect(unmoved.findings[0]?.hint).toBe('if that is meant: `fencepost baseline t.litmus`');
  });

  it('does not say again what is said of the comment', () => {
    const found = check(weak('(* Result: Never *)'), { before: strong(), run: { models: ['lkmm'] } });
    expect(said(found)).toEqual([
      'error verdict lkmm: expected Never, found Sometimes under lkmm: new outcome 1:r0=1; 1:r1=0',
    ]);
  });

  it('names flags, other questions, and models that are gone or new', () => {
    const marked = racy().replace('*x = 1;', 'WRITE_ONCE(*x, 1);');
    const lkmm = { run: { models: ['lkmm'] as const } };
    expect(kinds(check(racy(), { before: marked, ...lkmm }))).toEqual(['flag-appeared lkmm data-race']);
    expect(kinds(check(marked, { before: racy(), ...lkmm }))).toEqual(['flag-vanished lkmm data-race']);
    const other = strong().replace('1:r1=0)', '1:r1=0 /\\ x=1)');
    const [question] = check(other, { before: strong(), ...lkmm }).findings;
    expect(question).toMatchObject({
      kind: 'question',
      message: 'the test asks about other values than in the baseline: it also shows x',
    });
    const few = recorded(outcomes(strong(), { models: ['lkmm', 'x86'] }));
    const report = run(strong(), { models: ['lkmm', 'arm64'] }) as TestReport;
    const checked = checkTest(report, { ...noExpectations, ...few }, options);
    expect(said(checked)).toEqual([
      'error no-such-model x86: the baseline has outcomes under x86, which does not judge the test now',
      'warning not-in-baseline arm64: the baseline has nothing under arm64',
    ]);
    const narrowed = checkTest(report, { ...noExpectations, ...few }, { ...options, isNarrowed: true });
    expect(narrowed.status).toBe('same');
  });

  it('tells of a test that it does not have', () => {
    const found = checkTest(
      run(strong()),
      { ...noExpectations, baselineFile: 'fencepost.baseline' },
      options,
    );
    expect(said(found)).toEqual(['warning not-in-baseline null: this test is not in the baseline']);
    expect(found.status).toBe('nothing-expected');
  });

  const spin = (rounds: string) => `C spin
{ }
P0(int *x) { WRITE_ONCE(*x, 1); }
P1(int *x, int *y) { int r0; int r1; r1 = 0; while (r1 < ${rounds}) { r0 = READ_ONCE(*x); r1 = r1 + 1; } }
exists (1:r0=1)
`;

  it('compares what the same bound on loops leaves, and says what another limit keeps from comparing', () => {
    const bounded = { models: ['sc'] as const, unroll: 2 };
    const [before] = outcomes(spin('5'), bounded);
    expect(before?.limit).toMatch(/^unroll bound 2/);
    expect(check(spin('5'), { before: spin('5'), run: bounded })).toMatchObject({
      status: 'same',
      findings: [],
    });
    // whole before, cut now
    const record = recorded(outcomes(spin('2'), { models: ['sc'] }));
    const cut = checkTest(
      run(spin('2'), { ...bounded, unroll: 1 }),
      { ...noExpectations, ...record },
      options,
    );
    expect(cut.status).toBe('limit');
  });

  it.each([
    [5, 3, 'this check has those within unroll bound 3'],
    [5, 1, 'this check has those within unroll bound 1'],
    [5, 9, 'this check has all'],
    [2, 9, 'this check has all'],
  ])(
    'does not take a record within another bound for a whole one: %i rounds, within %i',
    (rounds, unroll, here) => {
      const bound = rounds === 5 ? 2 : 1;
      const record = recorded(outcomes(spin(String(rounds)), { models: ['sc'], unroll: bound }));
      const found = checkTest(
        run(spin(String(rounds)), { models: ['sc'], unroll }),
        { ...noExpectations, ...record },
        options,
      );
      expect(found.status).toBe('limit');
      expect(said(found)).toContain(
        `error limit sc: which outcomes are new under sc is not known: the baseline has those within unroll bound ${bound}, and ${here}`,
      );
    },
  );

  const statement = fc.constantFrom(
    'WRITE_ONCE(*x, 1);',
    'WRITE_ONCE(*y, 1);',
    'smp_store_release(y, 2);',
    'r0 = READ_ONCE(*x);',
    'r1 = READ_ONCE(*y);',
    'r1 = smp_load_acquire(y);',
    'smp_mb();',
    'smp_wmb();',
    'smp_rmb();',
  );
  const thread = fc.array(statement, { minLength: 2, maxLength: 4 });
  const testOf = (threads: readonly (readonly string[])[]): string => `C random
{ }
${threads
  .map((code, i) => `P${i}(int *x, int *y) { int r0; int r1; r0 = 7; r1 = 7; ${code.join(' ')} }`)
  .join('\n')}
exists (0:r0=0 /\\ 0:r1=1 /\\ 1:r0=1 /\\ 1:r1=0 /\\ x=1 /\\ y=2)
`;

  const twoModels = { run: { models: ['lkmm', 'arm64'] as const } };

  it('is silent of what it was written of, and of a weaker test names exactly the new outcomes', () => {
    const isBarrier = (text: string): boolean => text.startsWith('smp_') && text.endsWith('b();');
    fc.assert(
      fc.property(fc.tuple(thread, thread), (threads) => {
        const before = testOf(threads);
        expect(check(before, { before, ...twoModels }).findings).toEqual([]);
        const after = testOf(threads.map((code) => code.filter((each) => !isBarrier(each))));
        const found = check(after, { before, ...twoModels });
        const old = new Map(
          outcomes(before, twoModels.run).map(({ model, states }) => [model, new Set(states)]),
        );
        const news = outcomes(after, twoModels.run).flatMap(({ model, states }) =>
          states.filter((state) => !old.get(model)?.has(state)).map((state) => `${model} ${state}`),
        );
        const newStates = found.findings.filter(({ kind }) => kind === 'appeared' || kind === 'verdict');
        const named = newStates.flatMap(({ state, model, models = [model] }) =>
          models.map((each) => `${each} ${state}`),
        );
        expect(named.toSorted()).toEqual(news.toSorted());
        expect(new Set(newStates.map(({ state }) => state)).size).toBe(newStates.length);
        // fewer barriers take nothing away
        expect(found.findings.filter(({ kind }) => kind === 'vanished')).toEqual([]);
        expect(found.status).toBe(found.findings.length === 0 ? 'same' : 'different');
      }),
      { seed: 7, numRuns: 25 },
    );
  });
});
