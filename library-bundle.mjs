/**
 * The library's modules (`fencepost`, `fencepost/advanced`, `fencepost/matchers`, `fencepost/vitest`), for the build and for the tests.
 *
 * They share what they have in common as further files: one engine in memory, however many of them a program imports. They run
 * wherever there is JavaScript: nothing of Node, and no package but vitest, is imported.
 */
import { build } from 'esbuild';

/** By their file in dist/, without its end. */
export const libraryModules = {
  index: 'src/index.ts',
  advanced: 'src/advanced.ts',
  matchers: 'src/vitest/matchers.ts',
  vitest: 'src/vitest/vitest.ts',
};

/** `root`: the project's folder; `plugins`: what makes modules of the languages' files, at least. */
export async function bundleLibrary({ root, outdir, plugins }) {
  await build({
    absWorkingDir: root,
    bundle: true,
    splitting: true,
    target: 'node20',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    format: 'esm',
    plugins,
    external: ['vitest'],
    legalComments: 'linked',
    logLevel: 'warning',
    entryPoints: libraryModules,
    chunkNames: 'library/[name]-[hash]',
    outdir,
  });
}
