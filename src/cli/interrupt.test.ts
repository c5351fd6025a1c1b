import { describe, expect, it } from 'vitest';
import { atWorkText, type Interrupt, interruptText } from './interrupt.js';

const interrupted = (...atWork: readonly string[]): Interrupt => ({ signal: 'SIGINT', atWork });

describe('what an interrupt says', () => {
  it('names the files that were being worked on, and how far they were', () => {
    const text = interruptText(interrupted('a.litmus: sc 12 s', 'b.litmus'), 7, 9, 'files');
    expect(text).toBe(
      'interrupted, with 7 of 9 files open\n  at work: a.litmus: sc 12 s\n  at work: b.litmus\n',
    );
  });

  it('names the first of many', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const lines = (count: number) => names.slice(0, count).map((name) => `  at work: ${name}\n`);
    expect(atWorkText(interrupted(...names.slice(0, 4)))).toBe(lines(4).join(''));
    expect(atWorkText(interrupted(...names))).toBe(`${lines(4).join('')}  and 2 more\n`);
  });

  it('names none where there is but one, or none was begun', () => {
    expect(interruptText(interrupted('a.litmus'), 1, 1, 'files')).toBe(
      'interrupted, with 1 of 1 files open\n',
    );
    expect(interruptText(interrupted(), 2, 3, 'tests')).toBe('interrupted, with 2 of 3 tests open\n');
  });
});
