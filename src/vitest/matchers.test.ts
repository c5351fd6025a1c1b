/** The matchers under vitest's own expect, and under Jest's: what they pass, what they fail, and what they say then. */
import { expect as jestExpect } from 'expect';
import { describe, expect, it } from 'vitest';
import { type LitmusTest, litmus, litmusMatchers, loadModel } from './vitest.js';

const messagePassing = (barrier: string, read: string): LitmusTest => litmus`
  C message-passing
  { }
  P0(int *x, int *y) { WRITE_ONCE(*x, 1); ${barrier} WRITE_ONCE(*y, 1); }
  P1(int *x, int *y) { int r0; int r1; r0 = READ_ONCE(*y); ${read} r1 = READ_ONCE(*x); }
  exists (1:r0=1 /\ 1:r1=0)`;

const weak = messagePassing('', '');
const strong = messagePassing('smp_wmb();', 'smp_rmb();');
const stale = '1:r0=1 /\\ 1:r1=0';

const racing = litmus`
  C racing
  { }
  P0(int *x) { *x = 1; }
  P1(int *x) { int r0; r0 = READ_ONCE(*x); }
  exists (1:r0=2)`;

const stuck = litmus`
  C stuck
  { }
  P0(spinlock_t *s) { spin_lock(s); spin_lock(s); }
  exists (true)`;

/** The message of a failed expectation; null: it passed. */
function failure(expectation: () => unknown): string | null {
  try {
    expectation();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Neither it nor its negation passes: there is no answer. */
function expectNoAnswer(test: LitmusTest | string, said: string | RegExp): void {
  for (const ask of [
    () => expect(test).toForbid(),
    () => expect(test).not.toForbid(),
    () => expect(test).toAllow(),
    () => expect(test).not.toAllow(),
    () => expect(test).toGuarantee(),
    () => expect(test).not.toGuarantee(),
  ])
    expect(failure(ask)).toMatch(said);
}

describe('the matchers', () => {
  it('ask the model of the language', async () => {
    await expect(strong).toForbid();
    await expect(weak).toAllow();
    await expect(strong).not.toAllow();
    await expect(weak).not.toForbid();
    await expect(litmus.file('litmus/assembly/arm64-cas-failed.litmus')).toAllow();
  });

  it('ask each model that is named', async () => {
    await expect(strong.under('lkmm', 'arm64', 'x86', 'sc')).toForbid(stale);
    await expect(weak.under('lkmm', 'arm64')).toAllow(stale);
    await expect(weak.under('x86', 'sc')).toForbid(stale);
    expect(failure(() => expect(weak.under('x86', 'arm64')).toForbid())).toMatch(
      'message-passing: expected arm64 to forbid 1:r0=1 /\\ 1:r1=0, but it is allowed (Sometimes)',
    );
    // each must fail to forbid it
    expect(failure(() => expect(weak.under('x86', 'arm64')).not.toForbid())).toMatch(
      'expected x86 not to forbid 1:r0=1 /\\ 1:r1=0, but it is forbidden (Never)',
    );
  });

  it('take a model of one own', async () => {
    const { model } = loadModel('acyclic po | rf | fr | co as interleaving', { name: 'mine' });
    if (model === null) throw new Error('no model');
    await expect(weak.under(model)).toForbid(stale);
    expect(failure(() => expect(weak.under(model)).toAllow(stale))).toMatch('interleaving');
  });

  it('take outcomes as text and as objects', async () => {
    await expect(weak).toAllow({ '1:r0': 1, '1:r1': 0 });
    await expect(weak).toForbid({ '1:r0': 2 });
    await expect(weak).toForbid('1:r0=2 \\/ x=3');
    await expect(weak).toGuarantee('x=1 /\\ y=1');
    await expect(weak).not.toGuarantee('1:r0=1');
    await expect(`C one\n{ }\nP0(int *x) { WRITE_ONCE(*x, 1); }\n`).toGuarantee({ x: 1 });
  });

  it('show the execution that is allowed', () => {
    expect(failure(() => expect(weak.under('arm64')).toForbid(stale))).toMatchInlineSnapshot(`
      "message-passing: expected arm64 to forbid 1:r0=1 /\\ 1:r1=0, but it is allowed (Sometimes)

      message-passing under arm64: allowed
      1:r0=1; 1:r1=0

      P0                                 P1
      =====================              ==========================
       a: WRITE_ONCE(*x, 1) <----+
       b: WRITE_ONCE(*y, 1) -----|--rf->  c: r0 = READ_ONCE(*y) [1]
                                 +--fr--  d: r1 = READ_ONCE(*x) [0]

      (x = 0) -rf-> d

      nothing orders P0:4a WRITE_ONCE(*x, 1) [STR] before P0:4b WRITE_ONCE(*y, 1)
          [STR] under arm64: no barrier stands between them and P0:4b is no release;
          smp_wmb() between them or smp_store_release() at P0:4b would forbid this
          execution together with smp_rmb() between P1:5a and P1:5b
      nothing orders P1:5a r0 = READ_ONCE(*y) [LDR] before P1:5b r1 = READ_ONCE(*x)
          [LDR] under arm64: no barrier stands between them, P1:5a is no acquire and
          P1:5b does not depend on what P1:5a reads; smp_rmb() between them,
          smp_load_acquire() at P1:5a or an address dependency of the second on the
          first would forbid this execution together with smp_wmb() between P0:4a and
          P0:4b
      "
    `);
  });

  it('show the cycle that forbids', () => {
    expect(failure(() => expect(strong).toAllow(stale))).toMatchInlineSnapshot(`
      "message-passing: expected lkmm to allow 1:r0=1 /\\ 1:r1=0, but it is forbidden (Never)

      message-passing under lkmm: forbidden
      1:r0=1; 1:r1=0

      P0                                 P1
      =====================              ==========================
      *a: WRITE_ONCE(*x, 1) <----+
      *   <smp_wmb>           +--|--rf-> *c: r0 = READ_ONCE(*y) [1]
      *b: WRITE_ONCE(*y, 1) --+  |       *   <smp_rmb>
                                 +--fr-- *d: r1 = READ_ONCE(*x) [0]

      (x = 0) -rf-> d

      happens-before: a -smp_wmb-> b -rf-> c -smp_rmb-> d -fr-> a
      "
    `);
  });

  it('show the execution that speaks against a guarantee', () => {
    const outcomes = (expectation: () => unknown): string =>
      failure(expectation)?.match(/ under lkmm: (?:allowed|forbidden)\n.*/)?.[0] ?? 'no picture';
    for (const ask of [
      () => expect(weak).toGuarantee('1:r0=0'),
      () => expect(weak.with({})).toGuarantee({ '1:r0': 0 }),
    ])
      expect(outcomes(ask)).toBe(' under lkmm: allowed\n1:r0=1');
    expect(outcomes(() => expect(weak).toGuarantee())).not.toContain('1:r0=1; 1:r1=0');
    expect(outcomes(() => expect(weak).toHaveVerdict('Always'))).not.toContain('1:r0=1; 1:r1=0');
    expect(outcomes(() => expect(weak).toHaveVerdict('Never'))).toContain('1:r0=1; 1:r1=0');
    expect(outcomes(() => expect(weak).not.toHaveVerdict('Sometimes'))).toContain('1:r0=1; 1:r1=0');
    // what would be a counterexample, and why it is none
    const published = strong.with({});
    expect(outcomes(() => expect(published).not.toGuarantee('1:r0=0 \\/ 1:r1=1'))).toBe(
      ' under lkmm: forbidden\n1:r0=1; 1:r1=0',
    );
    // of the execution that is shown, a barrier could rid us, but not of all
    for (const ask of [() => expect(weak).toGuarantee('1:r0=0'), () => expect(weak).toForbid('1:r0=1')])
      expect(failure(ask)).toMatch(
        /\n\ninterleaving the threads gives .*1:r0=[01]\)?, too: no barrier would forbid it\n$/,
      );
  });

  it('keep code whole where they explain', () => {
    const long = litmus`
      C long
      { }
      P0(int *flag, int *status_word_) { WRITE_ONCE(*flag, 1); WRITE_ONCE(*status_word_, 1); }
      P1(int *flag, int *status_word_) { int r0; int r1; r0 = READ_ONCE(*status_word_); r1 = READ_ONCE(*flag); }
      exists (1:r0=1 /\ 1:r1=0)`;
    const said = failure(() => expect(long).toForbid())?.split('\n') ?? [];
    const whole = said.filter((line) => /WRITE_ONCE\(\*\w+, 1\)/.test(line));
    expect(whole.length).toBeGreaterThanOrEqual(2);
    expect(said.filter((line) => /ONCE\([^)]*$/.test(line))).toEqual([]);
    expect(said.filter((line) => line.length > 80 && !line.startsWith('long: '))).toEqual([]);
  });

  it('show why nothing leads to an outcome', () => {
    expect(failure(() => expect(weak).toAllow('1:r0=7'))).toMatchInlineSnapshot(`
      "message-passing: expected lkmm to allow 1:r0=7, but it is forbidden (Never)

      message-passing under lkmm: impossible: 1:r0=7

        - whatever is read from where, 1:r0=7 never holds: 1:r0 ends as 0 or 1
      "
    `);
  });

  it('compare all outcomes', async () => {
    const all = ['1:r0=0 /\\ 1:r1=0', '1:r0=0 /\\ 1:r1=1', '1:r0=1 /\\ 1:r1=1'];
    await expect(strong).toHaveOutcomes(all);
    await expect(strong.under('arm64', 'x86')).toHaveOutcomes([...all].reverse());
    await expect(weak).not.toHaveOutcomes(all);
    await expect(weak).toHaveOutcomes([0, 1].flatMap((a) => [0, 1].map((b) => ({ '1:r0': a, '1:r1': b }))));
    await expect(strong).toHaveOutcomes(all.map((outcome) => `${outcome} /\\ x=1`));
    // as reports write them
    await expect(strong).toHaveOutcomes(['1:r0=0; 1:r1=0', '1:r0=0;1:r1=1', '1:r0=1; 1:r1=1;']);
    await expect(weak).toAllow('1:r0=1; 1:r1=0');
    expect(failure(() => expect(strong).not.toHaveOutcomes(all))).toMatch('these are its outcomes');
    expect(failure(() => expect(weak).toHaveOutcomes([...all.slice(1), '1:r0=2 /\\ 1:r1=2']))).toMatch(
      [
        'message-passing: expected lkmm to have just the given outcomes, but its outcomes are others',
        '',
        '  + 1:r0=0; 1:r1=0   (allowed, not expected)',
        '  + 1:r0=1; 1:r1=0   (allowed, not expected)',
        '  - 1:r0=2 /\\ 1:r1=2   (expected, not allowed)',
        '',
        'message-passing under lkmm: allowed',
      ].join('\n'),
    );
    const vague = '1:r0=0 /\\ (1:r1=0 \\/ 1:r1=1)';
    expect(failure(() => expect(strong).toHaveOutcomes(['1:r0=1 /\\ 1:r1=1', vague]))).toMatch(
      `? ${vague}   (more than one state: give all names values)`,
    );
    expect(() => expect(strong).toHaveOutcomes([])).toThrow(TypeError);
  });

  it.each([
    [['true'], 'true names nothing'],
    [[{}], 'true names nothing'],
    [['x=1'], 'x=1 leaves out 1:r0 and 1:r1, which the condition of the test names'],
    [[{ '1:r0': 0 }, { '1:r0': 1 }], '1:r0=0 leaves out 1:r1'],
    [[`${stale} \\/ 1:r0=0`, 'x=1 \\/ y=1'], 'leaves out 1:r0 and 1:r1'],
  ])('compare no outcomes that leave out what the test asks for: %j', (outcomes, why) => {
    expect(failure(() => expect(weak).toHaveOutcomes(outcomes))).toMatch(why);
    expect(failure(() => expect(weak).not.toHaveOutcomes(outcomes))).toMatch(why);
  });

  it('ask for verdicts and races', async () => {
    await expect(weak).toHaveVerdict('Sometimes');
    await expect(weak).not.toHaveVerdict('Never');
    await expect(stuck).toHaveVerdict('Deadlock');
    await expect(stuck).not.toHaveVerdict('Never');
    await expect(racing).toHaveDataRace();
    await expect(weak).not.toHaveDataRace();
    expect(failure(() => expect(weak).toHaveVerdict('Never'))).toMatch(
      'expected lkmm to say Never, but it says Sometimes',
    );
    expect(failure(() => expect(racing).not.toHaveDataRace())).toMatch('plain accesses race\n\n');
    for (const ask of [
      () => expect(racing.under('arm64')).toHaveDataRace(),
      () => expect(racing.under('arm64')).not.toHaveDataRace(),
    ])
      expect(failure(ask)).toMatch('it knows no data races: ask lkmm');
    expect(() => expect(weak).toHaveVerdict('never' as 'Never')).toThrow(TypeError);
  });
});

describe('what is no answer', () => {
  it('is a text that is no test', () => {
    expectNoAnswer(
      'C broken\n{ }\nP0(int *x) { WRITE_ONC(*x, 1); }\nexists (x=1)',
      /did you mean `WRITE_ONCE`/,
    );
    expectNoAnswer(
      litmus`
        C typo
        { }
        P0(int *x) { WRITE_ONCE(*x, 1); }
        exists (z=1)`,
      'inline.litmus:5:17: error: ',
    );
    expect(failure(() => expect(weak).toForbid('1:r7=1'))).toMatch(
      /^message-passing: expected the test to forbid 1:r7=1, but what was given is no outcome of it\n\noutcome:1:1: error: /,
    );
    expect(failure(() => expect(weak).toHaveOutcomes(['1:r0=0', '1:r0 is 1']))).toMatch(
      'to have just the given outcomes, but what was given is no outcome of it\n\noutcome:1:',
    );
    expect(failure(() => expect(weak.with({ unrol: 2 } as object)).toForbid())).toMatch(
      'but it is asked in a way that is not known\n\nerror: there is no option `unrol`',
    );
    expect(failure(() => expect(weak).not.toForbid('1:r0='))).toMatch('outcome:1:');
    for (const value of [1, null, Promise.resolve(weak)])
      expect(failure(() => expect(value).not.toForbid())).toMatch('is asked of litmus`...`');
  });

  it('is a model that does not judge the test', () => {
    const assembly = litmus.file('litmus/assembly/arm64-cas-failed.litmus');
    expectNoAnswer(assembly.under('x86'), 'does not judge tests in this language');
    expectNoAnswer(assembly.under('arm64', 'lkmm'), 'does not judge tests in this language');
    expectNoAnswer(weak.under('armv9' as 'arm64'), 'there is no model `armv9`');
  });

  it('is a deadlock', () => {
    expectNoAnswer(stuck, 'no execution completes (Deadlock)');
  });

  it('is what a limit left open', () => {
    const threads = Array.from(
      { length: 9 },
      (_, at) =>
        `P${at}(int *x, int *y) { int r0; int r1; r0 = READ_ONCE(*x); WRITE_ONCE(*y, r0 + ${at}); r1 = READ_ONCE(*y); WRITE_ONCE(*x, r1); }`,
    );
    const long = litmus`
      C long
      { }
      ${threads.join('\n')}
      exists (0:r0=77 /\ 1:r1=99)`;
    const spinning = litmus`
      C spinning
      { }
      P0(int *x) { int r0; r0 = READ_ONCE(*x); while (r0 != 3) { r0 = r0 + 1; } }
      exists (0:r0=4)`;
    expectNoAnswer(spinning.with({ unroll: 1 }), 'it is not known: a limit was hit');
    expectNoAnswer(
      long.within(0.01),
      'it is not known: the search took more than 0.01 s; .within(0.1) allows more',
    );
  });

  it('is a data race where something is promised', () => {
    for (const ask of [
      () => expect(racing).toForbid(),
      () => expect(racing).not.toAllow(),
      () => expect(racing).toGuarantee('1:r0=0 \\/ 1:r0=1'),
      () => expect(racing).toHaveOutcomes(['1:r0=0', '1:r0=1']),
    ])
      expect(failure(ask)).toMatch('plain accesses race, and where they do the model promises nothing');
    expect(failure(() => expect(racing.ignoringDataRaces()).toForbid())).toBeNull();
    expect(failure(() => expect(racing.under('arm64')).toForbid())).toBeNull();
    expect(failure(() => expect(racing).toAllow('1:r0=1'))).toBeNull();
  });

  it('is a question that nobody has', () => {
    const always = litmus`
      C always
      { }
      P0(int *x) { WRITE_ONCE(*x, 1); }
      forall (x=1)`;
    expect(failure(() => expect(always).toForbid())).toMatch('is a `forall`');
    expect(failure(() => expect(always).not.toAllow())).toMatch('is a `forall`');
    expect(failure(() => expect(always).toGuarantee())).toBeNull();
    expect(failure(() => expect(always).toForbid('x=0'))).toBeNull();
  });
});

describe('a template', () => {
  it('is taken as it is written', () => {
    expect(litmus`a /\ b \/ ${1} ${'c'} \${d} \`e\``.text).toBe(['a /\\ b \\/ 1 c $', '{d} `e`'].join(''));
    expect(litmus('C a', 'a.litmus')).toMatchObject({ text: 'C a', name: 'a.litmus' });
    expect(() => litmus`${[] as unknown as string}`).toThrow(TypeError);
    expect(() => weak.within(0)).toThrow(TypeError);
  });
});

describe("Jest's expect", () => {
  jestExpect.extend(litmusMatchers as Parameters<typeof jestExpect.extend>[0]);
  const asked = (value: unknown) => jestExpect(value) as unknown as ReturnType<typeof expect<LitmusTest>>;

  it('takes the same matchers', async () => {
    await asked(strong).toForbid(stale);
    await asked(weak).not.toForbid();
    await asked(weak).toHaveOutcomes([0, 1].flatMap((a) => [0, 1].map((b) => ({ '1:r0': a, '1:r1': b }))));
    expect(failure(() => asked(weak).toForbid())).toMatch(
      'but it is allowed (Sometimes)\n\nmessage-passing under lkmm',
    );
    expect(failure(() => asked(strong).not.toForbid())).toMatch('not to forbid 1:r0=1 /\\ 1:r1=0');
  });
});
