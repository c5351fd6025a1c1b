/**
 * Bundles the command (dist/fencepost.js), the library (dist/index.js) and the benchmark, and writes the library's types.
 *
 * Start-up is most of a small test's time, so: the shipped models are compiled here, not at start-up; the command is one file,
 * which V8 has compiled before (see src/cli/launcher.ts), and whose parts are initialised when they are first used;
 * Graphviz (800 KB of WebAssembly) stays in node_modules and is loaded to draw.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Script } from 'node:vm';
import { build } from 'esbuild';
import { esbuildPlugin as languages } from './bundling.mjs';

const root = dirname(fileURLToPath(import.meta.url));
const out = join(root, 'dist');
const bundle = join(out, 'command.bundle.js');

/** The shipped models as data, by name: what src/model/precompiled.ts stands for in a bundle. */
async function compileShippedModels() {
  const { outputFiles } = await build({
    absWorkingDir: root,
    stdin: {
      contents: `
        import { packModel } from './src/model/packed-model.js';
        import { loadShippedModel, shippedModels } from './src/model/shipped.js';
        export const packed = shippedModels.map(({ name }) => [name, packModel(loadShippedModel(name))]);
      `,
      resolveDir: root,
    },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    plugins: [languages],
  });
  const code = Buffer.from(outputFiles[0].contents).toString('base64');
  return (await import(`data:text/javascript;base64,${code}`)).packed;
}

function precompiledPlugin(packed) {
  const data = JSON.stringify(JSON.stringify(packed));
  return {
    name: 'fencepost-precompiled',
    setup(step) {
      step.onLoad({ filter: /[\\/]src[\\/]model[\\/]precompiled\.ts$/ }, () => ({
        contents: `export const precompiled = new Map(JSON.parse(${data}));`,
      }));
    },
  };
}

/** string-width, which yargs lays its help out with, takes 25 ms to load (an Intl.Segmenter). Ours measures help text as well. */
const ownStringWidth = {
  name: 'fencepost-string-width',
  setup(step) {
    step.onResolve({ filter: /^string-width$/ }, () => ({ path: 'string-width', namespace: 'own' }));
    step.onLoad({ filter: /.*/, namespace: 'own' }, () => ({
      contents: `
        import { displayWidth } from './src/verdict/text-layout.js';
        export default (text) => displayWidth(text);
      `,
      resolveDir: root,
    }));
  },
};

/** V8's compiled code of the command after a warm run: the functions that a run of the race needs. */
async function writeCodeCache() {
  const script = new Script(readFileSync(bundle, 'latin1'), { filename: bundle });
  const command = { exports: {} };
  const url = pathToFileURL(bundle).href;
  script.runInThisContext()(createRequire(url), command, url);
  const errors = [];
  const terminal = {
    out: () => {},
    err: (text) => errors.push(text),
    width: 80,
    unicode: true,
    colours: { out: false, err: false },
    interactive: false,
  };
  const race = join(root, 'litmus', 'blocked-on-vs-state', 'race.litmus');
  const code = await command.exports.runCommandLine(['run', race], terminal);
  if (code !== 0) throw new Error(`the built command fails on ${race}:\n${errors.join('')}`);
  writeFileSync(join(out, 'command.cache'), script.createCachedData());
}

rmSync(out, { recursive: true, force: true });

const common = {
  absWorkingDir: root,
  bundle: true,
  target: 'node20',
  plugins: [languages, precompiledPlugin(await compileShippedModels()), ownStringWidth],
  external: ['@hpcc-js/wasm-graphviz'],
  legalComments: 'linked',
  logLevel: 'warning',
};
const node = { ...common, platform: 'node', format: 'esm', outdir: out };

await build({
  ...common,
  platform: 'node',
  format: 'cjs',
  minify: true,
  entryPoints: ['src/cli/main.ts'],
  outfile: bundle,
  // One function expression, for the launcher to call. In CommonJS there is no import.meta.
  define: { 'import.meta.url': 'bundleUrl' },
  // A script of node:vm cannot import(); Node can require() modules since 20.19.
  supported: { 'dynamic-import': false },
  banner: { js: '(function (require, module, bundleUrl) { var exports = module.exports;' },
  footer: { js: '})' },
});
await build({ ...node, entryPoints: { fencepost: 'src/cli/launcher.ts' } });
await build({ ...node, entryPoints: { bench: 'src/bench/main.ts' } });
await build({
  ...common,
  platform: 'neutral',
  mainFields: ['module', 'main'],
  format: 'esm',
  entryPoints: { index: 'src/index.ts' },
  outdir: out,
});
chmodSync(join(out, 'fencepost.js'), 0o755);
await writeCodeCache();

const typescript = createRequire(import.meta.url).resolve('typescript/package.json');
const tsc = join(dirname(typescript), 'bin', 'tsc');
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
