/**
 * The documentation is executed: README's commands and what they print. (The library's examples: src/api/doc-examples.test.ts.)
 *
 * A fence of `console` is a list of `$ command` lines, each with its output. `fencepost` and `npx fencepost` run in this
 * process; of npm's commands the scripts must exist. The pictures, proofs and documentation in out/ are made again and compared;
 * `npm run docs` accepts new ones, and `npm run promote` all but changes of what the library exports.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import packageJson from '../package.json';
import { writeDocuments } from './cli/documents.js';
import { fencepost, plainTerminal } from './cli/test-terminal.js';

interface Fence {
  readonly language: string;
  readonly text: string;
}

function read(path: string): string {
  return readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8');
}

function fences(markdown: string): Fence[] {
  const found = markdown.matchAll(/^```(\w+)\n(.*?)^```$/gms);
  return [...found].map(([, language = '', text = '']) => ({ language, text }));
}

interface Command {
  readonly command: string;
  readonly output: string;
}

function commands(fence: Fence): Command[] {
  return fence.text
    .split(/^\$ /m)
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const end = part.indexOf('\n');
      return { command: part.slice(0, end), output: part.slice(end + 1).trim() };
    });
}

const readme = read('../README.md');
const shown = fences(readme)
  .filter((fence) => fence.language === 'console')
  .flatMap(commands);

const isOurs = (command: string) => /^(npx )?fencepost /.test(command);

function npmScripts(line: string): string[] {
  return line.split('&&').map((part) => part.trim().replace(/^npm (run )?/, ''));
}

describe('README.md', () => {
  it.each(shown.filter(({ command }) => isOurs(command)))('$command', async ({ command, output }) => {
    const result = await fencepost(command.replace(/^(npx )?fencepost /, '').split(' '));
    expect(`${result.err}${result.out}`.trim()).toBe(output);
    expect(result.code).toBe(0);
  });

  it('names only npm commands that exist', () => {
    const known: readonly string[] = ['ci', ...Object.keys(packageJson.scripts)];
    const used = shown
      .filter(({ command }) => !isOurs(command))
      .flatMap(({ command }) => npmScripts(command));
    expect(used).toContain('start');
    expect(used.filter((name) => !known.includes(name.split(' ')[0] ?? ''))).toEqual([]);
  });

  it('links only to files that exist', () => {
    const targets = [...readme.matchAll(/\]\((?!https?:|#)([^)]+)\)/g)].map((match) => match[1] ?? '');
    for (const target of targets) expect(() => read(`../${target}`), target).not.toThrow();
  });

  it('says why each dependency is there', () => {
    for (const name of Object.keys(packageJson.dependencies)) expect(readme).toContain(`\`${name}\``);
  });
});

const outFolder = fileURLToPath(new URL('../out/', import.meta.url));

const apiChanged = 'the public API changed: run `npm run docs`, and note it in CHANGELOG.md';

/** Relative to out/, with `/`. */
function filesInOut(): readonly string[] {
  return readdirSync(outFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(outFolder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
}

describe('out/', () => {
  let drawnNames: readonly string[] = [];

  it('has what `npm start` draws', async () => {
    const drawn = mkdtempSync(join(tmpdir(), 'fencepost-'));
    const [, command = '', out = ''] =
      /fencepost\.cjs (.*) --graph (\w+)$/.exec(packageJson.scripts.start) ?? [];
    expect(out).toBe('out');
    await fencepost([...command.split(' '), '--graph', drawn]);
    drawnNames = readdirSync(drawn);
    expect(drawnNames.length).toBeGreaterThan(0);
    for (const name of drawnNames)
      await expect(readFileSync(join(drawn, name), 'utf8')).toMatchFileSnapshot(`../out/${name}`);
    rmSync(drawn, { recursive: true });
  });

  it('has what `npm run docs` writes, and nothing else', async () => {
    const written = new Map<string, string>();
    const code = await writeDocuments(plainTerminal, async (path, text) => {
      written.set(path.replaceAll('\\', '/').replace(/^out\//, ''), text);
      return null;
    });
    expect(code).toBe(0);
    for (const name of ['api/fencepost.md', 'api/fencepost-matchers.md'])
      expect(written.get(name), apiChanged).toBe(readFileSync(join(outFolder, name), 'utf8'));
    for (const [name, text] of written) await expect(text).toMatchFileSnapshot(`../out/${name}`);
    expect(filesInOut()).toEqual([...drawnNames, ...written.keys()].sort());
  });

  it('has links only to files that are there', () => {
    for (const name of filesInOut().filter((file) => file.endsWith('.md'))) {
      const text = readFileSync(join(outFolder, name), 'utf8');
      for (const [, target = ''] of text.matchAll(/\]\((?!https?:|#)([^)]+)\)/g))
        expect(existsSync(join(outFolder, dirname(name), target)), `${name}: ${target}`).toBe(true);
    }
  });
});
