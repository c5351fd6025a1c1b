import { expect, test } from 'vitest';
import { proseWords, wrapWords } from './text-layout.js';

const wrapped = (text: string, width: number): string[] => wrapWords(proseWords(text, width), width);

test('a line does not end within a call, unless the call is longer than a line', () => {
  expect(wrapped('nothing orders r0 = READ_ONCE(*(x + 1)) before WRITE_ONCE(*y, 1) here', 40)).toEqual([
    'nothing orders r0 = READ_ONCE(*(x + 1))',
    'before WRITE_ONCE(*y, 1) here',
  ]);
  expect(wrapped('of WRITE_ONCE(*y, 1) first', 16)).toEqual(['of', 'WRITE_ONCE(*y,', '1) first']);
  expect(wrapped('f(x, (as said) and WRITE_ONCE(x, 1)', 20)).toEqual([
    'f(x, (as said) and',
    'WRITE_ONCE(x, 1)',
  ]);
});
