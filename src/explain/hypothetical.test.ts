/** A change to an execution's environment is the execution of the changed program: compared with executions made that way. */
import { describe, expect, test } from 'vitest';
import { evaluateModel } from '../model/evaluate.js';
import { loadShippedModel } from '../model/shipped.js';
import type { Dialect } from '../program/ir.js';
import { environmentOf } from '../search/execution.js';
import { handMadeExecution } from './hand-made-execution.js';
import { type Change, changed } from './hypothetical.js';

interface Case {
  readonly name: string;
  readonly model: string;
  readonly dialect: Dialect;
  readonly threads: string;
  readonly changes: readonly Change[];
  /** The changed program. */
  readonly same: string;
  readonly edges?: string;
}

const mp = (between: string): string => `P0: W x=1 |${between} W y=1\nP1: R y=1 | smp_rmb | R x=0`;
const sb = (between: string): string => `P0: W x=1 |${between} R y=0\nP1: W y=1 | smp_mb | R x=0`;

const fence = (tag: string, before: number): Change => ({ kind: 'fence', tag, before });

const cases: readonly Case[] = [
  {
    name: 'smp_wmb() between stores',
    model: 'lkmm',
    dialect: 'lkmm',
    threads: mp(''),
    changes: [fence('Wmb', 3)],
    same: mp(' smp_wmb |'),
  },
  {
    name: 'smp_rmb() between stores',
    model: 'lkmm',
    dialect: 'lkmm',
    threads: mp(''),
    changes: [fence('Rmb', 3)],
    same: mp(' smp_rmb |'),
  },
  {
    name: 'DMB ISHST between stores',
    model: 'arm64',
    dialect: 'arm64',
    threads: mp(''),
    changes: [fence('DMB.ISHST', 3)],
    same: mp(' smp_wmb |'),
  },
  {
    name: 'MFENCE between store and load',
    model: 'x86',
    dialect: 'x86',
    threads: sb(''),
    changes: [fence('MFENCE', 3)],
    same: sb(' smp_mb |'),
  },
  {
    name: 'a release store',
    model: 'lkmm',
    dialect: 'lkmm',
    threads: mp(''),
    changes: [{ kind: 'tag', tag: 'Release', event: 3 }],
    same: 'P0: W x=1 | W y=1 release\nP1: R y=1 | smp_rmb | R x=0',
  },
  {
    name: 'an acquire load and two fences',
    model: 'arm64',
    dialect: 'arm64',
    threads: 'P0: W x=1 | W y=1\nP1: R y=1 | R x=0',
    changes: [fence('DMB.ISHLD', 3), fence('DMB.ISHST', 3), { kind: 'tag', tag: 'A', event: 4 }],
    same: 'P0: W x=1 | smp_rmb | smp_wmb | W y=1\nP1: R y=1 acquire | R x=0',
  },
  {
    name: 'an address dependency',
    model: 'lkmm',
    dialect: 'lkmm',
    threads: 'P0: W x=1 | smp_wmb | W y=1\nP1: R y=1 | R x=0',
    changes: [{ kind: 'dependency', relation: 'addr', from: 5, to: 6 }],
    same: 'P0: W x=1 | smp_wmb | W y=1\nP1: R y=1 | R x=0',
    edges: 'addr 1.0>1.1',
  },
];

describe('a changed environment is refused by what refuses the changed program', () => {
  test.each(cases)('$name', ({ model, dialect, threads, changes, same, edges = '' }) => {
    const compiled = loadShippedModel(model);
    const before = environmentOf(handMadeExecution(threads, { dialect }));
    const hypothetical = evaluateModel(compiled, changed(before, changes));
    const real = evaluateModel(compiled, environmentOf(handMadeExecution(same, { dialect, edges })));
    expect(evaluateModel(compiled, before).failed).toEqual([]);
    expect(hypothetical.failed.map(({ name }) => name)).toEqual(real.failed.map(({ name }) => name));
  });
});
