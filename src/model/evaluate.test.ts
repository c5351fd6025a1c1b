import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventSet, Relation } from '../relation/relation.js';
import { parseCat } from '../syntax/cat.js';
import type { CatExpr } from '../syntax/cat-tree.js';
import { invariant } from '../text/diagnostic.js';
import { compileModel } from './compile.js';
import { type Environment, evaluateModel } from './evaluate.js';

/** The oracle's values: events as numbers, pairs as `a>b`. */
type Naive = ReadonlySet<string>;

interface NaiveEnvironment {
  readonly n: number;
  readonly values: ReadonlyMap<string, Naive>;
}

const events = (n: number): string[] => Array.from({ length: n }, (_, i) => String(i));
const allPairs = (n: number): string[] => events(n).flatMap((a) => events(n).map((b) => `${a}>${b}`));
const ends = (pair: string): [string, string] => pair.split('>') as [string, string];
const isPair = (values: Naive): boolean => [...values].some((value) => value.includes('>'));

function composed(left: Naive, right: Naive): Set<string> {
  const found = new Set<string>();
  for (const p of left)
    for (const q of right) if (ends(p)[1] === ends(q)[0]) found.add(`${ends(p)[0]}>${ends(q)[1]}`);
  return found;
}

function closed(r: Naive): Set<string> {
  const found = new Set(r);
  for (;;) {
    const before = found.size;
    for (const pair of composed(found, found)) found.add(pair);
    if (found.size === before) return found;
  }
}

/** The set definitions of the operators, on the tree, with no sharing and no laws. `asSet` types the operand of `~`. */
function naive(expr: CatExpr, env: NaiveEnvironment, asSet: (expr: CatExpr) => boolean): Naive {
  const value = (e: CatExpr): Naive => naive(e, env, asSet);
  const reflexive = (r: Naive): Naive => new Set([...r, ...events(env.n).map((e) => `${e}>${e}`)]);
  switch (expr.kind) {
    case 'name':
      return env.values.get(expr.name)!;
    case 'identity':
      return new Set([...value(expr.operand)].map((e) => `${e}>${e}`));
    case 'complement': {
      const operand = value(expr.operand);
      const all = asSet(expr.operand) ? events(env.n) : allPairs(env.n);
      return new Set(all.filter((e) => !operand.has(e)));
    }
    case 'postfix': {
      const operand = value(expr.operand);
      if (expr.op === '^-1') return new Set([...operand].map((p) => ends(p).reverse().join('>')));
      if (expr.op === '?') return reflexive(operand);
      return expr.op === '+' ? closed(operand) : reflexive(closed(operand));
    }
    case 'binary': {
      const [left, right] = [value(expr.left), value(expr.right)];
      if (expr.op === '|') return new Set([...left, ...right]);
      if (expr.op === '&') return new Set([...left].filter((e) => right.has(e)));
      if (expr.op === '\\') return new Set([...left].filter((e) => !right.has(e)));
      if (expr.op === ';') return composed(left, right);
      return new Set([...left].flatMap((a) => [...right].map((b) => `${a}>${b}`)));
    }
    case 'apply': {
      const index = expr.callee.kind === 'name' && expr.callee.name === 'domain' ? 0 : 1;
      return new Set([...value(expr.argument)].map((p) => ends(p)[index]!));
    }
    default:
      throw new Error(`the oracle does not know ${expr.kind}`);
  }
}

const relationNames = ['po', 'rf', 'co', 'id'] as const;
const setNames = ['R', 'W', 'Once'] as const;

const { set, relation } = fc.letrec<{ set: string; relation: string }>((tie) => ({
  set: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(...setNames),
    fc
      .tuple(tie('set'), fc.constantFrom('|', '&', '\\'), tie('set'))
      .map(([a, op, b]) => `(${a} ${op} ${b})`),
    tie('set').map((a) => `(~${a})`),
    tie('relation').map((r) => `domain(${r})`),
    tie('relation').map((r) => `range(${r})`),
  ),
  relation: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(...relationNames),
    fc
      .tuple(tie('relation'), fc.constantFrom('|', '&', '\\', ';', ';'), tie('relation'))
      .map(([a, op, b]) => `(${a} ${op} ${b})`),
    fc.tuple(tie('relation'), fc.constantFrom('+', '*', '?', '^-1')).map(([a, op]) => `(${a})${op}`),
    tie('relation').map((a) => `(~${a})`),
    tie('set').map((a) => `[${a}]`),
    fc.tuple(tie('set'), tie('set')).map(([a, b]) => `(${a} * ${b})`),
  ),
}));

const environment = fc
  .record({
    n: fc.integer({ min: 1, max: 5 }),
    pairs: fc.array(fc.array(fc.tuple(fc.nat(4), fc.nat(4)), { maxLength: 8 }), {
      minLength: 3,
      maxLength: 3,
    }),
    members: fc.array(fc.array(fc.nat(4), { maxLength: 4 }), { minLength: 3, maxLength: 3 }),
  })
  .map(({ n, pairs, members }) => {
    const sets = new Map<string, EventSet>();
    const relations = new Map<string, Relation>([
      [
        'id',
        Relation.of(
          n,
          events(n).map((e) => [+e, +e]),
        ),
      ],
    ]);
    const fits = (e: number): boolean => e < n;
    for (const [i, name] of setNames.entries()) sets.set(name, EventSet.of(n, members[i]!.filter(fits)));
    for (const [i, list] of pairs.entries()) {
      const fitting = list.filter((pair) => pair.every(fits));
      relations.set(relationNames[i]!, Relation.of(n, fitting));
    }
    return { n, sets, relations } satisfies Environment;
  });

function naiveEnvironment({ n, sets, relations }: Environment): NaiveEnvironment {
  const values = new Map<string, Naive>();
  for (const [name, value] of sets) values.set(name, new Set(value.members().map(String)));
  for (const [name, value] of relations) values.set(name, new Set(value.pairs().map((p) => p.join('>'))));
  return { n, values };
}

function evaluated(text: string, env: Environment): Naive {
  const { value: model } = compileModel({ name: 'm.cat', text: `empty ${text} as x` });
  invariant(model !== null, text);
  const value = evaluateModel(model, env).value(model.checks[0]!.node);
  return value instanceof EventSet
    ? new Set(value.members().map(String))
    : new Set(value.pairs().map((pair) => pair.join('>')));
}

const isSetExpression = (expr: CatExpr): boolean =>
  expr.kind === 'name'
    ? (setNames as readonly string[]).includes(expr.name)
    : expr.kind === 'apply'
      ? true
      : expr.kind === 'complement'
        ? isSetExpression(expr.operand)
        : expr.kind === 'binary' && expr.op !== ';' && expr.op !== '*' && isSetExpression(expr.left);

test('compiled and folded expressions mean what the operators are defined to mean', () => {
  fc.assert(
    fc.property(fc.oneof(set, relation), environment, (text, env) => {
      const statement = parseCat({ name: 'm.cat', text: `empty ${text}` }).value!.statements[0]!;
      invariant(statement.kind === 'check', 'a check');
      const expected = naive(statement.operand, naiveEnvironment(env), isSetExpression);
      expect(isPair(expected) && isSetExpression(statement.operand)).toBe(false);
      expect([...evaluated(text, env)].sort()).toEqual([...expected].sort());
    }),
    { numRuns: 400, seed: 11 },
  );
});

test.each([
  ['let rec r = po | r ; r in r', 'po+'],
  ['let rec a = po | b ; b and b = a | rf in b', 'let rec a = po | (a | rf) ; (a | rf) in a | rf'],
  ['let rec s = R | range([s] ; po) in s', 'range([R] ; po*)'],
  ['let rec r = po | (let rec q = r | q ; rf in q) ; co in r', 'let rec r = po | (r ; rf*) ; co in r'],
  ['let rec r = r in r', 'po \\ po'],
])('%s is %s', (left, right) => {
  fc.assert(
    fc.property(environment, (env) => {
      expect([...evaluated(`begin ${left} end`, env)].sort()).toEqual(
        [...evaluated(`begin ${right} end`, env)].sort(),
      );
    }),
    { numRuns: 50, seed: 13 },
  );
});

const cycle: Environment = {
  n: 2,
  sets: new Map([['W', EventSet.of(2, [0])]]),
  relations: new Map([
    [
      'po',
      Relation.of(2, [
        [0, 1],
        [1, 0],
      ]),
    ],
    ['rf', Relation.of(2, [[0, 0]])],
    ['co', new Relation(2)],
  ]),
};

test.each([
  ['acyclic po as x', ['x'], []],
  ['~acyclic po as x', [], []],
  ['irreflexive po as x', [], []],
  ['irreflexive rf as x', ['x'], []],
  ['empty co as x', [], []],
  ['~empty co as x', ['x'], []],
  ['empty W as x', ['x'], []],
  ['empty Once as x', [], []],
  ['flag ~empty W as x', [], ['x']],
  ['flag empty co as x flag acyclic po as y', [], ['x']],
  ['acyclic po as x empty W as x acyclic co as y', ['x', 'x'], []],
])('%s', (text, failed, raised) => {
  const { value: model } = compileModel({ name: 'm.cat', text });
  const result = evaluateModel(model!, cycle);
  expect(result.failed.map(({ name }) => name)).toEqual(failed);
  expect(result.raised.map(({ name }) => name)).toEqual(raised);
});

test('a base name that the execution must define is not taken for empty', () => {
  const { value: model } = compileModel({ name: 'm.cat', text: 'empty rmw as x' });
  expect(() => evaluateModel(model!, cycle)).toThrow('the execution does not define `rmw`');
});

test('a part of a recursive definition has its value at the fixpoint', () => {
  const text = `let rec locks = R \\ domain(pairs)
and unlocks = W \\ range(pairs)
and open = locks | unlocks
and pairs = pairs | (([locks] ; po ; [unlocks]) \\ (po ; [open] ; po))
acyclic pairs ; po`;
  const { value: model } = compileModel({ name: 'sections', text });
  invariant(model !== null, 'compiles');
  const n = 6;
  const pairs = events(n).flatMap((a) => events(n).map((b) => [Number(a), Number(b)] as const));
  const po = Relation.of(
    n,
    pairs.filter(([a, b]) => a < b),
  );
  const sets = new Map([
    ['R', EventSet.of(n, [0, 1, 3])],
    ['W', EventSet.of(n, [2, 4, 5])],
  ]);
  const { value } = evaluateModel(model, { n, sets, relations: new Map([['po', po]]) });
  const [group] = model.groups;
  expect(group?.names).toContain('pairs');
  group?.names.forEach((name, index) => {
    const fixpoint = model.nodes.findIndex((node) => node.op === 'recursive' && node.index === index);
    if (fixpoint >= 0) expect(value(group.bodies[index]!).bits, name).toEqual(value(fixpoint).bits);
  });
  const matched = value(group!.bodies[group!.names.indexOf('pairs')]!) as Relation;
  expect(matched.pairs()).toEqual([
    [0, 5],
    [1, 2],
    [3, 4],
  ]);
});
