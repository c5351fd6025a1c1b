/** `fencepost check --watch` on files that are really written. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CheckArguments } from './check-plan.js';
import { plainTerminal } from './test-terminal.js';
import { watchCommand } from './watch-command.js';

const origin = process.cwd();
const root = realpathSync(mkdtempSync(join(tmpdir(), 'fencepost-')));
beforeAll(() => {
  mkdirSync(join(root, '.git'));
  process.chdir(root);
});
afterAll(() => {
  process.chdir(origin);
  rmSync(root, { recursive: true });
});

function write(name: string, text: string): void {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
}

const mp = (barrier: string) => `C mp
(* Result: Never *)
{ }
P0(int *x, int *y) { WRITE_ONCE(*x, 1); ${barrier} WRITE_ONCE(*y, 1); }
P1(int *x, int *y) { int r0; int r1; r0 = READ_ONCE(*y); smp_rmb(); r1 = READ_ONCE(*x); }
exists (1:r0=1 /\\ 1:r1=0)
`;

/** What stands at the end of a round. */
const PROMPT = 'watching; Ctrl-C or q ends\n';

const nothing: CheckArguments = {
  files: undefined,
  config: undefined,
  baseline: undefined,
  model: undefined,
  conf: undefined,
  bell: undefined,
  macros: undefined,
  include: undefined,
  variant: undefined,
  compileTo: undefined,
  atomics: undefined,
  unroll: undefined,
  timeout: undefined,
  memory: undefined,
  reporter: undefined,
  jobs: undefined,
  shard: undefined,
  resume: false,
  requireExpectations: undefined,
  quiet: false,
};

/** What was written since the last time, once a round is over. */
class Screen {
  private text = '';
  private waiting: (() => void) | null = null;

  write(text: string): void {
    this.text += text;
    if (this.text.endsWith(PROMPT)) this.waiting?.();
  }

  async round(change: () => void = () => {}): Promise<string> {
    change();
    if (!this.text.endsWith(PROMPT)) await new Promise<void>((done) => (this.waiting = done));
    const shown = this.text;
    this.text = '';
    return shown.replace(PROMPT, '');
  }
}

function start() {
  const screen = new Screen();
  let stop: () => void = () => {};
  const terminal = {
    ...plainTerminal,
    out: (text: string) => screen.write(text),
    err: (text: string) => screen.write(text),
  };
  const done = watchCommand(nothing, terminal, null, (end) => {
    stop = end;
    return () => {};
  });
  return { screen, done, end: () => stop() };
}

it('checks again what changes, and all where that concerns all', async () => {
  write('fencepost.config.json', '{ "tests": "litmus", "models": "lkmm" }');
  write('litmus/a.litmus', mp('smp_wmb();'));
  write('litmus/b.litmus', mp('smp_mb();'));
  const { screen, end, done } = start();
  expect(await screen.round()).toBe('2 tests: 2 as expected\n');

  const weakened = await screen.round(() => write('litmus/a.litmus', mp('')));
  expect(weakened).toContain('\nchanged: litmus/a.litmus\n');
  expect(weakened).toContain('litmus/a.litmus:4:42: error: expected Never, found Sometimes under lkmm\n');
  expect(weakened).toContain('2 tests: 1 as expected, 1 different\n');

  const other = await screen.round(() => write('litmus/b.litmus', mp('smp_wmb();')));
  expect(other).toBe(
    '\nchanged: litmus/b.litmus\n\nstill not as expected: litmus/a.litmus\n\n2 tests: 1 as expected, 1 different\n',
  );

  const added = await screen.round(() => write('litmus/new/c.litmus', mp('smp_mb();')));
  expect(added).toContain('3 tests: 2 as expected, 1 different\n');

  const removed = await screen.round(() => rmSync(join(root, 'litmus/new/c.litmus')));
  expect(removed).toContain('2 tests: 1 as expected, 1 different\n');

  const broken = await screen.round(() => write('fencepost.config.json', '{ "test": 1 }'));
  expect(broken).toContain('unknown field `test`');

  const excused = '{ "tests": "litmus", "models": "lkmm", "expectations": { "litmus/a.litmus": "nothing" } }';
  const all = await screen.round(() => write('fencepost.config.json', excused));
  expect(all).toBe(
    '\nchanged: fencepost.config.json\n\n2 tests: 1 as expected, 1 with nothing expected of them\n',
  );

  const recorded = await screen.round(() =>
    write(
      'fencepost.baseline',
      '# fencepost baseline 1\n\nlitmus/a.litmus\n  lkmm: Never\n  1:r0=0; 1:r1=0 | lkmm\n',
    ),
  );
  expect(recorded).toContain('\nchanged: fencepost.baseline\n');
  expect(recorded).toContain('under lkmm: new outcome 1:r0=1; 1:r1=0');
  end();
  expect(await done).toBe(1);
});

it('tells only of what has changed, whatever the project file makes of the folders', async () => {
  for (const name of ['fencepost.baseline', 'litmus', 'fencepost.config.json'])
    rmSync(join(root, name), { recursive: true, force: true });
  write('one/a.litmus', mp('smp_wmb();'));
  write('one/deep/b.litmus', mp('smp_wmb();'));
  write('two/c.litmus', mp('smp_wmb();'));
  const config = (tests: string) => () =>
    write('fencepost.config.json', JSON.stringify({ tests, models: 'lkmm' }));
  config('one')();
  const { screen, end, done } = start();
  expect(await screen.round()).toBe('2 tests: 2 as expected\n');
  const changed = '\nchanged: fencepost.config.json\n\n';
  // a round that nobody asked for would be the next one
  const quiet = () => new Promise((ready) => setTimeout(ready, 500));
  expect(await screen.round(config('two'))).toBe(`${changed}1 test: 1 as expected\n`);
  await quiet();
  const missing = await screen.round(config('three'));
  expect(missing).toMatch(
    /^\nchanged: fencepost\.config\.json\n\nfencepost\.config\.json:1:\d+: error: three: there/,
  );
  expect(missing.match(/error/g)).toHaveLength(1);
  await quiet();
  const made = await screen.round(() => write('three/d.litmus', mp('smp_wmb();')));
  expect(made).toBe('\nchanged: three/d.litmus\n\n1 test: 1 as expected\n');
  // none of the tests any more
  write('one/a.litmus', mp(''));
  await quiet();
  expect(await screen.round(config('one'))).toContain('2 tests: 1 as expected, 1 different\n');
  end();
  expect(await done).toBe(1);
  for (const name of ['one', 'two', 'three']) rmSync(join(root, name), { recursive: true });
});

it('sees changes of a project file that is code, and of what it imports', async () => {
  rmSync(join(root, 'fencepost.config.json'));
  rmSync(join(root, 'fencepost.baseline'), { force: true });
  write('package.json', '{ "type": "module" }');
  write('litmus/a.litmus', mp('smp_wmb();'));
  write('litmus/b.litmus', mp('smp_wmb();'));
  const config = (verdict: string) => `import { expected } from './own/expected.mjs';
import models from './own/models.json' with { type: 'json' };
export default { tests: 'litmus', models, expectations: { 'litmus/b.litmus': ${verdict} } };
`;
  write('fencepost.config.mjs', config('expected'));
  write('own/models.json', '["lkmm"]');
  write('own/expected.mjs', "export { expected } from '../deeper/file.js';\n");
  write('deeper/file.js', "export const expected = 'Never';\n");
  const { screen, end, done } = start();
  expect(await screen.round()).toBe('2 tests: 2 as expected\n');
  const differs = '2 tests: 1 as expected, 1 different\n';
  expect(await screen.round(() => write('fencepost.config.mjs', config("'Sometimes'")))).toContain(differs);
  expect(await screen.round(() => write('fencepost.config.mjs', config('expected')))).not.toContain(differs);
  const deeper = () => write('deeper/file.js', "export const expected = 'Sometimes';\n");
  expect(await screen.round(deeper)).toContain(differs);
  const narrowed = await screen.round(() => write('own/models.json', '["sc"]'));
  expect(narrowed).toContain('under lkmm, which is not among the models that are asked');
  expect(await screen.round(() => write('own/models.json', '["lkmm"]'))).toContain(differs);
  expect(await screen.round(() => write('own/expected.mjs', 'throw Error("mine")'))).toContain('mine');
  const mended = () => write('own/expected.mjs', "export const expected = 'Never';\n");
  expect(await screen.round(mended)).toContain('2 tests: 2 as expected\n');
  const awaiting = () => write('own/expected.mjs', "export const expected = await 'Never';\n");
  expect(await screen.round(awaiting)).toContain('start again to see them');
  end();
  expect(await done).toBe(0);
});
