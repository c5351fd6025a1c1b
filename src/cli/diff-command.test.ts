import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fencepost } from './test-terminal.js';

const folder = mkdtempSync(join(tmpdir(), 'fencepost-diff-'));
afterAll(() => rmSync(folder, { recursive: true }));

const tests = fileURLToPath(new URL('../../litmus/blocked-on-vs-state/', import.meta.url));

function file(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return path;
}

const mp = (barrier: string, load = 'READ_ONCE(*y)', name = 'mp'): string =>
  `C ${name}
{}
P0(int *x, int *y)
{
	WRITE_ONCE(*x, 1);
	${barrier}
	WRITE_ONCE(*y, 1);
}
P1(int *x, int *y)
{
	int r0 = ${load};
	smp_rmb();
	int r1 = READ_ONCE(*x);
}
exists (1:r0=1 /\\ 1:r1=0)
`;

async function shown(args: readonly string[]): Promise<string> {
  const { out, err, code } = await fencepost(['diff', ...args]);
  return `${out}${err}exit ${code}\n`.replaceAll(`${folder}/`, '').replaceAll(tests, '');
}

describe('two versions of a test', () => {
  it('say which barrier was removed, and what appeared', async () => {
    const [a, b] = [file('a.litmus', mp('smp_wmb();')), file('b.litmus', mp(''))];
    expect(await shown([a, b])).toMatchInlineSnapshot(`
      "before: a.litmus
      after:  b.litmus
      exists (1:r0=1 /\\ 1:r1=0)

        P0:6: smp_wmb() was removed

               before  after
        lkmm   Never   Sometimes  1 outcome appeared
        arm64  Never   Sometimes  1 outcome appeared
        x86    Never   Never      no difference
        sc     Never   Never      no difference

      1:r0=1; 1:r1=0 appeared under lkmm and arm64, which the condition asks for

          mp under lkmm: allowed
          1:r0=1; 1:r1=0

          P0                                 P1
          =====================              ==========================
           a: WRITE_ONCE(*x, 1) <-+  +--rf->  c: r0 = READ_ONCE(*y) [1]
           b: WRITE_ONCE(*y, 1) --|--+           <smp_rmb>
                                  +-----fr--  d: r1 = READ_ONCE(*x) [0]

          (x = 0) -rf-> d
      exit 1
      "
    `);
  });

  it('show what forbids an outcome that vanished, if asked', async () => {
    const [a, b] = [file('a.litmus', mp('')), file('b.litmus', mp('smp_wmb();'))];
    expect(await shown([a, b, '--pictures', '--model', 'lkmm'])).toMatchInlineSnapshot(`
      "before: a.litmus
      after:  b.litmus
      exists (1:r0=1 /\\ 1:r1=0)

        P0:6: smp_wmb() was added

              before     after
        lkmm  Sometimes  Never  1 outcome vanished

      1:r0=1; 1:r1=0 vanished under lkmm, which the condition asks for

          mp under lkmm: forbidden
          1:r0=1; 1:r1=0

          P0                                 P1
          =====================              ==========================
          *a: WRITE_ONCE(*x, 1) <----+
          *   <smp_wmb>           +--|--rf-> *c: r0 = READ_ONCE(*y) [1]
          *b: WRITE_ONCE(*y, 1) --+  |       *   <smp_rmb>
                                     +--fr-- *d: r1 = READ_ONCE(*x) [0]

          (x = 0) -rf-> d

          happens-before: a -smp_wmb-> b -rf-> c -smp_rmb-> d -fr-> a
      exit 1
      "
    `);
  });

  it('find the one of several changes that decides', async () => {
    const paths = ['fix-wmb', 'no-fix-swapped'].map((name) => join(tests, `${name}.litmus`));
    expect(await shown([...paths, '--model', 'lkmm,x86'])).toMatchInlineSnapshot(`
      "before: fix-wmb.litmus
      after:  no-fix-swapped.litmus
      exists (1:state=2 /\\ 1:blocked_on=0)

        P0:29: smp_wmb() was removed
        P0:28: WRITE_ONCE(p->blocked_on, lock) moved to line 31

      P0:28 WRITE_ONCE(p->blocked_on, lock) alone makes the difference under lkmm and x86.
      P0:29 smp_wmb() alone makes the difference under lkmm.

              before  after
        lkmm  Never   Sometimes  1 outcome appeared
        x86   Never   Sometimes  1 outcome appeared

      1:blocked_on=0; 1:state=2 appeared under lkmm and x86, which the condition asks for

          blocked-on-vs-state+no-fix-swapped under lkmm: allowed
          1:blocked_on=0; 1:state=2

          P0 __mutex_lock_common()
          with the two stores swapped            P1 try_to_wake_up(p)
          ============================           =========================
           a: LOCK p->blocked_lock                e: LOCK p->pi_lock
           b: [W] p->__state = 2       -----rf->  f: [R] p->__state = 2
              MB (smp_store_mb)                      RMB
           c: [W] p->blocked_on = lock <----fr--  g: [R] p->blocked_on = 0
           d: UNLOCK p->blocked_lock              h: UNLOCK p->pi_lock

          (p->blocked_on = 0) -rf-> g
      exit 1
      "
    `);
  });

  it('need not differ in what they allow', async () => {
    const paths = ['fix-release', 'fix-wmb'].map((name) => join(tests, `${name}.litmus`));
    expect(await shown(paths)).toMatchInlineSnapshot(`
      "before: fix-release.litmus
      after:  fix-wmb.litmus
      exists (1:state=2 /\\ 1:blocked_on=0)

        P0:30: smp_store_release(&p->__state, TASK_UNINTERRUPTIBLE) was removed
        P0:31: smp_mb() became smp_wmb()
        P0:30: set_current_state(TASK_UNINTERRUPTIBLE) was added

               before  after
        lkmm   Never   Never  no difference
        arm64  Never   Never  no difference
        x86    Never   Never  no difference
        sc     Never   Never  no difference
      exit 0
      "
    `);
  });

  it('may ask other questions, or be in two languages', async () => {
    const paths = ['race', 'race-sketch'].map((name) => join(tests, `${name}.litmus`));
    expect(await shown(paths)).toMatchInlineSnapshot(`
      "before: race.litmus
      after:  race-sketch.litmus

        the question was exists (1:r0=1 /\\ 1:r1=0)
        the question is  exists (1:r1=1 /\\ 1:r2=0)

      The tests are in different languages, so their code is not compared.

               before     after
        lkmm   Sometimes  Sometimes  the outcomes cannot be compared
        arm64  Sometimes  Sometimes  the outcomes cannot be compared
        x86    Never      Never      the outcomes cannot be compared
        sc     Never      Never      the outcomes cannot be compared
      Outcomes are values of 1:r0 and 1:r1 before, and of 1:r1 and 1:r2 after.
      exit 1
      "
    `);
  });

  it('may begin or cease to race', async () => {
    const [a, b] = [file('a.litmus', mp('smp_wmb();')), file('b.litmus', mp('smp_wmb();', '*y'))];
    const text = await shown([a, b, '--model', 'lkmm']);
    expect(text).toContain('  P1:11: int r0 = READ_ONCE(*y) became int r0 = *y\n');
    expect(text).toContain('data-race is raised now under lkmm\n');
    expect(text).toMatch(/exit 1\n$/);
  });

  it('are JSON for scripts', async () => {
    const [a, b] = [file('a.litmus', mp('smp_wmb();')), file('b.litmus', mp(''))];
    const { out, code } = await fencepost(['diff', a, b, '--format', 'json', '--model', 'lkmm,sc']);
    expect(code).toBe(1);
    const [only] = JSON.parse(out);
    expect(only).toMatchObject({
      status: 'different',
      before: { file: a, test: 'mp', condition: 'exists (1:r0=1 /\\ 1:r1=0)' },
      code: {
        changes: [
          {
            thread: 'P0',
            kind: 'removed',
            text: 'P0:6: smp_wmb() was removed',
            ordering: true,
            linesBefore: [6],
          },
        ],
        otherwise: [],
      },
      models: [
        {
          status: 'different',
          verdict: { before: 'Never', after: 'Sometimes' },
          appeared: [
            { outcome: '1:r0=1; 1:r1=0', asked: true, picture: expect.stringContaining('WRITE_ONCE') },
          ],
          vanished: [],
        },
        { status: 'same', verdict: null, appeared: [] },
      ],
    });
  });

  it('are told what is wrong with them', async () => {
    const good = file('a.litmus', mp(''));
    const bad = file('bad.litmus', 'C bad\n{}\nP0(int *x) { WRITE_ONE(*x, 1); }\nexists (x=1)\n');
    expect(await shown([good, bad])).toMatch(/^bad\.litmus:3:14: error: [\s\S]*exit 2\n$/);
    expect(await shown([good])).toContain('error: expected two tests, found 1; --from REV compares');
    expect(await shown([good, join(folder, 'none.litmus')])).toMatch(
      /none\.litmus: there is no such file[\s\S]*exit 2/,
    );
    expect(await shown([good, folder])).toContain('compare two files or two folders');
  });

  it('stop at a limit, and say so', async () => {
    const loop = (barrier: string): string =>
      `C spin\n{}\nP0(int *x) { int r0 = READ_ONCE(*x); while (r0 == 0) { ${barrier} r0 = READ_ONCE(*x) + READ_ONCE(*x); } }\nP1(int *x) { WRITE_ONCE(*x, 1); WRITE_ONCE(*x, 0); WRITE_ONCE(*x, 2); }\nexists (0:r0=9)\n`;
    const [a, b] = [file('a.litmus', loop('smp_rmb();')), file('b.litmus', loop(''))];
    const text = await shown([a, b, '--model', 'lkmm', '--unroll', '2']);
    expect(text).toMatch(/not known \(limit: unroll bound/);
    expect(text).toMatch(/exit 3\n$/);
  });
});

describe('two folders', () => {
  it('are compared by the names in them', async () => {
    file('old/same.litmus', mp('smp_mb();'));
    file('new/same.litmus', mp('smp_mb();'));
    file('old/weaker.litmus', mp('smp_mb();'));
    file('new/weaker.litmus', mp('smp_rmb();'));
    file('old/gone.litmus', mp(''));
    file('new/come.litmus', mp(''));
    const text = await shown([join(folder, 'old'), join(folder, 'new'), '--model', 'lkmm']);
    expect(text).toContain('P0:6: smp_mb() became smp_rmb()');
    expect(text).toContain('old/gone.litmus: only before\nnew/come.litmus: only after\n');
    expect(text).toContain('2 tests: 1 differs and 1 is alike (1 untouched)\nexit 1\n');
    file('new/same.litmus', mp('smp_wmb();', 'READ_ONCE( *y)'));
    file('old/spaced.litmus', mp('smp_mb();'));
    file('new/spaced.litmus', mp('smp_mb();  '));
    expect(await shown([join(folder, 'old'), join(folder, 'new'), '--model', 'lkmm'])).toContain(
      'new/same.litmus: no outcome changed, but P0:6: smp_mb() became smp_wmb()\n' +
        'new/spaced.litmus: no outcome changed, nor did the code\n\n' +
        '3 tests: 1 differs and 2 are alike\n',
    );
  });
});

describe('two models', () => {
  it('are told apart by the tests that they judge differently', async () => {
    const [a, b] = [file('m/mp.litmus', mp('')), file('m/fixed.litmus', mp('smp_mb();', undefined, 'fixed'))];
    expect(await shown(['--model', 'sc', '--model', 'arm64', a, b])).toMatchInlineSnapshot(`
      "m/mp.litmus: exists (1:r0=1 /\\ 1:r1=0)

        sc     arm64
        Never  Sometimes  1 outcome only under arm64

      1:r0=1; 1:r1=0 is allowed by arm64 alone, which the condition asks for

          mp under arm64: allowed
          1:r0=1; 1:r1=0

          P0                                 P1
          =====================              ==========================
           a: WRITE_ONCE(*x, 1) <-+  +--rf->  c: r0 = READ_ONCE(*y) [1]
           b: WRITE_ONCE(*y, 1) --|--+           <smp_rmb>
                                  +-----fr--  d: r1 = READ_ONCE(*x) [0]

          (x = 0) -rf-> d

      2 tests: 1 differs and 1 is alike
      exit 1
      "
    `);
  });

  it('may be versions of one file', async () => {
    const weak = file('v1/my.cat', '"mine"\nacyclic po-loc | rf | co | fr as coherence\n');
    const strong = file('v2/my.cat', '"mine"\nacyclic po | rf | co | fr as sc\n');
    const test = file('m/mp.litmus', mp(''));
    const text = await shown(['--model', weak, '--model', strong, test, '--pictures']);
    expect(text).toMatch(/Sometimes +Never +1 outcome only under/);
    expect(text).toContain('1:r0=1; 1:r1=0 is allowed by v1/my.cat alone, which the condition asks for\n');
    expect(text).toContain('forbidden');
    expect(text).toMatch(/1 test: 1 differs and 0 are alike\nexit 1\n$/);
  });

  it('that do not fit a test are not compared by it', async () => {
    const arm = file('arm.litmus', 'AArch64 a\n{ 0:X1=x; }\n P0 ;\n LDR W0,[X1] ;\nexists (0:X0=1)\n');
    const text = await shown(['--model', 'lkmm', '--model', 'arm64', arm]);
    expect(text).toContain(
      '1 test: 0 differ, 0 are alike and 1 that not both models judge (arm.litmus)\nexit 0\n',
    );
  });

  it('are one each', async () => {
    const test = file('m/mp.litmus', mp(''));
    expect(await shown(['--model', 'lkmm,sc', '--model', 'arm64', test])).toContain('names one model each');
    expect(await shown(['--model', 'lkmm', '--model', 'arm64', '--model', 'sc', test])).toContain(
      'more than twice',
    );
  });
});

describe('a revision in git', () => {
  const repo = join(folder, 'repo');
  const git = (...args: readonly string[]): void => {
    const identity = ['-c', 'user.name=A', '-c', 'user.email=a@example.org', '-c', 'commit.gpgsign=false'];
    execFileSync('git', ['-C', repo, ...identity, ...args], { stdio: 'pipe' });
  };
  beforeAll(() => {
    mkdirSync(repo);
    git('init', '--quiet', '--initial-branch=main');
    for (const name of ['a', 'b', 'gone', 'old name'])
      file(`repo/t/${name}.litmus`, mp('smp_wmb();', undefined, name.replace(' ', '-')));
    file('repo/README.md', 'tests\n');
    git('add', '.');
    git('commit', '--quiet', '-m', 'first');
    git('tag', 'v1');
    file('repo/t/a.litmus', mp('', undefined, 'a'));
    git('commit', '--quiet', '-am', 'weaker');
  });

  it('is compared with the file as it is now', async () => {
    const text = await shown([join(repo, 't/a.litmus'), '--from', 'v1', '--model', 'lkmm']);
    expect(text).toMatch(/^before: v1:repo\/t\/a\.litmus\nafter: {2}repo\/t\/a\.litmus\n/);
    expect(text).toContain('P0:6: smp_wmb() was removed');
    expect(text).toContain('lkmm  Never   Sometimes  1 outcome appeared');
    expect(text).toMatch(/exit 1\n$/);
  });

  it('is compared with a folder: new, removed and renamed tests are told', async () => {
    file('repo/t/new.litmus', 'C new\n{}\nP0(int *x) { int r0 = READ_ONCE(*x); }\nexists (0:r0=1)\n');
    rmSync(join(repo, 't/gone.litmus'));
    renameSync(join(repo, 't/old name.litmus'), join(repo, 't/new name.litmus'));
    file('repo/t/new name.litmus', mp('smp_mb();', undefined, 'old-name'));
    git('add', '--all');
    const text = await shown([join(repo, 't'), '--from', 'main', '--model', 'lkmm']);
    expect(text).toBe(
      'repo/t/gone.litmus: removed, not in the working tree\nrepo/t/new.litmus: new, not in main\n\n' +
        'repo/t/new name.litmus: no outcome changed, but P0:6: smp_wmb() became smp_mb()\n\n' +
        '3 tests: 0 differ and 3 are alike (2 untouched)\nexit 1\n',
    );
  });

  it('is compared with another one', async () => {
    const text = await shown([join(repo, 't'), '--from', 'v1..main', '--model', 'lkmm']);
    expect(text).toContain('before: v1:repo/t/a.litmus\nafter:  main:repo/t/a.litmus\n');
    expect(text).toContain('4 tests: 1 differs and 3 are alike (3 untouched)\nexit 1\n');
  });

  it.each([
    [['--from', 'v2'], 'unknown revision `v2` [unknown-revision]\n  hint: did you mean `v1`?'],
    [['--from=-v1'], '--from takes a revision such as main or HEAD~1, not "-v1"'],
    [['--from=v1..-x'], '--from takes a revision such as main or HEAD~1, not "v1..-x"'],
    [['--from', 'v1...main'], '--from takes a revision, or two as in v1..v2, not "v1...main"'],
  ])('that is none is refused: %j', async (args, message) => {
    const text = await shown([join(repo, 't/a.litmus'), ...args]);
    expect(text).toContain(message);
    expect(text).toMatch(/exit 2\n$/);
  });

  it('is read without the programs that the repository names for its files', async () => {
    const trap = join(repo, 'trap');
    git('config', 'filter.x=y.clean', `touch ${trap}; cat`);
    git('config', 'filter.x=y.required', 'true');
    file('repo/.gitattributes', '*.litmus filter=x=y\n');
    file('repo/t/b.litmus', mp('barrier();', undefined, 'b'));
    file('repo/t/new.litmus', mp('smp_mb();', undefined, 'new'));
    const text = await shown([join(repo, 't'), '--from', 'v1', '--model', 'lkmm']);
    expect(text).toContain('smp_wmb()');
    expect(existsSync(trap)).toBe(false);
    for (const path of ['repo/.gitattributes', 'repo/t/new.litmus']) rmSync(join(folder, path));
    file('repo/t/b.litmus', mp('smp_wmb();', undefined, 'b'));
  });

  it('follows links, and knows names that begin with dots', async () => {
    symlinkSync('b.litmus', join(repo, 't/link.litmus'));
    file('repo/t/..dots.litmus', mp('', undefined, 'dots'));
    git('add', 't');
    git('commit', '--quiet', '-m', 'link');
    rmSync(join(repo, 't/..dots.litmus'));
    const text = await shown([join(repo, 't'), '--from', 'main', '--model', 'lkmm']);
    expect(text).toContain('..dots.litmus');
    expect(text).not.toContain('error');
    expect(text).toMatch(/exit 1\n$/);
    git('reset', '--quiet', '--hard', 'HEAD~1');
  });

  it('needs a repository, and a file', async () => {
    const outside = file('a.litmus', mp(''));
    expect(await shown([outside, '--from', 'main'])).toMatch(/not in a git repository[\s\S]*exit 2\n$/);
    const missing = join(repo, 't/never.litmus');
    expect(await shown([missing, '--from', 'main'])).toMatch(
      /there is no such file, neither here nor in main[\s\S]*exit 2\n$/,
    );
  });
});

describe('logs', () => {
  it('of our own are read back as they were written', async () => {
    const { out } = await fencepost(['run', tests, '--format', 'herd']);
    const log = file('ours.log', out);
    const { out: diff, code } = await fencepost(['diff', tests, log]);
    const count = out.match(/^Test /gm)?.length;
    expect(diff).toContain(`\n${count} tests: ${count} the same\n`);
    expect(code).toBe(0);
    expect((await fencepost(['diff', log, log])).code).toBe(0);
  });

  it('of two runs are compared', async () => {
    const { out } = await fencepost(['run', file('mp.litmus', mp('')), '--format', 'herd']);
    const weak = file('weak.log', out);
    const strong = file(
      'strong.log',
      out
        .replace('1:r0=1; 1:r1=0;\n', '')
        .replace('States 4', 'States 3')
        .replace('Sometimes 1', 'Never 0')
        .replace(
          'Test mp',
          'Test other Allowed\nStates 1\n0:r0=1;\nOk\nObservation other Always 1 0\n\nTest mp',
        ),
    );
    expect(await shown([weak, strong])).toMatchInlineSnapshot(`
      "before: weak.log
      after:  strong.log

      mp: Sometimes before, Never after
        vanished: 1:r0=1; 1:r1=0
      other: only in strong.log

      2 tests: 0 the same, 1 different, 1 only in strong.log
      exit 1
      "
    `);
  });

  it('of machines are what was seen, not all that there is', async () => {
    const test = file('mp.litmus', mp('smp_wmb();'));
    const histogram = (lines: readonly string[]): string =>
      `Test mp Allowed\nHistogram (${lines.length} states)\n${lines.join('\n')}\nNo\n\nWitnesses\nPositive: 0, Negative: 10\nCondition exists (1:r0=1 /\\ 1:r1=0) is NOT validated\nHash=0\nObservation mp Never 0 10\nTime mp 0.01\n`;
    const seldom = file('seldom.log', histogram(['7     :>1:r0=0; 1:r1=0;', '3     :>1:r0=1; 1:r1=0x1;']));
    expect(await shown([test, seldom])).toContain(
      '1 test: 1 the same\n1 test has outcomes that the model allows and nobody has seen',
    );
    const broken = file('broken.log', histogram(['9     :>1:r0=0; 1:r1=0;', '1     *>1:r1=0; 1:r0=1;']));
    const text = await shown([test, broken]);
    expect(text).toContain('mp\n  seen, and forbidden by fencepost: 1:r0=1; 1:r1=0\n');
    expect(text).toMatch(/exit 1\n$/);
  });

  it('are told from tests by what is in them', async () => {
    const test = file('mp.litmus', mp(''));
    const text = file('notes.txt', 'no log\n');
    expect(await shown([test, text])).toMatch(/notes\.txt:1:6: error: [\s\S]*exit 2\n$/);
    const log = file('one.log', 'Test mp Allowed\nStates 1\n1:r0=0; 1:r1=0;\nOk\n');
    expect(await shown([test, log, test])).toContain('compare two logs, or one log with tests');
    expect(readFileSync(log, 'utf8')).toContain('States');
  });
});
