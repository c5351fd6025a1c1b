/** The walls between the pipeline's stages: what a file imports is checked against the order of the folders. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('.', import.meta.url));

/**
 * A folder imports only itself and folders before it. `index` and `advanced` are src/index.ts and src/advanced.ts, what the library
 * exports; `api` is what the library adds to the engine.
 */
const order = [
  'text',
  'relation',
  'syntax',
  'program',
  'elaborate',
  'assemble',
  'lower',
  'unfold',
  'model',
  'search',
  'oracle',
  'verdict',
  'explain',
  'graph',
  'regress',
  'compare',
  'check',
  'proof',
  'page',
  'api',
  'io',
  'cli',
  'index',
  'advanced',
  'vitest',
  'bench',
] as const;

/** Bottom layers that know nothing of each other. */
const closed: readonly string[] = ['text', 'relation'];
const mayUseNode: readonly string[] = ['io', 'cli', 'bench'];
/** The public library runs in browsers: it does not reach the command line. */
const library: readonly string[] = ['index', 'advanced', 'vitest'];
const notForLibrary: readonly string[] = ['io', 'cli'];

/** Who may read what beside src: the parsers and the fuzzer the grammars, the command its version. */
const outside: readonly string[] = [
  'syntax ../grammar/*.ohm',
  'bench ../grammar/*.ohm',
  'cli ../package.json',
];

interface SourceText {
  /** Relative to src, with `/`. */
  readonly path: string;
  readonly text: string;
}

function layerOf(path: string): string {
  const [first = '', ...rest] = path.split('/');
  return rest.length === 0 ? first.replace(/\.ts$/, '') : first;
}

function importsOf(text: string): string[] {
  const statement =
    /^\s*(?:import|export)\b[^'";]*?\bfrom\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]/gm;
  const dynamic = /\bimport\(\s*['"]([^'"]+)['"]/g;
  return [...text.matchAll(statement), ...text.matchAll(dynamic)].map((m) => m[1] ?? m[2] ?? '');
}

/** Why the import is forbidden, or null. */
function judgeImport(path: string, specifier: string): string | null {
  const layer = layerOf(path);
  if (specifier.startsWith('node:')) return mayUseNode.includes(layer) ? null : 'imports Node';
  if (!specifier.startsWith('.')) return null;
  const target = relative(root, resolve(root, dirname(path), specifier)).replaceAll('\\', '/');
  if (target.startsWith('../'))
    return outside.includes(`${layer} ${target.replace(/[^/]*\.ohm$/, '*.ohm')}`) ? null : 'leaves src';
  const imported = layerOf(target.replace(/\.js$/, '.ts'));
  if (imported === layer) return null;
  if (closed.includes(layer)) return `${layer} imports nothing, but imports ${imported}`;
  if (library.includes(layer) && notForLibrary.includes(imported)) return `the library imports ${imported}`;
  const names: readonly string[] = order;
  return names.indexOf(imported) < names.indexOf(layer) ? null : `${layer} imports the later ${imported}`;
}

function violations(files: readonly SourceText[]): string[] {
  return files.flatMap(({ path, text }) =>
    importsOf(text).flatMap((specifier) => {
      const reason = judgeImport(path, specifier);
      return reason === null ? [] : [`${path}: '${specifier}': ${reason}`];
    }),
  );
}

function readSources(): SourceText[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts') && !path.endsWith('.test.ts'))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

describe('the layers', () => {
  it('are the only folders', () => {
    const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const unknown = folders
      .map((entry) => entry.name)
      .filter((name) => !order.some((layer) => layer === name));
    expect(unknown).toEqual([]);
  });

  it('are not crossed', () => {
    const sources = readSources();
    expect(sources.length).toBeGreaterThan(20);
    expect(violations(sources)).toEqual([]);
  });

  it('have only files with .js extension in their relative imports', () => {
    const wrong = readSources().flatMap(({ path, text }) =>
      importsOf(text)
        .filter((specifier) => specifier.startsWith('.') && !/\.(js|ohm|cat|json)$/.test(specifier))
        .map((specifier) => `${path}: ${specifier}`),
    );
    expect(wrong).toEqual([]);
  });

  it.each([
    ['text/a.ts', "import { x } from '../relation/relation.js';", true],
    ['search/a.ts', "import type { X } from '../verdict/report.js';", true],
    ['search/a.ts', "import {\n  x,\n  y,\n} from '../cli/run.js';", true],
    ['search/a.ts', "export { x } from '../cli/run.js';", true],
    ['search/a.ts', "const x = await import('../graph/dot.js');", true],
    ['search/a.ts', "import { readFileSync } from 'node:fs';", true],
    ['model/a.ts', "import { grammar } from '../../grammar/cat.ohm';", true],
    ['index.ts', "import { readSource } from './io/files.js';", true],
    ['verdict/a.ts', "import { version } from '../../package.json';", true],
    ['verdict/a.ts', "import { x } from '../search/execution.js';", false],
    ['verdict/a.ts', "import { x } from './b.js';", false],
    ['cli/a.ts', "import { readFileSync } from 'node:fs';", false],
    ['syntax/a.ts', "import { grammar } from '../../grammar/cat.ohm';", false],
    ['index.ts', "export { x } from './verdict/report.js';", false],
  ])('judge %s with %j', (path, text, forbidden) => {
    expect(violations([{ path, text }]).length > 0).toBe(forbidden);
  });
});
