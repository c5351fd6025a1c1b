/**
 * Loads the bundled command with V8's code cache, which saves a third of a small run's time.
 *
 * The build writes both files (build.mjs): `command.bundle.js` is one function expression, `command.cache` what V8 made of it
 * on a warm run. Another version of Node than the build's rejects the cache and compiles as usual.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';

export interface Command {
  readonly main: () => Promise<void>;
  readonly herdMain: () => Promise<void>;
  readonly serveTasks: () => Promise<void>;
  readonly runCommandLine: typeof import('./command-line.js').runCommandLine;
}

export interface LoadedCommand {
  readonly command: Command;
  readonly script: Script;
}

/**
 * Optimise hot code some milliseconds later than V8 would: a small test is done by then, and compiling on the side costs it
 * an eighth of its time; a long search does not notice. The flags are part of the cache's key.
 */
const FLAGS = '--interrupt-budget=500000';

function readIfThere(url: URL): Buffer | undefined {
  try {
    return readFileSync(url);
  } catch {
    return undefined;
  }
}

export interface LoadedBundle {
  readonly exports: object;
  readonly script: Script;
}

/** Loads `NAME.bundle.js`, with `NAME.cache` if it is there. `base`: the URL of a file in the folder of the bundle. */
export function loadBundle(base: string, name: string): LoadedBundle {
  setFlagsFromString(FLAGS);
  const bundle = new URL(`./${name}.bundle.js`, base);
  const cachedData = readIfThere(new URL(`./${name}.cache`, base));
  const script = new Script(readFileSync(bundle, 'latin1'), {
    filename: fileURLToPath(bundle),
    ...(cachedData === undefined ? {} : { cachedData }),
  });
  const module: { exports: object } = { exports: {} };
  script.runInThisContext()(createRequire(base), module, bundle.href);
  return { exports: module.exports, script };
}

export function loadCommand(base: string): LoadedCommand {
  const { exports, script } = loadBundle(base, 'command');
  return { command: exports as Command, script };
}
