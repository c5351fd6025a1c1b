/**
 * The kernel's own scripts (tools/memory-model/scripts) with `fencepost-herd` in the place of herd7, by PATH.
 *
 * They are not ours to keep here: the test takes them from the folder that FENCEPOST_KERNEL names (a kernel tree), or from ../shared,
 * and says so where neither is.
 */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testCommand } from '../test-build.js';

const trees = [
  process.env.FENCEPOST_KERNEL,
  fileURLToPath(new URL('../../../../shared/kernel', import.meta.url)),
];
const model = trees
  .flatMap((tree) => (tree === undefined ? [] : [join(tree, 'tools', 'memory-model')]))
  .find((folder) => existsSync(join(folder, 'scripts', 'judgelitmus.sh')));
if (model === undefined)
  console.warn('the kernel’s scripts are not tried: FENCEPOST_KERNEL names no kernel tree');

const root = mkdtempSync(join(tmpdir(), 'fencepost-kernel-'));
afterAll(() => rmSync(root, { recursive: true }));
const tree = join(root, 'memory-model');
const bin = join(root, 'bin');

/** Few enough for a test, with a test of each kind: plain accesses, locks, a pointer, a deadlock is added below. */
const SOME = [
  'MP+polocks.litmus',
  'MP+onceassign+derefonce.litmus',
  'SB+fencembonceonces.litmus',
  'SB+poonceonces.litmus',
  'dep+plain.litmus',
];

function executable(name: string, script: string): void {
  writeFileSync(join(bin, name), script);
  chmodSync(join(bin, name), 0o755);
}

/** The scripts call it by its path, so that a shell's own `time` does not stand in for it. */
const hasTime = existsSync('/usr/bin/time');
if (!hasTime) console.warn('the kernel’s scripts are not tried: there is no /usr/bin/time (package `time`)');
const canRun = model !== undefined && hasTime;

beforeAll(() => {
  if (model === undefined) return;
  mkdirSync(bin);
  executable('herd7', `#!/bin/sh\nexec '${process.execPath}' '${testCommand.herd}' "$@"\n`);
  // Of diy7: picks tests of one language. Here all are C.
  executable('mselect7', '#!/bin/sh\ncat\n');
  cpSync(model, tree, { recursive: true, dereference: true, filter: (path) => !path.endsWith('.litmus') });
  mkdirSync(join(tree, 'litmus'), { recursive: true });
  for (const name of readdirSync(join(model, 'litmus-tests')))
    if (SOME.includes(name)) cpSync(join(model, 'litmus-tests', name), join(tree, 'litmus-tests', name));
});

function script(name: string, ...args: readonly string[]): SpawnSyncReturns<string> {
  // What parseargs.sh sets, and checklitmus.sh expects of its caller.
  const env = { ...process.env, LKMM_DESTDIR: '.', PATH: `${bin}:${process.env.PATH ?? ''}` };
  return spawnSync(join('scripts', name), args, { cwd: tree, env, encoding: 'utf8' });
}

function variant(name: string, from: string, change: (text: string) => string): string {
  const text = readFileSync(join(tree, 'litmus-tests', from), 'utf8');
  writeFileSync(join(tree, 'litmus', name), change(text));
  return join('litmus', name);
}

describe.runIf(canRun)('the scripts of the kernel', () => {
  it('verify the kernel’s tests: checkalllitmus.sh', () => {
    const { status, stdout, stderr } = script('checkalllitmus.sh');
    expect(stderr).toContain('All litmus tests verified as was expected.');
    expect(status).toBe(0);
    expect(stdout.match(/^Observation .*$/gm)).toHaveLength(SOME.length);
    expect(stdout).not.toContain('!!!');
    // The line before the last of the output, which is what the script shows of the time taken.
    expect(stdout.match(/^.*user .*system .*elapsed.*$/gm)).toHaveLength(SOME.length);
  });

  it.each([
    [
      'another result',
      'SB+poonceonces.litmus',
      'Sometimes',
      'Never',
      1,
      '!!! Unexpected non-Never verification',
    ],
    [
      'a deadlock that is none',
      'SB+poonceonces.litmus',
      'Sometimes',
      'DEADLOCK',
      1,
      '!!! Unexpected non-DEADLOCK',
    ],
    [
      'a race that is none',
      'SB+poonceonces.litmus',
      'Sometimes',
      'Sometimes DATARACE',
      252,
      '!!! Predicted data race',
    ],
    [
      'any result',
      'SB+poonceonces.litmus',
      'Sometimes',
      'Maybe',
      0,
      'Observation SB+poonceonces Sometimes 1 3',
    ],
  ])(
    'judge %s: checklitmus.sh',
    (_, from, old, expected, code, says) => {
      const path = variant('changed.litmus', from, (text) =>
        text.replace(`Result: ${old}`, `Result: ${expected}`),
      );
      const { status, stdout } = script('checklitmus.sh', path);
      expect(stdout).toContain(says);
      expect(status).toBe(code);
    },
    60_000,
  );

  it('judge a race that is there', () => {
    const race = (text: string) => text.replaceAll('WRITE_ONCE(*x, 1)', '*x = 1');
    const unexpected = script('checklitmus.sh', variant('race.litmus', 'SB+poonceonces.litmus', race));
    expect(unexpected.stdout).toContain('!!! Unexpected data race modeled');
    expect(unexpected.status).toBe(253);
    const predicted = variant('predicted.litmus', 'SB+poonceonces.litmus', (text) =>
      race(text).replace('Result: Sometimes', 'Result: Sometimes DATARACE'),
    );
    expect(script('checklitmus.sh', predicted).status).toBe(0);
  });

  it('judge a deadlock', () => {
    const path = variant('deadlock.litmus', 'MP+polocks.litmus', (text) =>
      text
        .replace(/Result: \w+/, 'Result: DEADLOCK')
        .replace(/spin_lock\((\w+)\);/, 'spin_lock($1);\n\tspin_lock($1);'),
    );
    const { status, stdout } = script('checklitmus.sh', path);
    expect(stdout).toMatch(/^Observation \S+ Never 0 0$/m);
    expect(status).toBe(0);
  });

  it('name an unknown primitive', () => {
    const path = variant('unknown.litmus', 'SB+fencembonceonces.litmus', (text) =>
      text.replace('smp_mb()', 'smp_bm()'),
    );
    const { status, stdout } = script('checklitmus.sh', path);
    expect(stdout).toContain(`!!! Current LKMM version does not know "smp_bm" ${path}`);
    expect(status).toBe(254);
  });

  it('tell a syntax error, and a timeout', () => {
    const path = variant('syntax.litmus', 'SB+poonceonces.litmus', (text) =>
      text.replace('WRITE_ONCE(', 'WRITE_ONCE('.repeat(2)),
    );
    expect(script('checklitmus.sh', path).stdout).toContain(`!!! Verification error ${path}`);
    const endless = variant('endless.litmus', 'SB+poonceonces.litmus', () => {
      const threads = Array.from(
        { length: 9 },
        (_, i) =>
          `P${i}(int *x, int *y)\n{\n\tint r0;\n\tint r1;\n\n\tWRITE_ONCE(*x, ${i + 1});\n\tr0 = READ_ONCE(*y);\n\tWRITE_ONCE(*y, ${i + 1});\n\tr1 = READ_ONCE(*x);\n}\n`,
      );
      return `C endless\n\n(*\n * Result: Never\n *)\n\n{}\n\n${threads.join('\n')}\nexists (0:r0=1 /\\ 1:r1=77)\n`;
    });
    const { status, stdout } = script('checktheselitmus.sh', '--timeout', '8s', '--', endless);
    expect(stdout).toContain(`!!! Timeout ${endless}`);
    expect(status).toBe(1);
  });

  it('run, keep and compare a history: initlitmushist.sh, newlitmushist.sh, checklitmushist.sh', () => {
    for (const name of readdirSync(join(tree, 'litmus'))) rmSync(join(tree, 'litmus', name));
    variant('a.litmus', 'SB+poonceonces.litmus', (text) => text);
    variant('b.litmus', 'SB+fencembonceonces.litmus', (text) => text);
    const first = script('initlitmushist.sh', '--jobs', '2');
    expect(first.stderr).toContain('All runs completed successfully.');
    expect(script('newlitmushist.sh').stderr).toContain('All runs completed successfully.');
    const same = script('checklitmushist.sh');
    expect(same.stderr).toContain('Exact output matches: 2');
    expect(same.status).toBe(0);
    variant('b.litmus', 'SB+fencembonceonces.litmus', (text) => text.replaceAll('smp_mb();', ''));
    const changed = script('checklitmushist.sh');
    expect(changed.stderr).toContain('!!! Result changed: 1');
    expect(changed.status).toBe(1);
  });
});
