/** Somebody weakens a barrier next year: what CI then says, in a git repository of its own, by the built command. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { newUserFiles } from './new-user-repository.js';
import { testCommand } from './test-build.js';

const { main } = testCommand;

const root = mkdtempSync(join(tmpdir(), 'fencepost-new-user-'));
afterAll(() => rmSync(root, { recursive: true }));

const repository = join(root, 'repository');
/** No settings of whoever runs this, no colours, no GitHub. */
const environment = {
  PATH: process.env.PATH ?? '',
  HOME: root,
  GIT_CONFIG_NOSYSTEM: '1',
  npm_config_update_notifier: 'false',
};

function git(...args: readonly string[]): string {
  const who = ['-c', 'user.name=A', '-c', 'user.email=a@example.org', '-c', 'init.defaultBranch=main'];
  return execFileSync('git', [...who, ...args], { cwd: repository, env: environment, encoding: 'utf8' });
}

function put(path: string, text: string, executable = false): void {
  mkdirSync(dirname(join(repository, path)), { recursive: true });
  writeFileSync(join(repository, path), text);
  if (executable) chmodSync(join(repository, path), 0o755);
}

const read = (path: string): string => readFileSync(join(repository, path), 'utf8');

function change(path: string, from: string, to: string): void {
  const before = read(path);
  expect(before).toContain(from);
  put(path, before.replace(from, to));
}

function run(command: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: repository,
    env: environment,
    encoding: 'utf8',
  });
  return { code: status, out: stdout, err: stderr };
}

const ci = () => run('ci/litmus.sh');

/** The step of action.yml that checks, as a runner on GitHub runs it. */
function githubStep() {
  const text = readFileSync(new URL('../../action.yml', import.meta.url), 'utf8');
  const { runs } = parse(text) as { runs: { steps: readonly { id?: string; run?: string }[] } };
  const script = runs.steps.find(({ id }) => id === 'check')?.run ?? '';
  const files = { GITHUB_STEP_SUMMARY: join(root, 'summary'), GITHUB_OUTPUT: join(root, 'output') };
  for (const file of Object.values(files)) writeFileSync(file, '');
  const { status, stdout } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
    cwd: repository,
    env: { ...environment, ...files, COMMAND: main, SARIF_FILE: 'litmus.sarif' },
    encoding: 'utf8',
  });
  const summary = readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8');
  return { code: status, out: stdout, summary, output: readFileSync(files.GITHUB_OUTPUT, 'utf8') };
}

beforeAll(() => {
  for (const { path, text, executable } of newUserFiles) put(path, text, executable);
  // What `npm install` would have put there.
  put('node_modules/.bin/fencepost', `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`, true);
  git('init', '--quiet');
  expect(run('npx', '--no', 'fencepost', 'baseline')).toMatchObject({ code: 0, err: '' });
  git('add', '.');
  git('commit', '--quiet', '--message', 'Ten tests and what they may end in');
});

describe("a new user's CI", () => {
  afterEach(() => {
    git('checkout', '--quiet', '.');
    git('switch', '--quiet', 'main');
  });

  it('passes while nothing is weakened', () => {
    expect(newUserFiles.filter(({ path }) => path.endsWith('.litmus')).length).toBe(10);
    expect(ci()).toEqual({ code: 0, out: '10 tests: 10 as expected\n', err: '' });
  });

  it('fails where a release is weakened, names file, line and verdicts, shows the execution, and passes when it is reverted', () => {
    git('switch', '--quiet', '--create', 'faster-handover');
    change('tests/handover.litmus', 'smp_store_release(y, 1)', 'WRITE_ONCE(*y, 1)');
    git('commit', '--quiet', '--all', '--message', 'Make the handover faster');
    const { code, out, err } = ci();
    expect([code, err]).toEqual([1, '']);
    expect(out).toMatchInlineSnapshot(`
      "tests/handover.litmus:15:2: error: expected Never, found Sometimes under lkmm and arm64: new outcome 1:r0=1; 1:r1=0
        expected by a comment, tests/handover.litmus:6:2
        nothing orders P0:14 WRITE_ONCE(*x, 1) before P0:15 WRITE_ONCE(*y, 1) under lkmm: no barrier stands between them and P0:15 is no release
        smp_wmb() between them or smp_store_release() at P0:15 would forbid this execution

        handover under lkmm: allowed
        1:r0=1; 1:r1=0

        P0                                 P1
        =====================              ================================
         a: WRITE_ONCE(*x, 1) <----+
         b: WRITE_ONCE(*y, 1) -----|--rf->  c: r0 = smp_load_acquire(y) [1]
                                   +--fr--  d: r1 = READ_ONCE(*x) [0]

        (x = 0) -rf-> d

        hint: \`fencepost diff tests/handover.litmus --from REV\` names what changed in the test since revision REV, which passed; if that is meant: change what is expected, and \`fencepost baseline tests/handover.litmus\`

      10 tests: 9 as expected, 1 different
      "
    `);
    expect(read('litmus.xml')).toContain('<testsuite name="tests/handover.litmus"');
    git('revert', '--no-edit', 'HEAD');
    expect(ci().code).toBe(0);
  });

  it('fails where a weakened barrier changes no verdict, but lets a new state appear', () => {
    git('switch', '--quiet', '--create', 'cheaper-progress');
    change('tests/progress.litmus', '\tsmp_wmb();\n', '');
    git('commit', '--quiet', '--all', '--message', 'Save a barrier');
    const { code, out, err } = ci();
    expect([code, err]).toEqual([1, '']);
    expect(out).toMatchInlineSnapshot(`
      "tests/progress.litmus:14:2: error: new outcome under lkmm and arm64: 1:r0=1; 1:r1=0
        compared with the baseline, tests/outcomes.baseline:50:1
        nothing orders P0:13 WRITE_ONCE(*x, 1) before P0:14 WRITE_ONCE(*y, 1) under lkmm: no barrier stands between them and P0:14 is no release
        smp_wmb() between them or smp_store_release() at P0:14 would forbid this execution

        progress under lkmm: allowed
        1:r0=1; 1:r1=0

        P0                                 P1
        =====================              ==========================
         a: WRITE_ONCE(*x, 1) <-+  +--rf->  c: r0 = READ_ONCE(*y) [1]
         b: WRITE_ONCE(*y, 1) --|--+           <smp_rmb>
                                +-----fr--  d: r1 = READ_ONCE(*x) [0]

        (x = 0) -rf-> d

        hint: \`fencepost diff tests/progress.litmus --from REV\` names what changed in the test since revision REV, which passed; if that is meant: \`fencepost baseline tests/progress.litmus\`

      10 tests: 9 as expected, 1 different
      "
    `);
  });

  it('annotates the lines on GitHub, sums up, and tells code scanning', () => {
    git('switch', '--quiet', '--create', 'unread');
    change('tests/publish.litmus', '\tsmp_rmb();\n', '');
    const { code, out, summary, output } = githubStep();
    expect([code, output]).toEqual([1, 'exit-code=1\n']);
    const place = 'file=tests/publish.litmus';
    const errors = out.split('\n').filter((line) => line.startsWith('::error '));
    expect(errors.map((line) => line.split('%0A')[0])).toEqual([
      `::error title=fencepost%3A publish,${place},line=24,endLine=24,col=2,endColumn=20::expected Never, found Sometimes under lkmm; was Never, is Sometimes under arm64: new outcome 1:r0=1; 1:r1=0`,
    ]);
    expect(summary).toMatch(/^## fencepost check: failed\n\n10 tests: 9 as expected, 1 different\n/);
    const sarif = JSON.parse(read('litmus.sarif')) as { runs: { results: { ruleId: string }[] }[] };
    expect(sarif.runs[0]?.results.map(({ ruleId }) => ruleId)).toEqual(['verdict']);
  });

  it('shows in the diff of the baseline exactly the states that a wanted change brings', () => {
    git('switch', '--quiet', '--create', 'wanted');
    change('tests/progress.litmus', '\tsmp_wmb();\n', '');
    expect(run('npx', '--no', 'fencepost', 'baseline').code).toBe(0);
    const lines = git('diff', '--unified=0', 'tests/outcomes.baseline').split('\n');
    expect(lines.filter((line) => /^[-+] /.test(line))).toMatchInlineSnapshot(`
      [
        "+  1:r0=1; 1:r1=0 | lkmm arm64",
      ]
    `);
    expect(ci().code).toBe(0);
  });
});
