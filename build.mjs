/**
 * Bundles the command (dist/fencepost.js) and the library (dist/index.js), and writes the library's types (dist/types).
 *
 * Start-up is most of a small test's time, so: entries are split and what a command does not need is not loaded; the shipped
 * models are compiled here, not at start-up; Graphviz (800 KB of WebAssembly) stays in node_modules and is loaded to draw.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { esbuildPlugin as languages } from './bundling.mjs';

const root = dirname(fileURLToPath(import.meta.url));
const out = join(root, 'dist');

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

rmSync(out, { recursive: true, force: true });

const common = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  target: 'node20',
  splitting: true,
  outdir: out,
  chunkNames: 'chunks/[name]-[hash]',
  plugins: [languages, precompiledPlugin(await compileShippedModels()), ownStringWidth],
  external: ['@hpcc-js/wasm-graphviz'],
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'linked',
  logLevel: 'warning',
};

await build({
  ...common,
  platform: 'node',
  entryPoints: { fencepost: 'src/cli/main.ts', bench: 'src/bench/main.ts' },
});
await build({
  ...common,
  platform: 'neutral',
  mainFields: ['module', 'main'],
  entryPoints: { index: 'src/index.ts' },
});
chmodSync(join(out, 'fencepost.js'), 0o755);

const typescript = createRequire(import.meta.url).resolve('typescript/package.json');
const tsc = join(dirname(typescript), 'bin', 'tsc');
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
