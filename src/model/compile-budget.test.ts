/** Models of a few lines that expand to more than a machine holds. */
import { expect, test } from 'vitest';
import { compileModel, noIncludes } from './compile.js';

/** A function that is applied 2^n times: once for `first`, then each twice by the next. */
function doubling(first: string, n: number): string {
  const functions = Array.from({ length: n }, (_, i) => `let f${i + 1} r = f${i} (f${i} r)`);
  return ['"doubling"', `let f0 r = ${first}`, ...functions, `acyclic f${n} po as c`].join('\n');
}

const compile = (text: string, expired: (() => boolean) | null = null) =>
  compileModel({ name: 'm.cat', text }, noIncludes, undefined, {}, expired);

test.each([
  [doubling('r | (r ; rf)', 40), 'the model expands to more than 100000 relations'],
  [
    `"m" procedure p0() = end ${Array.from({ length: 60 }, (_, i) => `procedure p${i + 1}() = call p${i}() call p${i}() end`).join(' ')} call p60()`,
    "the model's functions expand to more than 2000000 expressions",
  ],
])('a compilation without end is cut', (text, limit) => {
  const { value, diagnostics, limit: found } = compile(text);
  expect({ value, diagnostics, found }).toEqual({ value: null, diagnostics: [], found: limit });
});

test('what is shared is no expansion', () => {
  const lets = Array.from({ length: 200 }, (_, i) => `let a${i + 1} = a${i} | (a${i} ; a${i})`);
  const { value, limit } = compile(['"shared"', 'let a0 = po', ...lets, 'acyclic a200'].join('\n'));
  expect(limit).toBeNull();
  expect(value?.nodes.length).toBeLessThan(500);
  expect(compile(doubling('r', 40)).value?.nodes.length).toBe(1);
});

test('the caller can end a compilation', () => {
  let asked = 0;
  const { value, limit } = compile(doubling('r | (r ; rf)', 40), () => ++asked === 3);
  expect(value).toBeNull();
  expect(limit).toBe('time limit, while the model is compiled');
  expect(asked).toBe(3);
});
