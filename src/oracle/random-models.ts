/**
 * Random cat models for property tests: shallow expressions over the predefined relations, checks of every kind, with and
 * without the coherence and atomicity axioms that the search recognises (and near misses of them), recursions, sets and relations
 * that are chosen, and coherence orders that the model makes.
 *
 * Test support; random-models.test.ts counts what comes out. The models are text, so that they go through the whole compiler and a failure prints what to paste.
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

function thrice(names: readonly string[]): readonly string[] {
  return [...names, ...names, ...names];
}

/** What a model has defined so far. */
interface Names {
  readonly relations: readonly string[];
  readonly sets: readonly string[];
}

/** Expressions of bounded depth. */
function expressions(dialect: Dialect, names: Names): Expressions {
  const own = [...names.sets, ...names.sets];
  const basicSet = fc.constantFrom('R', 'W', 'M', 'F', 'IW', 'RMW', 'FW', ...own, ...dialectSets[dialect]);
  const build = (depth: number): Expressions => {
    const leaf = fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom<string>(...relations, ...thrice(names.relations)) },
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
        { weight: 1, arbitrary: fc.tuple(set, set).map(([a, b]) => `(${a} & ${b})`) },
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
        { weight: 1, arbitrary: relation.map((r) => `((~(${r})) & (po | rf | co))+`) },
        { weight: 2, arbitrary: set.map((s) => `[${s}]`) },
        { weight: 1, arbitrary: set.map((s) => `fencerel(${s})`) },
      ),
    };
  };
  return build(2);
}

/** Orders that real models are made of: their acyclicity forbids some executions of most programs, and not all. */
function plausibleOrder(dialect: Dialect, names: Names): fc.Arbitrary<string> {
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
      ...names.relations,
    ),
    fc.tuple(set, set).map(([a, b]) => `([${a}] ; po ; [${b}])`),
    set.map((s) => `fencerel(${s})`),
    relation.map((r) => `(${r} & po)`),
    relation.map((r) => `(rfe? ; ${r} ; fre?)`),
    relation.map((r) => `((po | com) \\ ${r})`),
  );
  return fc.array(part, { minLength: 2, maxLength: 5 }).map((parts) => parts.join(' | '));
}

function check(dialect: Dialect, names: Names): fc.Arbitrary<string> {
  const { set, relation } = expressions(dialect, names);
  const order = plausibleOrder(dialect, names);
  const test = fc.oneof(
    { weight: 6, arbitrary: order.map((r) => `acyclic ${r}`) },
    { weight: 3, arbitrary: order.map((r) => `irreflexive (${r}) ; fr`) },
    { weight: 2, arbitrary: fc.tuple(relation, relation).map(([a, b]) => `empty ${a} & ${b}`) },
    { weight: 1, arbitrary: fc.tuple(set, relation).map(([s, r]) => `empty (${s} & range(${r})) \\ IW`) },
    { weight: 1, arbitrary: relation.map((r) => `irreflexive ${r}`) },
    { weight: 1, arbitrary: relation.map((r) => `~empty ${r}`) },
    { weight: 1, arbitrary: order.map((r) => `~acyclic ${r}`) },
    { weight: 1, arbitrary: relation.map((r) => `~irreflexive ${r}`) },
  );
  return fc
    .tuple(test, fc.nat({ max: 19 }))
    .map(([text, kind]) => (kind < 6 ? `flag ${text}` : kind === 6 ? `undefined_unless ${text}` : text));
}

/** `let` of a relation, or `let rec`: mostly in a form that is monotone and so has a least fixpoint. */
function definition(dialect: Dialect, name: string, names: Names): fc.Arbitrary<string> {
  const { set, relation } = expressions(dialect, names);
  return fc.oneof(
    { weight: 5, arbitrary: relation.map((r) => `let ${name} = ${r}`) },
    {
      weight: 2,
      arbitrary: fc.tuple(relation, relation).map(([a, b]) => `let rec ${name} = ${a} | (${name} ; (${b}))`),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(relation, relation)
        .map(([a, b]) => `let rec ${name} = ${a} | (${b} & (${name} ; ${name}))`),
    },
    // What is subtracted only grows, as far as it goes in one definition: a fixpoint again.
    {
      weight: 1,
      arbitrary: fc
        .tuple(relation, relation, relation)
        .map(([a, b, c]) => `let rec ${name} = ${a} | ((${name} ; ${b}) \\ ${c})`),
    },
    // What matches what, as for critical sections: members subtract each other, and one of them only grows.
    {
      weight: 1,
      arbitrary: fc
        .tuple(set, relation, relation)
        .map(
          ([s, a, b]) =>
            `let rec free = ${s} \\ domain(${name}) and ${name} = ${name} | (([free] ; ${a}) \\ ${b})`,
        ),
    },
    { weight: 1, arbitrary: relation.map((r) => `let ${name} = map (fun p -> p) (${r})`) },
  );
}

/** Something that is chosen: `c`, a relation, or `s`, a set. */
interface Choice {
  readonly text: string;
  readonly names: Names;
}

function choice(dialect: Dialect, names: Names): fc.Arbitrary<Choice> {
  const { set, relation } = expressions(dialect, names);
  const relations = fc.oneof(
    fc.tuple(relation, relation).map(([a, b]) => `{${a}, ${b}}`),
    fc.tuple(set, relation).map(([s, r]) => `linearisations(${s} \\ (IW | F), ${r})`),
    relation.map((r) => `linearisations(W \\ IW, (${r}) & po)`),
    relation.map((r) => `map (fun p -> p ++ 0) (${r} & (rf | co | data | addr))`),
    relation.map((r) => `cross({{${r}, 0}, {rf, co}})`),
    relation.map((r) => `cross(map (fun e -> map (fun p -> p ++ 0) (({e} * W) & loc & ${r})) R)`),
  );
  const sets = fc.oneof(
    fc.tuple(set, set).map(([a, b]) => `{${a}, ${b}}`),
    set.map((s) => `map (fun e -> {e}) (${s} \\ IW)`),
  );
  return fc.oneof(
    {
      weight: 3,
      arbitrary: relations.map(
        (from): Choice => ({
          text: `with c from ${from}`,
          names: { ...names, relations: [...names.relations, 'c'] },
        }),
      ),
    },
    {
      weight: 2,
      arbitrary: sets.map(
        (from): Choice => ({ text: `with s from ${from}`, names: { ...names, sets: [...names.sets, 's'] } }),
      ),
    },
  );
}

/** The axioms that the search recognises by meaning, in several spellings, and some that only look alike. */
const coherence = fc.constantFrom(
  'acyclic po-loc | rf | co | fr as coherence',
  'acyclic (po & loc) | com as coherence',
  'acyclic fr | (co | rf) | po-loc as coherence',
  'acyclic po-loc | rf | co | (rf^-1 ; co) as coherence',
  'acyclic po | rf | co | fr as stronger',
  'acyclic po-loc | com | addr as stronger',
  'acyclic (po-loc | com)+ as stronger',
  'irreflexive (po-loc | com)+ as closed',
  'irreflexive po-loc ; (rf | co | fr | (co ; rf) | (fr ; rf)) as pairwise',
  '~acyclic po-loc | rf | co | fr as incoherence',
  'flag acyclic po-loc | rf | co | fr as coherence',
  ...[
    'po-loc | rfe | co | fr',
    'po-loc | rf | coe | fr',
    'po-loc | rf | co',
    'po-loc | co | fr',
    'rf | co | fr',
    '(po-loc & different-value) | rf | co | fr',
    '(po-loc \\ (R * R)) | rf | co | fr',
    '(po-loc \\ (M * W)) | com',
    'po-loc | (rf \\ rmw^-1) | (co \\ (IW * W)) | fr',
    'po-loc | rf | co | (fr & ext)',
    'po-loc | rf | co | ([R \\ RMW] ; fr)',
    '(po-loc | com) & ext | po',
    '((po-loc | com) \\ id) & loc',
  ].map((r) => `acyclic ${r} as similar`),
);

const atomicity = fc.constantFrom(
  'empty rmw & (fre ; coe) as atomicity',
  'empty (fre ; coe) & rmw as atomicity',
  'empty rmw & (fr ; co) as full-atomicity',
  'empty rmw & ((fr & ext) ; (co & ext)) as atomicity',
  'irreflexive rmw^-1 ; (fre ; coe) as inverse',
  'empty rmw & (fre ; co) as half-atomicity',
  'empty rmw & (fr ; coe) as other-half',
  'empty amo & (fre ; coe) as some-atomicity',
  'empty lxsx & (fr ; co) as some-atomicity',
  'empty (rmw \\ po-loc) & (fre ; coe) as no-atomicity',
  'empty rmw & (fre ; [W \\ RMW] ; coe) as some-atomicity',
  'empty rmw & (fre ; coe ; coe) as two-atomicity',
  'empty rmw \\ (fre ; coe) as always-broken',
  '~empty rmw & (fre ; coe) as intervention',
  'flag ~empty rmw & (fre ; coe) as intervention',
);

/** Coherence that the model makes, after which `co` and its kin are its own. The compiler cannot know that W is the same set. */
const ownCoherence = fc
  .constantFrom(
    'let W = W & M include "cos.cat"',
    'let W = W & M include "cos-opt.cat"',
    'include "cross.cat" with co from generate_cos(loc & (IW * (W \\ IW))) include "from-co.cat"',
    'include "cross.cat" with co from generate_cos((po-loc & (W * W)) | (loc & (IW * W) & ext)) include "from-co.cat"',
    'with mo from {po, rf ; po} let co = (mo & loc & (W * W))+ include "from-co.cat"',
  )
  .map((text) => `${text} let com = rf | co | fr`);

interface Parts {
  readonly own: string | null;
  readonly chosen: Choice | null;
}

/** A model's text; `parts` are the arbitraries that differ between those with choices and those without. */
function modelText(
  dialect: Dialect,
  { own, chosen }: { [P in keyof Parts]: fc.Arbitrary<Parts[P]> },
): fc.Arbitrary<string> {
  const none: Names = { relations: [], sets: [] };
  return fc
    .record({
      own,
      coherent: fc.option(coherence, { freq: 3, nil: null }),
      atomic: fc.array(atomicity, { maxLength: 2 }),
      a: definition(dialect, 'a', none),
      chosen,
    })
    .chain(({ own, coherent, atomic, a, chosen }) => {
      const names = chosen?.names ?? { relations: ['a'], sets: [] };
      const all = { ...names, relations: [...names.relations, 'b'] };
      return fc
        .record({
          b: definition(dialect, 'b', names),
          checks: fc.array(check(dialect, all), { minLength: 1, maxLength: 3 }),
        })
        .map(({ b, checks }) =>
          [
            '"random"',
            ...[own, coherent].filter((text) => text !== null),
            ...atomic,
            a,
            ...(chosen === null ? [] : [chosen.text]),
            b,
            ...checks.map((text, i) => `${text} as check${i}`),
          ].join('\n'),
        );
    });
}

/** The text of a random model for programs of a dialect; it makes no choices. */
export function randomModelText(dialect: Dialect): fc.Arbitrary<string> {
  return modelText(dialect, { own: fc.constant(null), chosen: fc.constant(null) });
}

/** The text of a random model that makes choices: of a relation or a set, of the coherence order, or of both. */
export function randomChoosingModelText(dialect: Dialect): fc.Arbitrary<string> {
  const some = choice(dialect, { relations: ['a'], sets: [] });
  return fc.oneof(
    { weight: 3, arbitrary: modelText(dialect, { own: fc.constant(null), chosen: some }) },
    { weight: 2, arbitrary: modelText(dialect, { own: ownCoherence, chosen: fc.constant(null) }) },
    { weight: 1, arbitrary: modelText(dialect, { own: ownCoherence, chosen: some }) },
  );
}
