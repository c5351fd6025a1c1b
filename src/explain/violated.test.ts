import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileModel, noIncludes } from '../model/compile.js';
import type { CompiledModel } from '../model/dag.js';
import { loadShippedModel } from '../model/shipped.js';
import { randomProgram } from '../oracle/random-programs.js';
import { candidateExecutions } from '../oracle/reference.js';
import type { Dialect } from '../program/ir.js';
import type { Execution } from '../search/execution.js';
import { renderDiagnostics } from '../text/render.js';
import { auditCycle } from './audit.js';
import type { Cycle } from './cycle.js';
import { handMadeExecution } from './hand-made-execution.js';
import { evaluateExecution } from './refused-execution.js';
import { explainViolations } from './violated.js';

/** `axiom: P0.1 -smp_wmb-> P0.3 -rf-> P1.0 ...`: thread and statement of each event. */
function showCycle(cycle: Cycle, execution: Execution): string {
  const name = (id: number): string => {
    const { thread, instruction, location } = execution.events[id]!;
    return thread < 0 ? `init ${location?.name}` : `P${thread}.${instruction}`;
  };
  let at: number | null = null;
  let text = `${cycle.axiom}:`;
  for (const edge of cycle.edges) {
    if (at !== edge.from) text += `${at === null ? '' : ' /'} ${name(edge.from)}`;
    text += ` -${edge.label}-> ${name(edge.to)}`;
    at = edge.to;
  }
  return cycle.edges.length > 0 ? text : `${text} ${cycle.events.map(name).join(' ')}`.trimEnd();
}

function explain(execution: Execution, model: CompiledModel): string[] {
  const cycles = explainViolations(execution, model, evaluateExecution(execution, model));
  for (const cycle of cycles) expect(auditCycle(cycle, execution)).toEqual([]);
  return cycles.map((cycle) => showCycle(cycle, execution));
}

function modelOf(text: string): CompiledModel {
  const { value, diagnostics } = compileModel({ name: 'test.cat', text: `"test"\n${text}` }, noIncludes);
  expect(renderDiagnostics(diagnostics)).toBe('');
  return value!;
}

interface Case {
  readonly name: string;
  readonly threads: string;
  readonly edges?: string;
  readonly dialect?: Dialect;
  readonly model: string;
  readonly expected: readonly string[];
}

const cases: readonly Case[] = [
  {
    name: 'the race is allowed',
    threads: `P0: lock l | W b=1 | W s=1 | smp_mb | unlock l
P1: lock m | R s=1 | smp_rmb | R b=0 | unlock m`,
    model: 'lkmm',
    expected: [],
  },
  {
    name: 'fences between are single edges',
    threads: `P0: W b=1 | smp_wmb | W s=1
P1: R s=1 | smp_rmb | R b=0`,
    model: 'lkmm',
    expected: ['happens-before: P0.0 -smp_wmb-> P0.2 -rf-> P1.0 -smp_rmb-> P1.2 -fr-> P0.0'],
  },
  {
    name: 'release and acquire are named',
    threads: `P0: W b=1 | W s=1 release
P1: R s=1 acquire | R b=0`,
    model: 'lkmm',
    expected: ['happens-before: P0.0 -release-> P0.1 -rf-> P1.0 -acquire-> P1.1 -fr-> P0.0'],
  },
  {
    name: 'a section is one edge, against its direction',
    threads: `P0: rcu_read_lock | R x=1 | R y=0 | rcu_read_unlock
P1: W y=1 | synchronize_rcu | W x=1`,
    model: 'lkmm',
    expected: [
      'rcu: P0.0 -po-> P0.2 -fr-> P1.0 -synchronize_rcu-> P1.2 -rf-> P0.1 -po-> P0.3 -rcu-section^-1-> P0.0',
    ],
  },
  {
    name: 'store buffering needs the propagation axiom',
    threads: `P0: W x=1 | smp_mb | R y=0
P1: W y=1 | smp_mb | R x=0`,
    model: 'lkmm',
    expected: ['propagation: P0.0 -smp_mb-> P0.2 -fr-> P1.0 -smp_mb-> P1.2 -fr-> P0.0'],
  },
  {
    name: 'the hand-over of a lock',
    threads: `P0: lock l | W b=1 | unlock l
P1: lock l | R b=0 | unlock l`,
    model: 'lkmm',
    expected: ['happens-before: P0.1 -unlock-> P0.2 -rf-> P1.0 -lock-> P1.1 -fr-> P0.1'],
  },
  {
    name: 'dependencies',
    threads: `P0: R x=1 | W y=1
P1: R y=1 | W x=1`,
    edges: 'data 0.0>0.1 ctrl 1.0>1.1',
    model: 'lkmm',
    expected: ['happens-before: P0.0 -data-> P0.1 -rf-> P1.0 -ctrl-> P1.1 -rf-> P0.0'],
  },
  {
    name: 'coherence of one location',
    threads: `P0: W x=1 | W x=2
P1: R x=2 | R x=1`,
    model: 'lkmm',
    expected: ['coherence: P0.1 -rf-> P1.0 -po-loc-> P1.1 -fr-> P0.1'],
  },
  {
    name: 'instructions stand beside the fence they came from',
    threads: `P0: W b=1 | smp_wmb | W s=1
P1: R s=1 | smp_rmb | R b=0`,
    dialect: 'arm64',
    model: 'arm64',
    expected: [
      'external-visibility: P0.0 -smp_wmb (dmb ishst)-> P0.2 -rf-> P1.0 -smp_rmb (dmb ishld)-> P1.2 -fr-> P0.0',
    ],
  },
  {
    name: 'x86 keeps program order but store to load',
    threads: `P0: W b=1 | W s=1
P1: R s=1 | R b=0`,
    dialect: 'x86',
    model: 'x86',
    expected: ['total-store-order: P0.0 -ppo-> P0.1 -rf-> P1.0 -ppo-> P1.1 -fr-> P0.0'],
  },
  {
    name: 'a fence that the model does not look at is not part of the argument',
    threads: `P0: W b=1 | smp_wmb | W s=1
P1: R s=1 | R b=0`,
    model: 'sc',
    expected: ['sc: P0.0 -po-> P0.2 -rf-> P1.0 -po-> P1.1 -fr-> P0.0'],
  },
];

describe('violated checks of the shipped models', () => {
  test.each(cases)('$name', ({ threads, edges = '', dialect = 'lkmm', model, expected }) => {
    const execution = handMadeExecution(threads, { edges, dialect });
    expect(explain(execution, loadShippedModel(model))).toEqual(expected);
  });
});

describe('checks of any model', () => {
  const messagePassing = handMadeExecution('P0: W x=1 | W y=1\nP1: R y=1 | R x=0');
  const small: readonly [string, string, readonly string[]][] = [
    [
      'an irreflexive relation',
      'irreflexive po ; rf ; po ; fr as loop',
      ['loop: P0.0 -po-> P0.1 -rf-> P1.0 -po-> P1.1 -fr-> P0.0'],
    ],
    [
      'an intersection that must be empty',
      'empty (po ; rf) & (co | fr | po ; rf) as none',
      ['none: P0.0 -po-> P0.1 -rf-> P1.0 / P0.0 -po-> P0.1 -rf-> P1.0'],
    ],
    ['a set that must be empty', 'empty range(rf) & domain(fr) as none', ['none: P1.1']],
    ['a cycle that must exist', '~acyclic po as some', ['some:']],
    [
      'a relation read backwards',
      'irreflexive po ; rf ; po ; (co^-1 ; rf)^-1 as loop',
      ['loop: P0.0 -po-> P0.1 -rf-> P1.0 -po-> P1.1 -fr-> P0.0'],
    ],
    [
      'a recursion',
      'let rec hb = po | rf | fr | (hb ; hb)\nirreflexive hb as closed',
      ['closed: P0.0 -po-> P0.1 -rf-> P1.0 -po-> P1.1 -fr-> P0.0'],
    ],
    [
      'two that need each other',
      'let rec a = po | (b ; po) and b = (a ; rf) | (a ; fr)\nirreflexive b as closed',
      ['closed: P0.0 -po-> P0.1 -rf-> P1.0 -po-> P1.1 -fr-> P0.0'],
    ],
    [
      'a definition that narrows program order names it',
      'let ordered = po \\ (W * R)\nacyclic ordered | rf | fr as order',
      ['order: P0.0 -ordered-> P0.1 -rf-> P1.0 -ordered-> P1.1 -fr-> P0.0'],
    ],
    [
      'a product is no fact but explains',
      'let all = W * R\nacyclic all | fr as square',
      ['square: P0.0 -all-> P1.1 -fr-> P0.0'],
    ],
  ];
  test.each(small)('%s', (_, text, expected) => {
    expect(explain(messagePassing, modelOf(text))).toEqual(expected);
  });

  test('atomicity, as a pair with both sides', () => {
    const execution = handMadeExecution('P0: W x=1\nP1: lock x');
    const model = modelOf('empty rmw & (fr ; co) as atomic');
    expect(explain(execution, model)).toEqual(['atomic: P1.0 -rmw-> P1.0 / P1.0 -fr-> P0.0 -co-> P1.0']);
  });
});

describe('every refused candidate of random programs has an argument that passes the audit', () => {
  const models: readonly [string, Dialect][] = [
    ['lkmm', 'lkmm'],
    ['arm64', 'arm64'],
    ['x86', 'x86'],
    ['sc', 'lkmm'],
  ];
  test.each(models)('%s', (name, dialect) => {
    const model = loadShippedModel(name);
    let refused = 0;
    const property = fc.property(randomProgram(dialect), (program) => {
      let left = 6;
      for (const execution of candidateExecutions(program, 2).executions) {
        const evaluation = evaluateExecution(execution, model);
        if (evaluation.failed.length === 0) continue;
        const cycles = explainViolations(execution, model, evaluation);
        expect(cycles.map((cycle) => cycle.axiom)).toEqual(evaluation.failed.map((check) => check.name));
        for (const cycle of cycles) {
          expect(auditCycle(cycle, execution)).toEqual([]);
          expect(cycle.edges.filter((edge) => edge.kind === 'other')).toEqual([]);
        }
        refused++;
        if (--left === 0) break;
      }
    });
    fc.assert(property, { seed: 20260701, numRuns: 60 });
    expect(refused).toBeGreaterThan(60);
  });
});
