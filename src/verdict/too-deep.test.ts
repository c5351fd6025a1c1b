/** What nests without end, or is endless itself, is an error with a place: in files that the parsers cannot give up halfway. */
import { expect, test } from 'vitest';
import { readMacros } from '../elaborate/def-macros.js';
import { compileModel } from '../model/compile.js';
import { parseCat } from '../syntax/cat.js';
import { prepareTest } from './prepare-test.js';

const many = 20_000;

test.each([
  ['parentheses', `"m"\nlet x = ${'('.repeat(many)}po`, 12 + many - 1],
  ['complements', `"m"\nacyclic ${'~'.repeat(many)}po`, 4],
  [
    'closures',
    `"m"\nlet a = po\nlet b = a${' ; (po'.repeat(400)}${')'.repeat(400)}${'?'.repeat(many)}`,
    null,
  ],
])('%s of a model', (_what, text, place) => {
  const { value, diagnostics, limit } = compileModel({ name: 'm.cat', text });
  expect({ value, limit }).toEqual({ value: null, limit: null });
  const deep = diagnostics.find(({ code }) => code === 'too-deep');
  expect(deep?.span?.start).toEqual(place ?? expect.any(Number));
});

test('a function that applies itself has the place of its application', () => {
  const text = '"m"\nlet w = fun x -> x x\nacyclic w w as a\n';
  const { diagnostics } = compileModel({ name: 'm.cat', text });
  const found = diagnostics.find(({ code }) => code === 'too-deep');
  expect(found?.span?.start).toBe(text.indexOf('acyclic'));
});

test('files larger than any', () => {
  const text = `"m"\n${'(* a comment *)\n'.repeat(10_000)}acyclic po\n`;
  const { value, diagnostics } = parseCat({ name: 'm.cat', text });
  expect([value, diagnostics[0]?.code, diagnostics[0]?.span?.start]).toEqual([null, 'file-too-large', 0]);
  const macros = readMacros({ name: 'm.def', text: '// a comment\n'.repeat(20_000) });
  expect([macros.value, macros.diagnostics[0]?.code]).toEqual([null, 'file-too-large']);
});

/** Functions that call each other, each with so much around the call. */
function calls(count: number, around: (call: string) => string): string {
  const functions = Array.from(
    { length: count },
    (_, i) => `static int f${i + 1}(int *p, int a)\n{\n${around(`f${i}(p, a)`)}\n}\n`,
  );
  return `C t\nstatic int f0(int *p, int a) { return a; }\n${functions.join('')}{}\nP0(int *x) { int r0 = f${count}(x, 1); }\nexists (0:r0=1)\n`;
}

test('helper functions that call each other', () => {
  const deep = prepareTest({ name: 't', text: calls(5000, (call) => `return ${call};`) });
  expect(deep.value).toBeNull();
  expect(deep.diagnostics.map(({ code, span }) => [code, span !== null])).toEqual([['too-large', true]]);
  const fine = prepareTest({ name: 't', text: calls(150, (call) => `return ${call};`) });
  expect(fine.diagnostics).toEqual([]);
});

test('helper functions that call each other from the depth', () => {
  const text = calls(190, (call) => `${'if (a) {'.repeat(120)}return ${call};${'}'.repeat(120)} return 0;`);
  const { value, diagnostics } = prepareTest({ name: 't', text });
  const codes = diagnostics.map(({ code, span }) => [code, span !== null]);
  expect([value, codes]).toEqual([null, [['too-deep', true]]]);
});
