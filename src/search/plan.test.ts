/** What is said of a model before any program is there. */
import { describe, expect, test } from 'vitest';
import { compileText } from '../oracle/agreement.js';
import { planFor } from './plan-for.js';

/** Of a model with one check: whether its relation only grows when threads go on. */
function grows(text: string): boolean {
  const plan = planFor(compileText(text, 'lkmm'));
  return plan.persistent.has(plan.model.checks[0]!.node);
}

describe('what a check violates in an execution that is begun', () => {
  test.each([
    'empty rf ; co',
    'empty (po | rf)+ & id',
    'empty [domain(rf)]',
    'empty rf \\ po',
    'empty ~po & rf',
    'empty R & RMW',
    'empty domain(rf) \\ W',
    'let rec r = rf | (r ; r) empty r',
  ])('it violates for good: %s', (text) => {
    expect(grows(text)).toBe(true);
  });

  test.each([
    'empty rf \\ (po ; po)',
    'empty po \\ rf+',
    'empty ~(rf ; co)',
    'empty R \\ domain(po)',
    'empty R \\ range(rf)',
    'empty [W] \\ [domain(rf)]',
    // a load-exclusive is of none before its store is there
    'empty R \\ RMW',
    'empty ~RMW & R',
    // what is last may not stay so
    'empty [FW]',
    'empty co0',
    'empty (rf \\ (po ; po)) | co',
    'let rec r = po | (r ; r) empty rf \\ r',
  ])('more events may make it hold: %s', (text) => {
    expect(grows(text)).toBe(false);
  });
});
