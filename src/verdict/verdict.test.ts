import { describe, expect, it } from 'vitest';
import type { Quantifier } from '../program/ir.js';
import { type Sample, sampleRun } from './sample-report.js';
import { type Answer, decideAnswer, type Verdict } from './verdict.js';

/** `+` a satisfying state, `-` another; `!` a limit, `.` with which it is known what kinds of states there are: those that stand here. */
function runOf(notation: string, quantifier: Quantifier = 'exists') {
  const states = [...notation]
    .filter((c) => c === '+' || c === '-')
    .map((c, i) => ({ values: [i], satisfies: c === '+' }));
  const sample: Sample = { observed: ['x'], states, quantifier };
  const kinds = { satisfying: notation.includes('+'), other: notation.includes('-') };
  const known = notation.includes('.') ? { kinds } : {};
  return sampleRun(notation.includes('!') ? { ...sample, limit: 'timeout', ...known } : sample);
}

describe('the verdict', () => {
  it.each<[string, Verdict]>([
    ['', 'Deadlock'],
    ['+', 'Always'],
    ['++', 'Always'],
    ['-', 'Never'],
    ['+-', 'Sometimes'],
    ['-+', 'Sometimes'],
    // A limit: what was found is certain, what was not found is open.
    ['!', 'Unknown'],
    ['+!', 'Unknown'],
    ['-!', 'Unknown'],
    ['+-!', 'Sometimes'],
    ['!.', 'Deadlock'],
    ['+!.', 'Always'],
    ['-!.', 'Never'],
  ])('of states %j is %s, whatever the quantifier', (notation, verdict) => {
    for (const quantifier of ['exists', '~exists', 'forall'] as const)
      expect(runOf(notation, quantifier).verdict).toBe(verdict);
  });
});

describe('the answer', () => {
  it.each<[Quantifier, string, Answer]>([
    ['exists', '+', 'yes'],
    ['exists', '+-', 'yes'],
    ['exists', '-', 'no'],
    ['exists', '', 'open'],
    ['exists', '+!', 'yes'],
    ['exists', '-!', 'open'],
    ['~exists', '+', 'no'],
    ['~exists', '+-!', 'no'],
    ['~exists', '-', 'yes'],
    ['~exists', '-!', 'open'],
    ['forall', '+', 'yes'],
    ['forall', '+-', 'no'],
    ['forall', '-!', 'no'],
    ['forall', '+!', 'open'],
    ['forall', '!', 'open'],
    ['exists', '-!.', 'no'],
    ['~exists', '-!.', 'yes'],
    ['forall', '+!.', 'yes'],
    ['exists', '!.', 'open'],
  ])('to %s of %j is %s', (quantifier, notation, answer) => {
    expect(decideAnswer(quantifier, runOf(notation).result)).toBe(answer);
  });
});
