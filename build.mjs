/**
 * Bundles the command (dist/fencepost.js) and the library (dist/index.js), and writes the library's types (dist/types).
 *
 * Both entries are split: what a command does not need is not loaded, for start-up is most of a small test's time. Graphviz
 * (a WebAssembly build of 800 KB) stays in node_modules and is loaded only to draw.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { esbuildPlugin } from './bundling.mjs';

const root = dirname(fileURLToPath(import.meta.url));
const out = join(root, 'dist');
rmSync(out, { recursive: true, force: true });

const common = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  target: 'node20',
  splitting: true,
  outdir: out,
  chunkNames: 'chunks/[name]-[hash]',
  plugins: [esbuildPlugin],
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
execFileSync(process.execPath, [join(dirname(typescript), 'bin', 'tsc'), '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});
