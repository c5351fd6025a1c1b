/** The audit against explanations that are right, and against each of them with something changed: no change may pass. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CompiledModel } from '../model/dag.js';
import { loadShippedModel } from '../model/shipped.js';
import { randomProgram } from '../oracle/random-programs.js';
import type { Dialect } from '../program/ir.js';
import { defaultSearchOptions } from '../search/search.js';
import { auditArgument } from './audit-explanation.js';
import type { Cycle, CycleEdge, EdgeKind } from './cycle.js';
import type { Derivation } from './derive.js';
import { argumentOf, explainForbidden } from './explain-forbidden.js';
import type { Argument } from './explanation.js';
import { handMadeExecution } from './hand-made-execution.js';
import { NaiveValues } from './naive-values.js';
import { evaluateExecution } from './refused-execution.js';
import { explainViolations } from './violated.js';

/** The arguments against a hand-made execution, which the model refuses. */
function argumentsAgainst(threads: string, model: CompiledModel, dialect: Dialect, edges = ''): Argument[] {
  const execution = handMadeExecution(threads, { dialect, edges });
  const evaluation = evaluateExecution(execution, model);
  return explainViolations(execution, model, evaluation).map((cycle, at) =>
    argumentOf({ execution, check: evaluation.failed[at]!, cycle, violations: 1 }),
  );
}

interface Mutant {
  readonly what: string;
  readonly argument: Argument;
}

const kinds: readonly EdgeKind[] = [
  'po',
  'fence',
  'rf',
  'co',
  'fr',
  'addr',
  'data',
  'ctrl',
  'rmw',
  'section',
];

/** Other edges that none of the facts here are: another kind, other ends, another fence, the other direction. */
function otherEdges(edge: CycleEdge, n: number): [string, CycleEdge][] {
  const shifted = (id: number): number => (id + 1) % n;
  const changes: [string, CycleEdge][] = [
    ...kinds
      // a section is in program order, too
      .filter((kind) => kind !== edge.kind && !(edge.kind === 'section' && kind === 'po'))
      .map((kind): [string, CycleEdge] => [kind, { ...edge, kind }]),
    ['swapped', { ...edge, from: edge.to, to: edge.from }],
    ['from another event', { ...edge, from: shifted(edge.from) }],
    ['to another event', { ...edge, to: shifted(edge.to) }],
    ['backwards', { ...edge, reversed: !edge.reversed }],
  ];
  if (edge.via !== null) {
    changes.push(['another fence', { ...edge, via: shifted(edge.via) }]);
    changes.push(['no fence', { ...edge, via: null }]);
    changes.push(['a fence of another name', { ...edge, label: 'smp_unheard_of' }]);
  }
  if (edge.kind === 'po') {
    const isRelease = edge.label === 'release' || edge.label === 'unlock';
    changes.push(['another reason', { ...edge, label: isRelease ? 'acquire' : 'release' }]);
    changes.push(['a reason of no model', { ...edge, label: 'because' }]);
  }
  return changes;
}

/** The argument again from another cycle, with the sentences and derivations that go with it: a lie that is consistent. */
function withCycle({ execution, check }: Argument, cycle: Cycle): Argument {
  return argumentOf({ execution, check, cycle, violations: 1 });
}

function* mutantsOf(argument: Argument): Generator<Mutant> {
  const { cycle, sentences, execution, check } = argument;
  const { edges } = cycle;
  const n = execution.events.length;
  for (const [at, edge] of edges.entries()) {
    for (const [what, other] of otherEdges(edge, n))
      yield {
        what: `edge ${at} ${what}`,
        argument: withCycle(argument, { ...cycle, edges: edges.with(at, other) }),
      };
    const fewer: Cycle = { ...cycle, edges: edges.toSpliced(at, 1) };
    yield {
      what: `step ${at} left out`,
      argument: withCycle(argument, fewer),
    };
    const other = sentences[(at + 1) % sentences.length]!;
    if (sentences.length > 1) {
      yield {
        what: `sentence ${at} of another step`,
        argument: { ...argument, sentences: sentences.with(at, other) },
      };
      const borrowed = { ...sentences[at]!, derivation: other.derivation };
      yield {
        what: `derivation ${at} of another step`,
        argument: { ...argument, sentences: sentences.with(at, borrowed) },
      };
    }
    const underived = { ...sentences[at]!, derivation: null };
    yield {
      what: `step ${at} underived`,
      argument: { ...argument, sentences: sentences.with(at, underived) },
    };
    const lie = { ...sentences[at]!, text: `${sentences[at]!.text}!` };
    yield { what: `text ${at}`, argument: { ...argument, sentences: sentences.with(at, lie) } };
  }
  yield { what: 'no derivation', argument: withCycle(argument, { ...cycle, derivations: [] }) };
  for (const [at, derivation] of cycle.derivations.entries())
    for (const [what, other] of mutatedDerivations(derivation, n).filter((_, index) => index % 3 === 0))
      yield {
        what: `derivation ${at}: ${what}`,
        argument: withCycle(argument, { ...cycle, derivations: cycle.derivations.with(at, other) }),
      };
  yield { what: 'a check of no model', argument: { ...argument, check: { ...check } } };
  yield {
    what: 'an event more',
    argument: { ...argument, cycle: { ...cycle, events: [...cycle.events, n - 1, n] } },
  };
}

/** The derivation with one of its nodes changed: every node, in every way. */
function mutatedDerivations(derivation: Derivation, n: number): [string, Derivation][] {
  const { rule, from, to, fact, name, parts, sets } = derivation;
  const here: [string, Derivation][] = [
    [`${rule} from elsewhere`, { ...derivation, from: (from + 1) % n }],
    [`${rule} to elsewhere`, { ...derivation, to: (to + 1) % n }],
    [`${rule} unexplained`, { ...derivation, rule: 'unexplained', parts: [] }],
    [`${rule} renamed`, { ...derivation, name: `${name ?? ''}-not` }],
  ];
  if (fact !== null)
    here.push([`${fact} as another fact`, { ...derivation, fact: fact === 'po' ? 'rf' : 'po' }]);
  if (parts.length > 0 && rule !== 'test')
    here.push([`${rule} without a part`, { ...derivation, parts: parts.slice(1) }]);
  if (rule === 'test')
    here.push(['in a set of no event', { ...derivation, sets: [...sets, 'Noreturn', 'NT', 'NoRet'] }]);
  const below = parts.flatMap((part, at) =>
    mutatedDerivations(part, n).map(([what, other]): [string, Derivation] => [
      what,
      { ...derivation, parts: parts.with(at, other) },
    ]),
  );
  return [...here, ...below];
}

const cases: readonly [string, string, Dialect, string, string?][] = [
  ['fences', 'P0: W b=1 | smp_wmb | W s=1\nP1: R s=1 | smp_rmb | R b=0', 'lkmm', 'lkmm'],
  ['release and acquire', 'P0: W b=1 | W s=1 release\nP1: R s=1 acquire | R b=0', 'lkmm', 'lkmm'],
  ['locks', 'P0: lock l | W b=1 | unlock l\nP1: lock l | R b=0 | unlock l', 'lkmm', 'lkmm'],
  [
    'a grace period',
    'P0: rcu_read_lock | R x=1 | R y=0 | rcu_read_unlock\nP1: W y=1 | synchronize_rcu | W x=1',
    'lkmm',
    'lkmm',
  ],
  ['dependencies', 'P0: R x=1 | W y=1\nP1: R y=1 | W x=1', 'lkmm', 'lkmm', 'data 0.0>0.1 ctrl 1.0>1.1'],
  ['coherence', 'P0: W x=1 | W x=2\nP1: R x=2 | R x=1', 'lkmm', 'lkmm'],
  ['strong fences', 'P0: W x=1 | smp_mb | R y=0\nP1: W y=1 | smp_mb | R x=0', 'lkmm', 'lkmm'],
  ['arm64', 'P0: W b=1 | smp_wmb | W s=1 release\nP1: R s=1 acquire | R b=0', 'arm64', 'arm64'],
  ['x86', 'P0: W b=1 | W s=1\nP1: R s=1 | R b=0', 'x86', 'x86'],
  ['plain accesses', 'P0: W b=1 plain | smp_wmb | W s=1\nP1: R s=1 | smp_rmb | R b=0 plain', 'lkmm', 'lkmm'],
];

describe('an argument with something changed does not pass', () => {
  test.each(cases)('%s', (_, threads, dialect, name, edges = '') => {
    const model = loadShippedModel(name);
    const found = argumentsAgainst(threads, model, dialect, edges);
    expect(found.length).toBeGreaterThan(0);
    for (const argument of found) {
      expect(auditArgument(argument, model, true).faults).toEqual([]);
      const values = new NaiveValues(model, argument.execution);
      const mutants = [...mutantsOf(argument)];
      expect(mutants.length).toBeGreaterThan(30);
      const missed = mutants.filter(
        (mutant) => auditArgument(mutant.argument, model, true, values).faults.length === 0,
      );
      expect(missed.map(({ what }) => what)).toEqual([]);
    }
  });

  test('nor one against an execution that the model allows, or that ends otherwise', () => {
    const model = loadShippedModel('lkmm');
    const [argument] = argumentsAgainst(cases[0]![1], model, 'lkmm');
    const allowed = handMadeExecution(
      'P0: W b=1 | barrier | W s=1\nP1: R s=1 | smp_rmb | R b=0'.replace('barrier', 'smp_rmb'),
    );
    expect(auditArgument({ ...argument!, execution: allowed }, model, true).faults).toContain(
      'happens-before does not refuse the execution',
    );
    expect(auditArgument(argument!, model, false).faults).toContain('it does not end in the outcome');
  });
});

describe('every argument against an outcome of a random program passes the audit', () => {
  const models: readonly [string, Dialect][] = [
    ['lkmm', 'lkmm'],
    ['arm64', 'arm64'],
    ['x86', 'x86'],
    ['sc', 'arm64'],
  ];
  test.each(models)('%s', (name, dialect) => {
    const model = loadShippedModel(name);
    let audited = 0;
    const property = fc.property(randomProgram(dialect), fc.boolean(), (program, satisfies) => {
      const wanted = { program, satisfies };
      for (const argument of explainForbidden(wanted, model, defaultSearchOptions, 2).arguments) {
        expect(auditArgument(argument, model, satisfies).faults).toEqual([]);
        audited++;
      }
    });
    fc.assert(property, { seed: 20260703, numRuns: 25 });
    expect(audited).toBeGreaterThan(2);
  });
});
