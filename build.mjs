/**
 * Bundles the command (dist/fencepost.cjs), the library (library-bundle.mjs), the script of report pages
 * (dist/page.js), the benchmark, the conformance runner and the writer of out/, and writes the library's types and the JSON schema
 * of project files (dist/fencepost.schema.json).
 *
 * Start-up is most of a small test's time, so: the shipped models are compiled here, not at start-up; the command is one file,
 * which V8 has compiled before (see src/cli/load-command.ts), and whose parts are initialised when they are first used;
 * Graphviz (800 KB of WebAssembly) stays in node_modules and is loaded to draw.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { esbuildPlugin as languages } from './bundling.mjs';
import { leanLibraries } from './lean-libraries.mjs';
import { bundleLibrary } from './library-bundle.mjs';
import { bundlePageScript } from './page-script.mjs';

const root = dirname(fileURLToPath(import.meta.url));
const out = join(root, 'dist');

/** The shipped models and their plans as data, by name: what two empty maps are replaced by in a bundle. */
async function compileShippedModels() {
  const outfile = join(out, 'compile-models.js');
  await build({
    absWorkingDir: root,
    stdin: {
      contents: `
        import { packModel } from './src/model/packed-model.js';
        import { loadShippedModel, shippedModels } from './src/model/shipped.js';
        import { packPlan } from './src/search/packed-plan.js';
        import { makePlan } from './src/search/plan.js';
        const models = shippedModels.map(({ name }) => [name, loadShippedModel(name)]);
        export const precompiled = models.map(([name, model]) => [name, packModel(model)]);
        export const precompiledPlans = models.map(([name, model]) => [name, packPlan(makePlan(model))]);
      `,
      resolveDir: root,
    },
    bundle: true,
    outfile,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    plugins: [languages],
  });
  const { precompiled, precompiledPlans } = await import(pathToFileURL(outfile).href);
  rmSync(outfile);
  return { precompiled, precompiledPlans };
}

/** The JSON schema of project files, for editors. */
async function writeConfigSchema() {
  const outfile = join(out, 'config-schema.js');
  await build({
    absWorkingDir: root,
    entryPoints: ['src/check/config-schema.ts'],
    bundle: true,
    outfile,
    format: 'esm',
    platform: 'node',
    external: ['zod'],
  });
  const { configJsonSchema } = await import(pathToFileURL(outfile).href);
  rmSync(outfile);
  writeFileSync(join(out, 'fencepost.schema.json'), `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
}

/** `data`: what the build made, by the name that the file exports. */
function precompiledPlugin(data) {
  const moduleFor = (name) => {
    const text = JSON.stringify(JSON.stringify(data[name]));
    return `export const ${name} = new Map(JSON.parse(${text}));`;
  };
  return {
    name: 'fencepost-precompiled',
    setup(step) {
      step.onLoad({ filter: /[\\/]src[\\/]model[\\/]precompiled\.ts$/ }, () => ({
        contents: moduleFor('precompiled'),
      }));
      step.onLoad({ filter: /[\\/]src[\\/]search[\\/]precompiled-plans\.ts$/ }, () => ({
        contents: moduleFor('precompiledPlans'),
      }));
    },
  };
}

rmSync(out, { recursive: true, force: true });

const common = {
  absWorkingDir: root,
  bundle: true,
  target: 'node20',
  plugins: [languages, precompiledPlugin(await compileShippedModels()), leanLibraries(root)],
  external: [
    '@hpcc-js/wasm-graphviz',
    '@microsoft/api-extractor',
    'chokidar',
    'fast-check',
    'jiti',
    'jsonc-parser',
    'zod',
  ],
  legalComments: 'linked',
  logLevel: 'warning',
};
/** CommonJS, which has no import.meta: `bundleUrl` stands in for it. */
const commonJs = { ...common, platform: 'node', format: 'cjs', define: { 'import.meta.url': 'bundleUrl' } };
const withUrl = "var bundleUrl = require('node:url').pathToFileURL(__filename).href;";

await build({
  ...commonJs,
  entryPoints: { command: 'src/cli/main.ts', measured: 'src/bench/measured.ts' },
  outdir: out,
  outExtension: { '.js': '.bundle.js' },
  minify: true,
  // One function expression, for the launcher to call.
  banner: { js: '(function (require, module, bundleUrl) { var exports = module.exports;' },
  footer: { js: '})' },
  // A script of node:vm cannot import(); Node can require() modules since 20.19.
  supported: { 'dynamic-import': false },
});
await build({
  ...commonJs,
  entryPoints: {
    fencepost: 'src/cli/launcher.ts',
    'fencepost-herd': 'src/cli/herd/launcher.ts',
    'run-worker': 'src/cli/run-worker.ts',
    'write-cache': 'src/cli/write-cache.ts',
  },
  outdir: out,
  outExtension: { '.js': '.cjs' },
  banner: { js: withUrl },
});
await build({
  ...common,
  platform: 'node',
  format: 'esm',
  entryPoints: {
    bench: 'src/bench/main.ts',
    conformance: 'src/cli/conformance-main.ts',
    'conformance-worker': 'src/cli/conformance-worker.ts',
    docs: 'src/cli/docs-main.ts',
    fuzz: 'src/bench/fuzz/fuzz-main.ts',
    'fuzz-worker': 'src/bench/fuzz/fuzz-worker.ts',
  },
  outdir: out,
});
await bundleLibrary({ root, outdir: out, plugins: common.plugins });
writeFileSync(join(out, 'page.js'), await bundlePageScript(root));
await writeConfigSchema();
for (const name of ['fencepost.cjs', 'fencepost-herd.cjs']) chmodSync(join(out, name), 0o755);

const writeCache = join(out, 'write-cache.cjs');
const race = join(root, 'litmus', 'blocked-on-vs-state', 'race.litmus');
execFileSync(process.execPath, [writeCache, race], { stdio: 'inherit' });
rmSync(writeCache);

const typescript = createRequire(import.meta.url).resolve('typescript/package.json');
const tsc = join(dirname(typescript), 'bin', 'tsc');
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
