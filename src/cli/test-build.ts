/** A folder for a test file, with the command built into it, for as long as the tests of that file run. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { packModel } from '../model/packed-model.js';
import { loadShippedModel } from '../model/shipped.js';

interface TestScripts {
  readonly main: string;
  /** Of worker threads. */
  readonly worker: URL;
}

/** `buildTestCommand` of test-command.mjs, which stands beside src: a test hands it on. */
export type BuildScripts = (
  folder: string,
  packed: readonly (readonly [name: string, packed: unknown])[],
) => Promise<TestScripts>;

/** The scripts are there when the tests run. */
export interface TestBuild extends TestScripts {
  readonly root: string;
  /** Writes a file below `root`; its path. */
  readonly write: (name: string, text: string) => string;
}

/** `models`: those that are asked, for each process and worker would compile them again. To be called outside of all tests. */
export function testBuild(buildScripts: BuildScripts, models: readonly string[]): TestBuild {
  const root = mkdtempSync(join(tmpdir(), 'fencepost-'));
  afterAll(() => rmSync(root, { recursive: true }));
  let command: TestScripts | null = null;
  beforeAll(async () => {
    const packed = models.map((name) => [name, packModel(loadShippedModel(name))] as const);
    command = await buildScripts(root, packed);
  }, 60_000);
  const built = (): TestScripts => {
    if (command === null) throw new Error('the command is built before the first test');
    return command;
  };
  return {
    root,
    get main() {
      return built().main;
    },
    get worker() {
      return built().worker;
    },
    write(name, text) {
      const path = join(root, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      return path;
    },
  };
}
