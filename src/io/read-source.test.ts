import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { renderDiagnostics } from '../text/render.js';
import { decodeSource, MAX_BYTES, readSource } from './read-source.js';

const folder = mkdtempSync(join(tmpdir(), 'fencepost-'));
afterAll(() => rmSync(folder, { recursive: true }));

const bytes = (text: string) => new TextEncoder().encode(text);

describe('decoding', () => {
  it.each<[string, Uint8Array, string]>([
    ['plain text', bytes('C t\n'), 'C t\n'],
    ['a byte-order mark', bytes('\ufeffC t\n'), 'C t\n'],
    ['an empty file', bytes(''), ''],
    ['text beyond ASCII', bytes('(* état *)'), '(* état *)'],
  ])('accepts %s', (_, input, text) => {
    expect(decodeSource('t.litmus', input)).toEqual({ value: { name: 't.litmus', text }, diagnostics: [] });
  });

  it.each<[string, Uint8Array, string]>([
    ['an executable', Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0), 'input-binary'],
    ['Latin-1', Uint8Array.of(0x43, 0xe9, 0x20), 'input-binary'],
    ['too much', new Uint8Array(MAX_BYTES + 1).fill(32), 'input-too-large'],
  ])('refuses %s', (_, input, code) => {
    const { value, diagnostics } = decodeSource('t.litmus', input);
    expect(value).toBeNull();
    expect(diagnostics.map((d) => d.code)).toEqual([code]);
  });
});

describe('reading', () => {
  it('takes a file under the name it was given', async () => {
    const path = join(folder, 'race.litmus');
    writeFileSync(path, 'C race\n');
    expect(await readSource(path)).toEqual({ value: { name: path, text: 'C race\n' }, diagnostics: [] });
  });

  it('says why it could not, and what there is instead', async () => {
    writeFileSync(join(folder, 'race.litmus'), 'C race\n');
    const { value, diagnostics } = await readSource(join(folder, 'rcae.litmus'));
    expect(value).toBeNull();
    expect(renderDiagnostics(diagnostics)).toBe(
      `error: ${join(folder, 'rcae.litmus')}: there is no such file [cannot-read]\n  hint: did you mean \`race.litmus\`?`,
    );
    const asFile = await readSource(folder);
    expect(renderDiagnostics(asFile.diagnostics)).toBe(`error: ${folder}: this is a folder [cannot-read]`);
  });

  it('stops reading what is too large', async () => {
    const path = join(folder, 'large.litmus');
    writeFileSync(path, ' '.repeat(3 * MAX_BYTES));
    expect((await readSource(path)).diagnostics.map((d) => d.code)).toEqual(['input-too-large']);
  });
});
