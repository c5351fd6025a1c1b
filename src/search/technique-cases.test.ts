/** Programs and models that told techniques from the enumerator once, or were made to; random ones meet them seldom. */
import { expect, test } from 'vitest';
import { compileText, enumerate, searchAll } from '../oracle/agreement.js';
import { compareResults } from '../oracle/compare-results.js';
import { buildProgram, constant, type Statement } from '../oracle/program-plan.js';
import { judgeNaively } from '../oracle/reference.js';
import { orderingFor } from '../oracle/reference-choices.js';
import type { Dialect, Program, Proposition } from '../program/ir.js';
import { INT32 } from '../program/value.js';
import { allTechniques, type Techniques, techniqueNames } from './techniques.js';

const at = (cell: number) => ({ cell, chosenBy: null });
const read = (dst: string, cell: number): Statement => ({
  kind: 'load',
  dst,
  place: at(cell),
  style: 0,
  unsigned: false,
});
const write = (cell: number, value: number): Statement => ({
  kind: 'store',
  place: at(cell),
  value: constant(value),
  style: 0,
});
const compareAndSwap = (cell: number, expected: number, value: number): Statement & { kind: 'rmw' } => ({
  kind: 'rmw',
  shape: 'compare',
  dst: null,
  place: at(cell),
  operand: constant(value),
  expected,
  style: 0,
});
/** With a register for what is expected: the last one assigned. */
const swapIfRead = (dst: string, cell: number): Statement => ({
  ...compareAndSwap(cell, 0, 1),
  dst,
  style: 1,
});
const copy = (cell: number, name: string): Statement => ({
  kind: 'store',
  place: at(cell),
  value: { kind: 'register', name },
  style: 0,
});
/** Stores 1 to the second cell in each turn. */
const waitFor = (cell: number, expected: number): Statement => ({
  kind: 'wait',
  dst: 'r0',
  cell,
  announced: { cell: 1, value: 1 },
  expected,
  style: 0,
});
/** A load-exclusive that has to read this, something between, and a store-exclusive that has to succeed. */
const exclusive = (loaded: number, stored: number, between: Statement | null, expected = 0): Statement[] => [
  {
    kind: 'exclusive',
    unpaired: false,
    dst: 'r0',
    cells: { loaded, stored },
    between,
    value: constant(2),
    style: 0,
    after: 'assume',
  },
  {
    kind: 'assume',
    condition: {
      kind: 'binary',
      op: '==',
      left: { kind: 'register', name: 'r0' },
      right: constant(expected),
      type: INT32,
    },
  },
];
const locked = (...body: Statement[]): Statement => ({ kind: 'critical', body });
const tried = (...body: Statement[]): Statement => ({ kind: 'trylock', body });

function programFor(dialect: Dialect, threads: readonly (readonly Statement[])[]): Program {
  return buildProgram({ dialect, threads, cells: [0, 0], nullPointer: false });
}

function program(...threads: readonly (readonly Statement[])[]): Program {
  return programFor('lkmm', threads);
}

const twoWrites = program([write(0, 1), write(0, 2)], [read('r0', 0), read('r1', 0)]);

/** Observes the first register only, and filters nothing out. */
function filtered(of: Program): Program {
  const index = { kind: 'observable', index: 0 } as const;
  const filter = { kind: 'compare', op: '!=', left: index, right: { kind: 'value', value: 5 } } as const;
  return { ...of, observed: of.observed.slice(0, 1), filter };
}

function isEqual(index: number, value: number): Proposition {
  const left = { kind: 'observable', index } as const;
  return { kind: 'compare', op: '=', left, right: { kind: 'value', value } };
}

/** Of two threads that read alike, the first reads 1 and the second 0. */
const firstSeesIt: Proposition = { kind: 'and', left: isEqual(0, 1), right: isEqual(1, 0) };

/** Threads 0 and 1 do the same; what is asked of them need not be. */
const equalReaders = program([read('r0', 0)], [read('r0', 0)], [write(0, 1)]);
const equalWriters = program([read('r0', 0), write(0, 1)], [read('r0', 0), write(0, 1)]);

/** No pointer tells the cells apart, what they hold at first may. */
function withCells(cells: readonly number[], ...threads: readonly (readonly Statement[])[]): Program {
  return buildProgram({ dialect: 'lkmm', threads, cells, nullPointer: true });
}

function asking(of: Program, proposition: Proposition): Program {
  return { ...of, condition: { ...of.condition, proposition } };
}

const techniques: readonly Partial<Techniques>[] = [
  {},
  Object.fromEntries(techniqueNames.map((name) => [name, false])),
  ...techniqueNames.map((name) => ({ ...allTechniques, [name]: false })),
];

const coherent = 'acyclic po-loc | com as coherence';
const atomic = 'empty rmw & ((fr & ext) ; (co & ext)) as atomic';
const ownCoherence = 'let W = W & M include "cos.cat"';

test.each<[string, Program, string]>([
  // A recursion that has no fixpoint on a part of a candidate, and a function that does not end on it.
  ['unread', twoWrites, `${coherent} let rec a = [R \\ range(rf)] \\ a empty a`],
  ['two sources', twoWrites, `${coherent} let rec a = ([R] & (rf^-1 ; rf ; ext)) \\ a empty a`],
  [
    'endless',
    twoWrites,
    `${coherent} let rec f s = match s with || {} -> 0 || e ++ es -> f s end empty f (R \\ range(rf))`,
  ],
  // Equal threads of which different things are asked.
  ['filtered readers', { ...equalReaders, filter: firstSeesIt }, coherent],
  ['filtered writers', { ...equalWriters, filter: firstSeesIt }, coherent],
  ['other initial values', withCells([0, 1], [read('r0', 0)], [read('r0', 1)]), coherent],
  // the pointer holds the address of the first cell
  ['an own cell that is pointed to', program([read('r0', 0)], [read('r0', 1)]), coherent],
  [
    'own writes in any order',
    withCells([0, 0], [write(0, 1), write(0, 2)], [write(1, 1), write(1, 2)]),
    'acyclic rf',
  ],
  ['readers asked apart', asking(equalReaders, firstSeesIt), coherent],
  ['writers asked apart', asking(equalWriters, firstSeesIt), coherent],
  // What is negated or subtracted shrinks as a candidate grows.
  ['negated', twoWrites, `${coherent} ~empty (co \\ (po ; co)) & ext as some`],
  ['negated flag', twoWrites, `${coherent} flag ~acyclic po | (rf \\ (rf ; po)) as cycle`],
  ['complement', twoWrites, `${coherent} irreflexive (R * IW) ; (loc & ~rf) as initial`],
  ['complement of a closure', twoWrites, `${coherent} empty ([IW] ; (~((rf | co)+)) ; [R]) & loc as reached`],
  ['twice a complement', twoWrites, `${coherent} flag ~empty [R] ; (~(~(rf^-1 ; rf) | po^-1)) ; [R] as same`],
  // A flag that only the second of two executions that end alike raises; the first is allowed as a part.
  [
    'late flag',
    filtered(program([write(0, 1)], [read('r0', 0), read('r1', 0)])),
    'acyclic po | rf flag ~empty ([W \\ IW] ; rf ; [R \\ domain(po)]) as late',
  ],
  // Where the model orders locks, their events are no accesses and have values; a trylock fails if the model lets it.
  ['lock values', program([locked(write(0, 1))]), `${ownCoherence} empty [LKR] ; different-value ; [LKW]`],
  ['other values', program([locked(write(0, 1))]), `${ownCoherence} ~empty [LKR] ; different-value ; [LKW]`],
  ['failing trylock', program([tried(write(0, 1))]), `${ownCoherence} acyclic po | co`],
  // Final writes are chosen before coherence, which may have others.
  [
    'final writes',
    program([write(0, 1)], [write(0, 2)]),
    'with co from linearisations(W, IW * (W \\ IW)) acyclic co | po flag ~empty [FW] ; co ; [W \\ IW] as early',
  ],
  // Each way to choose is an execution, whatever is asked of it; where there is none, there is no execution.
  [
    'a choice that no check asks about',
    program([write(0, 1), read('r0', 0)], [write(1, 1)], [read('r1', 0)]),
    `${coherent} with o from linearisations(W \\ IW, 0)`,
  ],
  [
    'no choice',
    program([write(0, 1), write(0, 2)], [read('r0', 0)]),
    `${coherent} let both = po & (W * W) with o from linearisations(W \\ IW, both | both^-1)`,
  ],
  // What a model demands of dependencies, of which the ways of a compare-and-swap have more or fewer.
  [
    'demanded picks',
    programFor('arm64', [[read('r1', 0), swapIfRead('r0', 1), copy(0, 'r0')], [write(0, 2)]]),
    `${coherent} empty rmw ~empty pick-data as picks`,
  ],
  // A check that only further turns of a loop satisfy.
  [
    'a loop cut off',
    program([waitFor(0, 1)], [write(0, 1)]),
    `${coherent} let next = co & po ~empty next ; next ; next as turns`,
  ],
  [
    'a barrier after a loop',
    program([waitFor(0, 1), { kind: 'fence', style: 0 }], [write(0, 1)]),
    `${coherent} ~empty F as fenced`,
  ],
  // Where several swap what is there at first, one does, unless it comes back or the model lets them meet.
  [
    'one swap of three',
    program([compareAndSwap(0, 0, 1)], [compareAndSwap(0, 0, 2)], [compareAndSwap(0, 0, 3)]),
    `${coherent} ${atomic}`,
  ],
  [
    'a swap and back',
    program([compareAndSwap(0, 0, 1)], [compareAndSwap(0, 1, 0)], [compareAndSwap(0, 0, 2)]),
    `${coherent} ${atomic}`,
  ],
  [
    'swaps of one thread, without coherence',
    program([compareAndSwap(0, 0, 1), compareAndSwap(0, 0, 2)], [write(0, 3)]),
    atomic,
  ],
  [
    'swaps of two locations',
    program([compareAndSwap(0, 0, 1)], [compareAndSwap(1, 0, 1)], [compareAndSwap(1, 1, 2)]),
    `${coherent} ${atomic}`,
  ],
  // What its own thread does between the halves of a pair is let through, also another read-modify-write.
  [
    'a store within a pair',
    programFor('arm64', [exclusive(0, 0, write(0, 1)), [write(0, 3)]]),
    `${coherent} ${atomic}`,
  ],
  [
    'a swap within a pair',
    programFor('arm64', [exclusive(0, 0, compareAndSwap(0, 0, 1)), [write(0, 3)]]),
    `${coherent} ${atomic}`,
  ],
  [
    'a swap within a pair, where nothing may come between',
    programFor('arm64', [exclusive(0, 0, compareAndSwap(0, 0, 1)), [write(0, 3)]]),
    `${coherent} empty rmw & (fr ; co) as atomic`,
  ],
  [
    'the same, and less',
    programFor('arm64', [exclusive(0, 0, compareAndSwap(0, 0, 1)), [write(0, 3)]]),
    `${coherent} empty rmw & (fr ; co) as atomic ${atomic}`,
  ],
  ['swaps that may meet', program([compareAndSwap(0, 0, 1)], [compareAndSwap(0, 0, 2)]), coherent],
  // A failed compare-and-swap that writes back what it read, later than another write.
  [
    'write back',
    programFor('arm64', [[write(0, 1)], [compareAndSwap(0, 2, 2)]]),
    'acyclic po-loc | rfe | co | fr as similar',
  ],
])('%s', (_, of, text) => {
  const model = compileText(text, of.dialect);
  const { executions, limit } = enumerate(of, orderingFor(model));
  const naive = judgeNaively(of, model, executions, limit);
  for (const using of techniques) {
    const found = searchAll(of, model, { techniques: using, eager: true });
    expect(compareResults(of, model, found, naive)).toBe(null);
    expect(found.count.limit).toBe(limit);
  }
});
