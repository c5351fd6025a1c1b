import { expect, test } from 'vitest';
import { handMadeExecution } from '../explain/hand-made-execution.js';
import { evaluateExecution } from '../explain/refused-execution.js';
import { loadShippedModel } from '../model/shipped.js';
import { witnessGraph } from './from-execution.js';
import { toText } from './text.js';

function textOf(threads: string): string {
  const execution = handMadeExecution(threads);
  const model = loadShippedModel('lkmm');
  const evaluation = evaluateExecution(execution, model);
  const verdict = evaluation.failed.length === 0 ? 'allowed' : 'forbidden';
  return toText(witnessGraph(execution, model, evaluation, { test: 'test', model: 'lkmm', verdict }));
}

test('two threads with crossing arrows', () => {
  const text = textOf(`P0: lock l | W p->blocked_on=1 | smp_wmb | W p->__state=1 | unlock l
P1: R p->__state=1 | smp_rmb | R p->blocked_on=0`);
  expect(`\n${text}`).toMatchInlineSnapshot(`
    "
    test under lkmm: forbidden
    1:r0=1; 1:r1=0

    P0                                           P1
    ================================             ===================================
     a: LOCK l                         +----rf-> *e: r = READ_ONCE(p->__state) [1]
    *b: WRITE_ONCE(p->blocked_on, 1) <-+--+      *   <smp_rmb>
    *   <smp_wmb>                      |  +-fr-- *f: r = READ_ONCE(p->blocked... [0]
    *c: WRITE_ONCE(p->__state, 1)    --+
     d: UNLOCK l

    (p->blocked_on = 0) -rf-> f
    happens-before: b -smp_wmb-> c -rf-> e -smp_rmb-> f -fr-> b
    "
  `);
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});

test('three threads; an edge past a column is listed', () => {
  const text = textOf('P0: W x=1\nP1: R x=1 | W y=1\nP2: R y=1 | R x=0');
  expect(`\n${text}`).toMatchInlineSnapshot(`
    "
    test under lkmm: allowed
    1:r0=1; 2:r0=1; 2:r1=0

    P0                            P1                            P2
    ====================          ====================          ====================
     a: WRITE_ONCE(x, 1) ----rf->  b: r = READ_... [1]   +-rf->  d: r = READ_... [1]
                                   c: WRITE_ONCE(y, 1) --+       e: r = READ_... [0]

    (x = 0) -rf-> e
    e -fr-> a
    "
  `);
});
