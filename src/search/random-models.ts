/**
 * Random cat models for property tests: shallow expressions over the predefined relations, checks of every kind, with and
 * without the coherence and atomicity axioms that the search recognises.
 *
 * Test support. The models are text, so that they go through the whole compiler and a failure prints what to paste.
 */
import fc from 'fast-check';
import type { Dialect } from '../program/ir.js';
import { dependencies } from '../program/vocabulary.js';

const relations = [
  'po',
  'rf',
  'co',
  'fr',
  'rfe',
  'rfi',
  'coe',
  'coi',
  'fre',
  'fri',
  'po-loc',
  ...dependencies,
  'sca-class',
  'rmw',
  'loc',
  'int',
  'ext',
  'id',
  'co0',
  'different-value',
] as const;

const dialectSets: Readonly<Record<Dialect, readonly string[]>> = {
  lkmm: ['Once', 'Acquire', 'Release', 'Plain', 'Mb', 'Wmb', 'Noreturn', 'LKR', 'LKW', 'UL'],
  arm64: ['A', 'Q', 'L', 'X', 'NoRet', 'DMB.ISH', 'DMB.ISHLD', 'ISB'],
  x86: ['X', 'MFENCE'],
};

interface Expressions {
  readonly set: fc.Arbitrary<string>;
  readonly relation: fc.Arbitrary<string>;
}

/** Expressions of bounded depth; `names` are relations defined by the model itself. */
function expressions(dialect: Dialect, names: readonly string[]): Expressions {
  const basicSet = fc.constantFrom('R', 'W', 'M', 'F', 'IW', 'RMW', 'FW', ...dialectSets[dialect]);
  const build = (depth: number): Expressions => {
    const leaf = fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom<string>(...relations, ...names, ...names, ...names) },
      { weight: 1, arbitrary: basicSet.map((s) => `[${s}]`) },
      { weight: 1, arbitrary: fc.tuple(basicSet, basicSet).map(([a, b]) => `(${a} * ${b})`) },
    );
    if (depth === 0) return { set: basicSet, relation: leaf };
    const { set, relation } = build(depth - 1);
    const binary = (weight: number, op: string) => ({
      weight,
      arbitrary: fc.tuple(relation, relation).map(([a, b]) => `(${a} ${op} ${b})`),
    });
    return {
      set: fc.oneof(
        { weight: 6, arbitrary: basicSet },
        { weight: 1, arbitrary: relation.map((r) => `domain(${r})`) },
        { weight: 1, arbitrary: relation.map((r) => `range(${r})`) },
        { weight: 1, arbitrary: set.map((s) => `(~${s})`) },
        { weight: 1, arbitrary: fc.tuple(set, set).map(([a, b]) => `(${a} | ${b})`) },
        { weight: 1, arbitrary: fc.tuple(set, set).map(([a, b]) => `(${a} \\ ${b})`) },
      ),
      relation: fc.oneof(
        { weight: 6, arbitrary: leaf },
        binary(4, '|'),
        binary(4, ';'),
        binary(3, '&'),
        binary(2, '\\'),
        { weight: 1, arbitrary: relation.map((r) => `(${r})^-1`) },
        { weight: 1, arbitrary: relation.map((r) => `(${r})+`) },
        { weight: 1, arbitrary: relation.map((r) => `((${r})*)`) },
        { weight: 1, arbitrary: relation.map((r) => `(${r})?`) },
        { weight: 1, arbitrary: relation.map((r) => `(~(${r}))`) },
        { weight: 2, arbitrary: set.map((s) => `[${s}]`) },
        { weight: 1, arbitrary: set.map((s) => `fencerel(${s})`) },
      ),
    };
  };
  return build(2);
}

/** Orders that real models are made of: their acyclicity forbids some executions of most programs, and not all. */
function plausibleOrder(dialect: Dialect, names: readonly string[]): fc.Arbitrary<string> {
  const { set, relation } = expressions(dialect, names);
  const part = fc.oneof(
    fc.constantFrom(
      'rf',
      'rfe',
      'co',
      'coe',
      'fr',
      'fre',
      'po',
      'po-loc',
      'addr',
      'data',
      'ctrl',
      'pick-data',
      ...names,
    ),
    fc.tuple(set, set).map(([a, b]) => `([${a}] ; po ; [${b}])`),
    set.map((s) => `fencerel(${s})`),
    relation.map((r) => `(${r} & po)`),
    relation.map((r) => `(rfe? ; ${r} ; fre?)`),
  );
  return fc.array(part, { minLength: 2, maxLength: 5 }).map((parts) => parts.join(' | '));
}

function check(dialect: Dialect, names: readonly string[]): fc.Arbitrary<string> {
  const { relation } = expressions(dialect, names);
  const test = fc.oneof(
    { weight: 4, arbitrary: plausibleOrder(dialect, names).map((order) => `acyclic ${order}`) },
    { weight: 2, arbitrary: plausibleOrder(dialect, names).map((order) => `irreflexive (${order}) ; fr`) },
    { weight: 2, arbitrary: fc.tuple(relation, relation).map(([a, b]) => `empty ${a} & ${b}`) },
    { weight: 1, arbitrary: relation.map((r) => `irreflexive ${r}`) },
    { weight: 1, arbitrary: relation.map((r) => `~empty ${r}`) },
    { weight: 1, arbitrary: plausibleOrder(dialect, names).map((order) => `~acyclic ${order}`) },
    { weight: 1, arbitrary: relation.map((r) => `~irreflexive ${r}`) },
  );
  return fc.tuple(test, fc.nat({ max: 9 })).map(([text, kind]) => (kind < 3 ? `flag ${text}` : text));
}

/** `let`, or `let rec` in a form that is monotone and so has a least fixpoint. */
function definition(dialect: Dialect, name: string, names: readonly string[]): fc.Arbitrary<string> {
  const { relation } = expressions(dialect, names);
  return fc.oneof(
    { weight: 3, arbitrary: relation.map((r) => `let ${name} = ${r}`) },
    {
      weight: 1,
      arbitrary: fc.tuple(relation, relation).map(([a, b]) => `let rec ${name} = ${a} | (${name} ; (${b}))`),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(relation, relation)
        .map(([a, b]) => `let rec ${name} = ${a} | (${b} & (${name} ; ${name}))`),
    },
  );
}

/** The axioms that the search recognises by meaning, in several spellings, and some that only look alike. */
const coherence = fc.constantFrom(
  'acyclic po-loc | rf | co | fr as coherence',
  'acyclic (po & loc) | com as coherence',
  'acyclic fr | (co | rf) | po-loc as coherence',
  'acyclic po | rf | co | fr as stronger',
  'acyclic po-loc | com | addr as stronger',
  'irreflexive (po-loc | com)+ as closed',
  'acyclic po-loc | rfe | co | fr as weaker',
  'acyclic po-loc | rf | coe | fr as weaker',
  'acyclic po-loc | rf | co as weaker',
  'irreflexive po-loc ; (rf | co | fr | (co ; rf) | (fr ; rf)) as pairwise',
  '~acyclic po-loc | rf | co | fr as incoherence',
  'flag acyclic po-loc | rf | co | fr as coherence',
);

const atomicity = fc.constantFrom(
  'empty rmw & (fre ; coe) as atomicity',
  'empty (fre ; coe) & rmw as atomicity',
  'empty rmw & (fr ; co) as full-atomicity',
  'empty rmw & ((fr & ext) ; (co & ext)) as atomicity',
  'irreflexive rmw^-1 ; (fre ; coe) as inverse',
  'empty rmw & (fre ; co) as half-atomicity',
  '~empty rmw & (fre ; coe) as intervention',
  'flag ~empty rmw & (fre ; coe) as intervention',
);

/** The text of a random model for programs of a dialect. */
export function randomModelText(dialect: Dialect): fc.Arbitrary<string> {
  return fc
    .record({
      coherent: fc.option(coherence, { freq: 3, nil: null }),
      atomic: fc.array(atomicity, { maxLength: 2 }),
      a: definition(dialect, 'a', []),
      b: definition(dialect, 'b', ['a']),
      checks: fc.array(check(dialect, ['a', 'b']), { minLength: 1, maxLength: 3 }),
    })
    .map(({ coherent, atomic, a, b, checks }) =>
      [
        '"random"',
        ...(coherent === null ? [] : [coherent]),
        ...atomic,
        a,
        b,
        ...checks.map((text, i) => `${text} as check${i}`),
      ].join('\n'),
    );
}
