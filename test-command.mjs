/**
 * The command as tests build it, to run it as a process of its own: the bundles of build.mjs without the code cache, in a second and
 * not in twenty. Model names are compiled beforehand, as there.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { esbuildPlugin } from './bundling.mjs';

const root = dirname(fileURLToPath(import.meta.url));

/** `packed`: [name, packed model] of the shipped models that runs are quick for. */
export async function buildTestCommand(folder, packed) {
  const entries = join(folder, 'entries');
  const built = join(folder, 'built');
  mkdirSync(entries, { recursive: true });
  const main = JSON.stringify(join(root, 'src', 'cli', 'main.ts'));
  const names = { main: 'main', 'run-worker': 'serveTasks', herd: 'herdMain' };
  for (const [file, name] of Object.entries(names))
    writeFileSync(join(entries, `${file}.js`), `import { ${name} } from ${main}; void ${name}();`);
  const precompiled = {
    name: 'precompiled',
    setup(step) {
      step.onLoad({ filter: /[\\/]precompiled\.ts$/ }, () => ({
        contents: `export const precompiled = new Map(${JSON.stringify(packed)});`,
      }));
    },
  };
  await build({
    entryPoints: Object.keys(names).map((name) => join(entries, `${name}.js`)),
    bundle: true,
    platform: 'node',
    // What package.json calls main of jsonc-parser finds its parts at run time, where no node_modules is.
    mainFields: ['module', 'main'],
    format: 'cjs',
    define: { 'import.meta.url': 'bundleUrl' },
    banner: { js: "var bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
    plugins: [esbuildPlugin, precompiled],
    outdir: built,
    outExtension: { '.js': '.cjs' },
    logLevel: 'error',
  });
  const script = (name) => join(built, `${name}.cjs`);
  return { main: script('main'), herd: script('herd'), worker: pathToFileURL(script('run-worker')) };
}
