/** A folder for a test file, for as long as its tests run, and the command as it is shipped, built for the whole run of tests. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll } from 'vitest';
import { commandFolder } from './test-command.js';

/** What is in a folder that the command is built in. */
interface BuiltCommand {
  /** Scripts for `node`. */
  readonly main: string;
  readonly herd: string;
  /** The script of worker threads. */
  readonly worker: URL;
  /** What all of them load: the program. */
  readonly bundle: string;
}

export interface TestBuild extends BuiltCommand {
  readonly root: string;
  /** Writes a file below `root`; its path. */
  readonly write: (name: string, text: string) => string;
}

export const testCommand: BuiltCommand = {
  main: join(commandFolder, 'fencepost.cjs'),
  herd: join(commandFolder, 'fencepost-herd.cjs'),
  worker: pathToFileURL(join(commandFolder, 'run-worker.cjs')),
  bundle: join(commandFolder, 'command.bundle.js'),
};

/** To be called outside of all tests. */
export function testBuild(): TestBuild {
  const root = mkdtempSync(join(tmpdir(), 'fencepost-'));
  afterAll(() => rmSync(root, { recursive: true }));
  return {
    ...testCommand,
    root,
    write(name, text) {
      const path = join(root, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      return path;
    },
  };
}
