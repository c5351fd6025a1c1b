/**
 * The examples in the library's doc comments run, and print what they say: a fence of `ts` or `js`, and the `text` fence behind it.
 * Their imports are the modules of this folder's sources, by the names that the package gives them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'node:util';
import { transformSync } from 'esbuild';
import { describe, expect, it, test } from 'vitest';
import * as library from '../index.js';
import * as matchers from '../vitest/matchers.js';
import * as vitestMatchers from '../vitest/vitest.js';

const root = fileURLToPath(new URL('../', import.meta.url));
const modules: Readonly<Record<string, unknown>> = {
  fencepost: library,
  'fencepost/matchers': matchers,
  'fencepost/vitest': vitestMatchers,
  vitest: { describe, expect, it, test },
};

interface Example {
  readonly name: string;
  readonly code: string;
  /** What it prints; null: it does not say. */
  readonly output: string | null;
}

/** The files whose exports are the package's. */
function publicFiles(): string[] {
  const folders = ['api', 'vitest'].flatMap((folder) => {
    try {
      return readdirSync(join(root, folder)).map((file) => join(root, folder, file));
    } catch {
      return [];
    }
  });
  const sources = folders.filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  return [join(root, 'index.ts'), ...sources];
}

/** The text of a doc comment, without its stars. */
function plainComment(comment: string): string {
  return comment
    .slice(3, -2)
    .replace(/^\s*\* ?/gm, '')
    .replaceAll('*\\/', '*/');
}

function examplesIn(file: string): Example[] {
  const text = readFileSync(file, 'utf8');
  const comments = [...text.matchAll(/\/\*\*[\s\S]*?\*\//g)];
  return comments.flatMap((comment) => {
    const line = text.slice(0, comment.index).split('\n').length;
    const fence = /^```(?:ts|js)\n([\s\S]*?)^```$(?:\s*(?:prints\s*)?^```text\n([\s\S]*?)^```$)?/gm;
    return [...plainComment(comment[0]).matchAll(fence)].map(([, code = '', output], at) => ({
      name: `${relative(root, file)}:${line}, example ${at + 1}`,
      code,
      output: output ?? null,
    }));
  });
}

/** Runs it; what it has printed. */
async function run(code: string): Promise<string> {
  const body = code
    .replace(/^import type .*;$/gm, '')
    .replace(/^import '([^']+)';$/gm, (_, name: string) => known(name))
    .replace(
      /^import \{([^}]*)\} from '([^']+)';/gm,
      (_, names: string, from: string) => `const {${known(from, names)}} = modules['${from}'];`,
    );
  const plain = transformSync(`async function example() {\n${body}\n}`, { loader: 'ts' }).code;
  const printed: string[] = [];
  const log = { log: (...values: unknown[]): void => void printed.push(format(...values)) };
  const example = new Function('modules', 'console', `${plain}\nreturn example();`);
  await example(modules, log);
  return printed.join('\n');
}

/** The names of an import, which must be there. */
function known(from: string, names = ''): string {
  const module = modules[from] as object | undefined;
  if (module === undefined) throw new Error(`no module ${from}`);
  for (const name of names.split(',').map((each) => each.trim()))
    if (name !== '' && !(name in module)) throw new Error(`${from} exports no ${name}`);
  return names;
}

/** No line ends in blanks, in comments. */
function trimmed(text: string): string {
  return text.replace(/[ \t]+$/gm, '').trim();
}

const examples = publicFiles().flatMap(examplesIn);

describe('the examples of the library', () => {
  it('are there', () => {
    expect(examples.length).toBeGreaterThan(8);
  });

  it.each(examples)('$name', async ({ code, output }) => {
    const printed = await run(code);
    if (output !== null) expect(printed === '' ? '' : trimmed(printed)).toBe(trimmed(output));
    else expect(code).toMatch(/\bexpect\(/);
  });
});
