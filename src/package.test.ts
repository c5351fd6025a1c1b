/**
 * The package as its users get it: packed, unpacked into a project, imported, required, run in a worker thread, in a browser and in a
 * test suite, and its types under both ways of resolving modules.
 */
import { execFile } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { esbuildPlugin } from '../bundling.mjs';
import { bundleLibrary } from '../library-bundle.mjs';
import packageJson from '../package.json';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../', import.meta.url));
const tsc = join(root, 'node_modules/typescript/bin/tsc');

const browserPath = '/usr/bin/chromium';
const isWithoutBrowser = !existsSync(browserPath) && process.env.FENCEPOST_NEEDS_CHROMIUM !== '1';
if (isWithoutBrowser) console.warn(`skipped: there is no Chromium (${browserPath})`);

let folder: string;
/** A project that has installed the package, and vitest. */
let project: string;

/** Packs what the build makes of the library; the models are compiled when they are used, as nobody has done it before. */
async function pack(stage: string): Promise<string> {
  mkdirSync(stage);
  for (const file of ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md'])
    copyFileSync(join(root, file), join(stage, file));
  const types = ['-p', join(root, 'tsconfig.build.json'), '--outDir', join(stage, 'dist/types')];
  await Promise.all([
    bundleLibrary({ root, outdir: join(stage, 'dist'), plugins: [esbuildPlugin] }),
    run(process.execPath, [tsc, ...types]),
  ]);
  const packed = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
    cwd: stage,
  });
  const [{ filename }] = JSON.parse(packed.stdout) as [{ filename: string }];
  return join(folder, filename);
}

function writeFile(path: string, text: string): void {
  mkdirSync(dirname(join(project, path)), { recursive: true });
  writeFileSync(join(project, path), text);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fencepost-package-'));
  project = join(folder, 'project');
  const modules = join(project, 'node_modules');
  mkdirSync(join(modules, 'fencepost'), { recursive: true });
  const tarball = await pack(join(folder, 'stage'));
  await run('tar', ['-xzf', tarball, '-C', join(modules, 'fencepost'), '--strip-components=1']);
  symlinkSync(join(root, 'node_modules/vitest'), join(modules, 'vitest'));
  writeFile('package.json', '{ "type": "module" }');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const weak = `\`C message-passing
{ }
P0(int *x, int *y) { WRITE_ONCE(*x, 1); WRITE_ONCE(*y, 1); }
P1(int *x, int *y) { int r0; int r1; r0 = READ_ONCE(*y); r1 = READ_ONCE(*x); }
exists (1:r0=1 /\\\\ 1:r1=0)
\``;

const verdicts = `runLitmus(${weak}).models.map(({ model, verdict }) => [model, verdict].join(' ')).join(', ')`;
const expected = 'lkmm Sometimes, arm64 Sometimes, x86 Never, sc Never';

async function node(code: string, ...options: readonly string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [...options, '-e', code], { cwd: project });
  return stdout.trim();
}

describe('the package', () => {
  it('is imported', async () => {
    const code = `import { runLitmus } from 'fencepost'; console.log(${verdicts});`;
    expect(await node(code, '--input-type=module')).toBe(expected);
  });

  it('is required', async () => {
    const code = `const { runLitmus } = require('fencepost'); console.log(${verdicts});`;
    expect(await node(code, '--input-type=commonjs')).toBe(expected);
  });

  it('has the modules that it names, and they are one engine', async () => {
    for (const { types, default: path } of Object.values(packageJson.exports).filter(
      (each) => typeof each === 'object',
    ))
      for (const file of [types, path])
        expect(existsSync(join(project, 'node_modules/fencepost', file)), file).toBe(true);
    const code = `
      import { loadModel } from 'fencepost';
      import { runTest, userModel } from 'fencepost/advanced';
      import { litmus, litmusMatchers, loadModel as same } from 'fencepost/matchers';
      console.log(loadModel === same, typeof runTest, typeof userModel, Object.keys(litmusMatchers).length);`;
    expect(await node(code, '--input-type=module')).toBe('true function function 6');
  });

  it('runs in a worker thread, and its results are plain data', async () => {
    const worker = `
      const { parentPort } = require('node:worker_threads');
      import('fencepost').then(({ runLitmus }) => parentPort.postMessage(runLitmus(${weak})));`;
    const code = `
      const { Worker } = require('node:worker_threads');
      const worker = new Worker(${JSON.stringify(worker)}, { eval: true });
      worker.on('message', ({ models }) => console.log(models.map(({ verdict }) => verdict).join(' ')));`;
    expect(await node(code, '--input-type=commonjs')).toBe('Sometimes Sometimes Never Never');
  });

  it.skipIf(isWithoutBrowser)('runs in a browser', async () => {
    const browser = await chromium.launch({
      executablePath: browserPath,
      args: ['--no-sandbox', '--disable-gpu'],
    });
    try {
      const page = await browser.newPage();
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(error.message));
      await page.route('http://library.test/**', async (route) => {
        const path = new URL(route.request().url()).pathname;
        if (path === '/')
          await route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>-</title>' });
        else
          await route.fulfill({
            contentType: 'text/javascript',
            body: readFileSync(join(project, 'node_modules/fencepost/dist', path)),
          });
      });
      await page.goto('http://library.test/');
      const found = await page.evaluate(`import('/index.js').then(({ runLitmus }) => ${verdicts})`);
      expect(faults).toEqual([]);
      expect(found).toBe(expected);
      const asked = `import('/matchers.js').then(({ litmus, litmusMatchers }) => litmusMatchers.toAllow(litmus(${weak})).pass)`;
      expect(await page.evaluate(asked)).toBe(true);
    } finally {
      await browser.close();
    }
  });
});

const typed = `
import { compareOutcomes, defineConfig, loadModel, type ModelResult, runLitmus, type Verdict } from 'fencepost';
const [first, second]: readonly ModelResult[] = runLitmus('C t', { models: ['lkmm', 'arm64'], mode: 'count' }).models;
export const verdict: Verdict | null | undefined = first?.verdict;
export const value: number | string | undefined = first?.states[0]?.values['1:r0'];
if (first !== undefined && second !== undefined) compareOutcomes(first, second).appeared.includes('x');
const { model } = loadModel('acyclic po');
if (model !== null) runLitmus({ name: 'a', text: 'C a' }, { models: ['sc', model] });
export const config = defineConfig({ tests: '*.litmus', expectations: { 'a.litmus': 'Never' } });
// @ts-expect-error there is no such model
runLitmus('C t', { models: ['armv9'] });
// @ts-expect-error there is no such verdict
defineConfig({ expectations: { 'a.litmus': 'Nevr' } });
`;

const typedSuite = `
import { litmus } from 'fencepost/vitest';
import { expect, it } from 'vitest';
it('has types', async () => {
  const test = litmus\`C t \${1} \${'x'}\`.under('arm64', 'lkmm').within(2);
  await expect(test).toForbid();
  await expect(test).not.toAllow({ '1:r0': 1, x: 0 });
  await expect(test).toHaveOutcomes(['x=1', { x: 2 }]);
  await expect(test).toHaveVerdict('Never');
  // @ts-expect-error there is no such model
  test.under('armv9');
  // @ts-expect-error a verdict in another spelling
  await expect(test).toHaveVerdict('never');
  // @ts-expect-error an outcome is no number
  await expect(test).toForbid(1);
});
`;

describe('the types', () => {
  const options = { strict: true, noEmit: true, target: 'ES2022', lib: ['ES2022'], types: [] };

  it.each([
    ['node16', 'node16'],
    ['esnext', 'bundler'],
  ])('resolve with module %s, moduleResolution %s', async (module, moduleResolution) => {
    // without @types/node, and with every declaration of the library checked
    const compilerOptions = { ...options, module, moduleResolution, skipLibCheck: false };
    writeFile(`${moduleResolution}/use.ts`, typed);
    writeFile(`${moduleResolution}/tsconfig.json`, JSON.stringify({ compilerOptions, files: ['use.ts'] }));
    const { stdout } = await run(process.execPath, [tsc, '-p', join(project, moduleResolution)]).catch(
      (error) => error,
    );
    expect(stdout).toBe('');
  });

  it('extend what vitest expects', async () => {
    const compilerOptions = { ...options, module: 'esnext', moduleResolution: 'bundler', skipLibCheck: true };
    writeFile('suite/use.test.ts', typedSuite);
    writeFile('suite/tsconfig.json', JSON.stringify({ compilerOptions, files: ['use.test.ts'] }));
    const { stdout } = await run(process.execPath, [tsc, '-p', join(project, 'suite')]).catch(
      (error) => error,
    );
    expect(stdout).toBe('');
  });
});

/** The test suite that README.md shows. */
const shown = /^```ts\n(.*?)^```$/ms.exec(readFileSync(join(root, 'README.md'), 'utf8'))?.[1] ?? '';

const suite = `
import { litmus } from 'fencepost/vitest';
import { expect, it } from 'vitest';
const test = (barrier: string) => litmus\`
  C publish
  { }
  P0(int *data, int *ready) { WRITE_ONCE(*data, 1); \${barrier} WRITE_ONCE(*ready, 1); }
  P1(int *data, int *ready) { int r0; int r1; r0 = smp_load_acquire(ready); r1 = READ_ONCE(*data); }
  exists (1:r0=1 /\\ 1:r1=0)\`;
it('is published with its data', async () => { await expect(test('smp_wmb();')).toForbid(); });
it('is published before its data', async () => { await expect(test('')).toForbid(); });
`;

describe('a test suite', () => {
  it('fails where a barrier is gone, and shows the execution', async () => {
    writeFile('publish.test.ts', suite);
    writeFile('shown.test.ts', shown);
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    // The limits of time are vitest's own, which a busy machine may go over.
    const patient = ['--testTimeout=600000', '--hookTimeout=600000'];
    const files = ['publish.test.ts', 'shown.test.ts'];
    const options = ['run', '--root', project, '--reporter=tap', ...patient, ...files];
    const failed = await run(process.execPath, [vitest, ...options], {
      cwd: project,
      env: { ...process.env, NO_COLOR: '1', VITEST: undefined },
    }).catch((error) => error);
    expect(failed.stdout).toMatch(/^ *ok \d+ - is published with its data/m);
    expect(failed.stdout).toMatch(/not ok \d+ - is published before its data/);
    expect(failed.stdout).toMatch(/^ *ok \d+ - the waker sees what the sleeper is blocked on/m);
    expect(failed.stdout).toContain('publish: expected lkmm to forbid 1:r0=1');
    expect(failed.stdout).toContain('a: WRITE_ONCE(*data, 1)');
    expect(failed.code).toBe(1);
  });
});
