/**
 * The command as bundles, for the build and for the tests: the launchers `fencepost.cjs` and `fencepost-herd.cjs`, the script of worker
 * threads, and `command.bundle.js`, which all of them load.
 *
 * Start-up is most of a small test's time, so: the shipped models are compiled here, not at start-up; the command is one file,
 * which V8 has compiled before (see src/cli/load-command.ts), and whose parts are initialised when they are first used;
 * Graphviz (800 KB of WebAssembly) stays in node_modules and is loaded to draw.
 */
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { esbuildPlugin as languages } from './bundling.mjs';
import { leanLibraries } from './lean-libraries.mjs';

/** The shipped models and their plans as data, by name: what two empty maps are replaced by in a bundle. */
async function compileShippedModels(root, outdir) {
  const outfile = join(outdir, 'compile-models.js');
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

/** How esbuild makes bundles for Node, with the shipped models in them. `root`: the project's folder; `outdir`: for files in between. */
export async function nodeBundles(root, outdir) {
  return {
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    target: 'node20',
    plugins: [languages, precompiledPlugin(await compileShippedModels(root, outdir)), leanLibraries(root)],
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
}

/**
 * Writes the command's files into `outdir`; gives the paths of what it was made of. `common`: of `nodeBundles`; `beside`: further entry
 * points that are loaded as the command is.
 */
export async function bundleCommand(common, outdir, beside = {}) {
  /** CommonJS, which has no import.meta: `bundleUrl` stands in for it. */
  const commonJs = {
    ...common,
    format: 'cjs',
    define: { 'import.meta.url': 'bundleUrl' },
    outdir,
    metafile: true,
  };
  const { metafile } = await build({
    ...commonJs,
    entryPoints: { command: 'src/cli/main.ts', ...beside },
    outExtension: { '.js': '.bundle.js' },
    minify: true,
    // One function expression, for the launcher to call.
    banner: { js: '(function (require, module, bundleUrl) { var exports = module.exports;' },
    footer: { js: '})' },
    // A script of node:vm cannot import(); Node can require() modules since 20.19.
    supported: { 'dynamic-import': false },
  });
  const launchers = await build({
    ...commonJs,
    entryPoints: {
      fencepost: 'src/cli/launcher.ts',
      'fencepost-herd': 'src/cli/herd/launcher.ts',
      'run-worker': 'src/cli/run-worker.ts',
      'write-cache': 'src/cli/write-cache.ts',
    },
    outExtension: { '.js': '.cjs' },
    banner: { js: "var bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
  });
  await writeCodeCache(common.absWorkingDir, outdir);
  const inputs = [metafile, launchers.metafile].flatMap((each) => Object.keys(each.inputs));
  return inputs.map((path) => join(common.absWorkingDir, path));
}

/** What V8 makes of the command in a small run. */
async function writeCodeCache(root, outdir) {
  const script = join(outdir, 'write-cache.cjs');
  await promisify(execFile)(process.execPath, [
    script,
    join(root, 'litmus', 'blocked-on-vs-state', 'race.litmus'),
  ]);
  rmSync(script);
}
