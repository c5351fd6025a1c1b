/** The axiom on grace periods against a machine whose grace periods wait, and the search against the enumerator, on random RCU programs. */
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { loadShippedModel } from '../model/shipped.js';
import { beginTotals, enumerate, expectAgreement, expectSameStates } from './agreement.js';
import { stateKey } from './compare-results.js';
import { runSc } from './operational-sc.js';
import { randomRcuProgram } from './random-programs.js';
import { judgeNaively } from './reference.js';

beforeAll(beginTotals);

test('RCU: search, enumerator and machine agree; lkmm allows what the machine does', () => {
  const lkmm = loadShippedModel('lkmm');
  const sc = loadShippedModel('sc');
  let waits = 0;
  const withoutWaiting = { ...sc, checks: sc.checks.filter(({ name }) => name !== 'grace-periods') };
  fc.assert(
    fc.property(randomRcuProgram(), (program) => {
      const enumerated = enumerate(program);
      const ofMachine = expectAgreement(program, sc, enumerated);
      expectSameStates(runSc(program), ofMachine);
      const allowed = new Set(
        expectAgreement(program, lkmm, enumerated).states.map((s) => stateKey(s.values)),
      );
      for (const { values } of ofMachine.states) expect(allowed).toContain(stateKey(values));
      const unordered = judgeNaively(program, withoutWaiting, enumerated.executions, null);
      if (unordered.states.length > ofMachine.states.length) waits++;
    }),
    { seed: 104, numRuns: 400 },
  );
  // programs in which waiting forbids something
  expect(waits).toBeGreaterThan(20);
});
