/** Elaborates whole collections of tests: the catalogue and the public collection. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseLitmus } from '../syntax/parse.js';
import type { Diagnostic } from '../text/diagnostic.js';
import { elaborateC } from './elaborate.js';

const shared = fileURLToPath(new URL('../../../shared/', import.meta.url));

function filesIn(folder: string): string[] {
  return readdirSync(join(shared, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.litmus'))
    .sort();
}

/** What is said about a test in kernel C; null for other languages. */
function diagnose(path: string): readonly Diagnostic[] | null {
  const tree = parseLitmus({ name: path, text: readFileSync(join(shared, path), 'utf8') });
  if (tree.value === null) return tree.diagnostics;
  return tree.value.dialect === 'C' ? [...tree.diagnostics, ...elaborateC(tree.value).diagnostics] : null;
}

const isAbsent = !existsSync(shared);
if (isAbsent) console.warn('the shared collections of litmus tests are absent: elaborating them is skipped');

/** Tests that mix pointers and ints of another width in one cell. */
const mixed = [
  'manual/extra/C-lb+deref-addr-assign+deref-addr-assign.litmus',
  'manual/extra/C-lb+o-assign+deref-addr-o.litmus',
];

describe.skipIf(isAbsent)('elaboration', () => {
  it('says nothing about the catalogue', () => {
    const results = filesIn('catalogue').map((file) => diagnose(`catalogue/${file}`));
    const found = results.flatMap((result) => (result === null ? [] : [result]));
    expect(found.length).toBeGreaterThan(90);
    expect(found.flat()).toEqual([]);
  });

  it('says something only of cells of two widths in the public collection', () => {
    const codes = new Map<string, string[]>();
    for (const file of filesIn('conformance/lkmm')) {
      const said = diagnose(`conformance/lkmm/${file}`)!;
      for (const { code, severity } of said) {
        if (code === 'unset-local' && severity === 'warning') continue;
        codes.set(code, [...new Set([...(codes.get(code) ?? []), file])]);
      }
    }
    expect(Object.fromEntries(codes)).toEqual({
      'mixed-size': mixed,
      'pointer-to-int': mixed,
    });
  });
});
