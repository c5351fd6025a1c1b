/**
 * Formatting keeps the meaning of every test there is: ours, and the public collections where they lie beside the repository.
 * The formatter itself checks that the tree is the same (syntax/format.ts); here the programs are compared as well.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatLitmus } from '../syntax/format.js';
import type { SourceFile } from '../text/source.js';
import { prepareTest } from './prepare-test.js';

interface Collection {
  readonly name: string;
  readonly folder: URL;
  /** At least so many files parse. */
  readonly parsed: number;
  /** One in so many files is formatted again, and its programs are compared: parsing thousands takes its time. */
  readonly step: number;
}

const root = new URL('../../', import.meta.url);

const collections: readonly Collection[] = [
  { name: 'litmus', folder: new URL('litmus/', root), parsed: 40, step: 1 },
  { name: 'the catalogue', folder: new URL('../shared/catalogue/', root), parsed: 165, step: 2 },
  { name: 'the public collections', folder: new URL('../shared/conformance/', root), parsed: 1540, step: 5 },
];

const present = collections.filter(({ folder }) => existsSync(folder));
for (const { name, folder } of collections.filter((collection) => !present.includes(collection)))
  console.warn(`skipped: ${name}: not there (${folder.pathname})`);

function readTests(folder: URL): SourceFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.litmus'))
    .sort()
    .map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') }));
}

/** The program without the places in the file that its parts come from. */
function programText(source: SourceFile): string {
  const seen = new Map<object, number>();
  return JSON.stringify(prepareTest(source).value?.program ?? null, (key, value: unknown) => {
    // What messages and pictures say of a statement: its text in the file.
    if (typeof value === 'string') return key === 'text' ? value.replace(/\s+/g, '') : value;
    if (typeof value === 'bigint') return `${value}n`;
    if (typeof value !== 'object' || value === null) return value;
    if ('file' in value && 'start' in value) return 'span';
    if (value instanceof Map) return [...value];
    const number = seen.get(value);
    if (number !== undefined && !Array.isArray(value)) return number;
    seen.set(value, seen.size);
    return value;
  });
}

/** What is wrong with the formatted text of a test that parses. */
function judge(source: SourceFile, printed: string): string | null {
  if (formatLitmus({ name: source.name, text: printed }).value !== printed)
    return 'changes when formatted again';
  if (programText(source) !== programText({ name: source.name, text: printed })) return 'has another program';
  return null;
}

describe('formatted tests', () => {
  it.each(present)('of $name mean the same', ({ folder, parsed, step }) => {
    const wrong: string[] = [];
    let formatted = 0;
    readTests(folder).forEach((source, i) => {
      const { value, diagnostics } = formatLitmus(source);
      if (value === null) {
        const own = diagnostics.filter((diagnostic) => diagnostic.code === 'cannot-format');
        wrong.push(...own.map((diagnostic) => diagnostic.message));
        return;
      }
      formatted++;
      const reason = i % step === 0 ? judge(source, value) : null;
      if (reason !== null) wrong.push(`${source.name}: ${reason}`);
    });
    expect(wrong).toEqual([]);
    expect(formatted).toBeGreaterThanOrEqual(parsed);
  });

  it('may be cut and torn: nothing throws, and what is printed stays', () => {
    const texts = readTests(new URL('litmus/', root)).map((source) => source.text);
    const torn = fc
      .tuple(fc.constantFrom(...texts), fc.nat(), fc.nat(), fc.nat(60))
      .map(([text, from, to, length]) => {
        const at = from % text.length;
        const piece = text.slice(to % text.length, (to % text.length) + length);
        return text.slice(0, at) + piece + text.slice(at + (length % 7));
      });
    let formatted = 0;
    fc.assert(
      fc.property(torn, (text) => {
        const { value } = formatLitmus({ name: 't.litmus', text });
        if (value === null) return;
        formatted++;
        expect(formatLitmus({ name: 't.litmus', text: value }).value).toBe(value);
      }),
      { seed: 11, numRuns: 400 },
    );
    expect(formatted).toBeGreaterThan(20);
  });

  it('are our own ones', () => {
    for (const source of readTests(new URL('litmus/', root)))
      expect(formatLitmus(source).value, source.name).toBe(source.text);
  });
});
