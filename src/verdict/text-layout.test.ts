import { expect, test } from 'vitest';
import { wrapProse } from './text-layout.js';

test('a line does not end within a call, unless the call is longer than a line', () => {
  expect(wrapProse('nothing orders r0 = READ_ONCE(*(x + 1)) before WRITE_ONCE(*y, 1) here', 40)).toEqual([
    'nothing orders r0 = READ_ONCE(*(x + 1))',
    'before WRITE_ONCE(*y, 1) here',
  ]);
  expect(wrapProse('of WRITE_ONCE(*y, 1) first', 16)).toEqual(['of', 'WRITE_ONCE(*y,', '1) first']);
  expect(wrapProse('f(x, (as said) and WRITE_ONCE(x, 1)', 20)).toEqual([
    'f(x, (as said) and',
    'WRITE_ONCE(x, 1)',
  ]);
});
