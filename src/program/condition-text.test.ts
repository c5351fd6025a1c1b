import { describe, expect, it } from 'vitest';
import { showCondition } from './condition-text.js';
import type { Observable, Proposition } from './ir.js';
import { INT32 } from './value.js';

const cell = (name: string): Observable => ({
  kind: 'location',
  location: { kind: 'location', index: 0, name, type: INT32, role: 'int', initial: 0 },
  display: name,
});
const observed: readonly Observable[] = [
  { kind: 'register', thread: 1, name: 'r0', display: '1:r0' },
  cell('x'),
  cell('a[1]'),
];

const is = (index: number, value: number, op: '=' | '!=' = '='): Proposition => ({
  kind: 'compare',
  op,
  left: { kind: 'observable', index },
  right: { kind: 'value', value },
});
const join = (kind: 'and' | 'or' | 'implies', left: Proposition, right: Proposition): Proposition => ({
  kind,
  left,
  right,
});
const [a, b, c] = [is(0, 1), is(1, 2), is(2, 3)];

describe('the normal text of a condition', () => {
  it.each<[Proposition, string]>([
    [a, '1:r0=1'],
    [is(1, 2, '!='), 'not ([x]=2)'],
    [{ kind: 'not', operand: join('and', a, b) }, 'not (1:r0=1 /\\ [x]=2)'],
    [{ kind: 'constant', value: true }, 'true'],
    [join('and', join('and', a, b), c), '1:r0=1 /\\ [x]=2 /\\ a[1]=3'],
    [join('and', a, join('and', b, c)), '1:r0=1 /\\ [x]=2 /\\ a[1]=3'],
    [join('or', join('and', a, b), c), '1:r0=1 /\\ [x]=2 \\/ a[1]=3'],
    [join('and', join('or', a, b), c), '(1:r0=1 \\/ [x]=2) /\\ a[1]=3'],
    [join('implies', join('implies', a, b), c), '(1:r0=1 => [x]=2) => a[1]=3'],
    [join('implies', a, join('implies', b, c)), '1:r0=1 => [x]=2 => a[1]=3'],
    [join('implies', join('or', a, b), c), '1:r0=1 \\/ [x]=2 => a[1]=3'],
  ])('%#', (proposition, text) => {
    expect(showCondition('exists', proposition, observed)).toBe(`exists (${text})`);
  });
});
