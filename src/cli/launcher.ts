#!/usr/bin/env node
/**
 * What `fencepost` starts: the bundled command with V8's code cache, which saves a third of a small run's time.
 *
 * The build writes both (build.mjs): `command.bundle.js` is one function expression, `command.cache` what V8 made of it on a
 * warm run. Another version of Node than the build's rejects the cache and compiles as usual.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';

const filename = fileURLToPath(new URL('./command.bundle.js', import.meta.url));

function readCache(): Buffer | undefined {
  try {
    return readFileSync(fileURLToPath(new URL('./command.cache', import.meta.url)));
  } catch {
    return undefined;
  }
}

const cachedData = readCache();
const script = new Script(readFileSync(filename, 'latin1'), {
  filename,
  ...(cachedData === undefined ? {} : { cachedData }),
});
const command: { exports: { main?: () => Promise<void> } } = { exports: {} };
script.runInThisContext()(createRequire(import.meta.url), command, import.meta.url);
await command.exports.main?.();
