/**
 * The command as tests start it, in processes and worker threads of its own: the files that the build ships (command-bundle.mjs), built
 * when the first test asks for them, once for a whole run. Under --watch they are built again when a source has changed.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleCommand, nodeBundles } from './command-bundle.mjs';

const root = dirname(fileURLToPath(import.meta.url));
const asked = /[\\/]src[\\/]cli[\\/]test-command\.ts$/;

async function buildCommand(folder) {
  const outdir = join(folder, 'dist');
  mkdirSync(outdir);
  // Where the packages are that the bundle leaves outside.
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  const inputs = await bundleCommand(await nodeBundles(root, outdir), outdir);
  return { outdir, inputs: inputs.filter((path) => existsSync(path)) };
}

/** Puts the folder of the built command in the place of the empty one in src/cli/test-command.ts. */
export function testCommandPlugin() {
  const folders = [];
  return {
    name: 'fencepost-test-command',
    enforce: 'pre',
    async load(id) {
      if (!asked.test(id.split('?')[0])) return null;
      const folder = mkdtempSync(join(tmpdir(), 'fencepost-command-'));
      folders.push(folder);
      const { outdir, inputs } = await buildCommand(folder);
      for (const path of inputs) this.addWatchFile(path);
      return `export const commandFolder = ${JSON.stringify(outdir)};`;
    },
    closeBundle() {
      for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
    },
  };
}
