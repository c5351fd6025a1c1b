import { expect, it } from 'vitest';
import { shellWord } from './shell-word.js';

it.each([
  ['tests/mp.litmus', 'tests/mp.litmus'],
  ['tests/wait wake/wake.litmus', "'tests/wait wake/wake.litmus'"],
  ["o'clock", "'o'\\''clock'"],
  ['a*;b', "'a*;b'"],
  ['', "''"],
])('%s is written %s', (word, text) => {
  expect(shellWord(word)).toBe(text);
});
