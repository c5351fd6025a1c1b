/**
 * Bundles the command (command-bundle.mjs), the library (library-bundle.mjs), the script of report pages (dist/page.js), the benchmark,
 * the conformance runner and the writer of out/, and writes the library's types and the JSON schema of project files
 * (dist/fencepost.schema.json).
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { bundleCommand, nodeBundles } from './command-bundle.mjs';
import { bundleLibrary } from './library-bundle.mjs';
import { bundlePageScript } from './page-script.mjs';

const root = dirname(fileURLToPath(import.meta.url));
const out = join(root, 'dist');

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

rmSync(out, { recursive: true, force: true });

const common = await nodeBundles(root, out);
await bundleCommand(common, out, { measured: 'src/bench/measured.ts' });
await build({
  ...common,
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

const typescript = createRequire(import.meta.url).resolve('typescript/package.json');
const tsc = join(dirname(typescript), 'bin', 'tsc');
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
