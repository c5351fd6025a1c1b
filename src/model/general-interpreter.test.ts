import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { show } from '../relation/notation.js';
import { type Bits, EventSet, Relation } from '../relation/relation.js';
import { parseCat } from '../syntax/cat.js';
import { invariant } from '../text/diagnostic.js';
import { ModelEvaluationError } from './evaluation-error.js';
import { type CompilerKnowledge, Interpreter } from './general-interpreter.js';
import { Budget, type Frame, type General } from './general-values.js';
import type { Builtin } from './values.js';

/** Events 0..4: 0 and 1 at one location, 2 and 3 at another, 4 at none. */
const world = new Map<string, Bits>([
  ['S', EventSet.of(5, [0, 2, 3])],
  ['T', EventSet.of(5, [1, 2])],
  ['r', Relation.of(5, [[0, 1], [1, 2], [3, 4]])], // biome-ignore format: pairs in one line
  ['cycle', Relation.of(5, [[0, 2], [2, 0]])], // biome-ignore format: pairs in one line
  ['loc', Relation.of(5, [0, 1, 2, 3].flatMap((a) => [0, 1, 2, 3].flatMap((b): [number, number][] => (a >> 1 === b >> 1 ? [[a, b]] : []))))], // biome-ignore format: one line
]);
const baseNames = [...world.keys()];
const builtins: readonly Builtin[] = [
  'tag2events',
  'domain',
  'range',
  'classes',
  'classes-loc',
  'linearisations',
  'cross',
];

const knowledge: CompilerKnowledge = {
  resolve: (name) => {
    const builtin = builtins.find((candidate) => candidate === name);
    if (builtin !== undefined) return { kind: 'builtin', name: builtin };
    return baseNames.includes(name) ? { kind: 'node', id: baseNames.indexOf(name) } : null;
  },
  variant: (name) => name === 'on',
  kindOf: () => null,
  isRight: () => null,
  tagNode: (tag) => baseNames.indexOf(tag.toUpperCase()),
  tags: () => ['s', 't'],
};

/** The value of `x` after the definitions of a model text. */
function evaluate(text: string, budget = new Budget(1_000_000)): General {
  const { value: tree, diagnostics } = parseCat({ name: 'm.cat', text });
  invariant(tree !== null, diagnostics.map(({ message }) => message).join());
  const interpreter = new Interpreter(5, (id) => world.get(baseNames[id]!)!, knowledge, budget);
  return interpreter.guarded(() => {
    let frame: Frame = { kind: 'compiled', scope: null };
    for (const statement of tree.statements) {
      invariant(statement.kind === 'let', 'only definitions');
      frame = interpreter.bind(statement.bindings, statement.recursive, frame);
    }
    return interpreter.evaluate(
      { kind: 'name', name: 'x', span: { file: tree.source, start: 0, end: 0 } },
      frame,
    );
  });
}

function shown(value: General): string {
  switch (value.kind) {
    case 'event':
      return `${value.event}`;
    case 'pair':
      return `${value.from}>${value.to}`;
    case 'set':
    case 'relation':
      return `{${show(value.bits).replace(/ ?\/.*/, '')}}`;
    case 'empty':
      return '{}';
    case 'tag':
      return `'${value.name}`;
    case 'tuple':
      return `(${value.items.map(shown).join(', ')})`;
    case 'family':
      return `{${value.items.map(shown).join(', ')}}`;
    default:
      return value.kind;
  }
}

const map = 'let map f = let rec go s = match s with || {} -> {} || e ++ es -> f e ++ go es end in go ';

describe('the value of', () => {
  test.each([
    ['let x = S | T', '{0 1 2 3}'],
    ['let x = r & (S * _)', '{0>1 3>4}'],
    ['let x = [S \\ T] ; r*', '{0>0 0>1 0>2 3>3 3>4}'],
    ['let x = ~S', '{1 4}'],
    // events and pairs
    ['let x = match S with || {} -> {} || e ++ es -> e end', '0'],
    ['let x = match S with || {} -> {} || e ++ es -> es end', '{2 3}'],
    ['let x = match r with || {} -> {} || p ++ ps -> p end', '0>1'],
    ['let x = match r with || {} -> {} || p ++ ps -> p^-1 end', '1>0'],
    ['let x = match r with || {} -> {} || p ++ ps -> p ++ 0 end', '{0>1}'],
    ['let x = match r with || {} -> {} || p ++ ps -> p^-1 ++ ps end', '{1>0 1>2 3>4}'],
    ['let x = match S & ~S with || {} -> r || e ++ es -> es end', '{0>1 1>2 3>4}'],
    ['let x = match S with || {} -> {} || a | e ++ b -> (a, e, b) end', '({0}, 2, {3})'],
    ['let x = match S with || {} -> {} || e ++ es -> T * {e} end', '{1>0 2>0}'],
    ['let x = match S with || {} -> {} || e ++ es -> (e, e) ++ r end', '{0>0 0>1 1>2 3>4}'],
    // sets of sets
    ['let x = S ++ T ++ S ++ {}', '{{0 2 3}, {1 2}}'],
    ['let x = {S, T} | {T, {}}', '{{0 2 3}, {1 2}, {}}'],
    ['let x = {S, T} & {T}', '{{1 2}}'],
    ['let x = {S, T} \\ {T}', '{{0 2 3}}'],
    ['let x = {S & ~S} & {{}}', '{{}}'],
    ["let x = {'a, 'b, 'a}", "{'a, 'b}"],
    ['let x = {S} ++ {{T}}', '{{{1 2}}, {{0 2 3}}}'],
    [`${map} let x = map (fun e -> {e}) S`, '{{3}, {2}, {0}}'],
    [`${map} let x = map (fun e -> e) S`, '{0 2 3}'],
    [`${map} let x = map (fun p -> p) r`, '{0>1 1>2 3>4}'],
    [`${map} let x = map (fun e -> domain(r & (_ * {e}))) T`, '{{1}, {0}}'],
    // functions
    ['let f (a, b) = a ; b let x = f(r, r)', '{0>2}'],
    ['let rec even s = match s with || {} -> {{}} || e ++ es -> odd es end and odd s = match s with || {} -> {} || e ++ es -> even es end let x = even S, even T', '({}, {{}})'],
    ['let f = (let g a = a | T in g) let T = S let x = f T', '{0 1 2 3}'],
    // fixpoints, also of functions that are mutually recursive with values
    ['let rec x = r | x ; x', '{0>1 0>2 1>2 3>4}'],
    ['let rec x = f r and f a = a | x ; x', '{0>1 0>2 1>2 3>4}'],
    ['let rec free = S \\ taken and taken = taken | (free & T) let x = taken', '{2}'],
    // conditions
    ['let x = if "on" then S else T', '{0 2 3}'],
    ['let x = if not "on" || "off" then S else T', '{1 2}'],
    ['let x = if S & T subset S && S = S then S else T', '{0 2 3}'],
    ['let x = if S subset T then S else T', '{1 2}'],
    ['let x = match T with || {} -> {} || e ++ es -> if e in S then {} else es end', '{2}'],
    ['let x = if S in {T} then S else T', '{1 2}'],
    ["let f t = match t with || 'a -> S || _ -> T end let x = f 'a, f 'b", '({0 2 3}, {1 2})'],
    ['let x = try nothing with S', '{0 2 3}'],
    ['let x = try S ; r with T', '{1 2}'],
    ["let x = tag2events('s)", '{0 2 3}'],
    // enumerations
    ['let x = linearisations(S, 0)', '{{0>2 0>3 2>3}, {0>2 0>3 3>2}, {0>3 2>0 2>3}, {2>0 2>3 3>0}, {0>2 3>0 3>2}, {2>0 3>0 3>2}}'],
    ['let x = linearisations(T, r)', '{{1>2}}'],
    ['let x = linearisations(S, cycle)', '{}'],
    ['let x = linearisations(T, cycle)', '{{1>2}, {2>1}}'],
    ['let x = linearisations({}, cycle)', '{{}}'],
    ['let x = classes-loc(_)', '{{0 1}, {2 3}}'],
    ['let x = classes-loc(S)', '{{0}, {2 3}}'],
    ['let x = classes(loc)', '{{0 1}, {2 3}}'],
    ['let x = classes(r)', '{{0 1 2}, {3 4}}'],
    ['let x = cross({{S, T}, {T}})', '{{0 1 2 3}, {1 2}}'],
    ['let x = cross({{S, T}, {T}, {}})', '{}'],
    ['let x = cross({})', '{{}}'],
    [`${map} let x = cross(map (fun ws -> linearisations(ws, r)) (classes-loc(_)))`, '{{0>1 2>3}, {0>1 3>2}}'],
  ])('%s', (text, expected) => {
    expect(shown(evaluate(text))).toBe(expected);
  }); // biome-ignore format: one case in a line
});

describe('breaks off', () => {
  test.each([
    ['let rec f s = f s let x = f S', 'a function of the model takes more than 1000000 steps'],
    ['let rec f s = S ++ f s let x = f S', 'a function of the model calls itself too deeply'],
    ['let rec x = ~x', 'the recursive definition of x does not reach a fixpoint'],
    ['let x = S | r', 'm.cat:1:9: `|` of a set of events and a relation'],
    ['let x = S ++ T', 'm.cat:1:9: a set of events is not an element of a set of events'],
    ['let x = (fun a -> a) ++ {}', 'functions cannot be compared or be elements of sets'],
    ['let x = nothing', 'm.cat:1:9: `nothing` is not defined'],
  ])('%s', (text, message) => {
    expect(() => evaluate(text)).toThrow(new ModelEvaluationError(message));
  });
});

test('a loop over a long set takes little stack, and its elements are taken one by one', () => {
  const numbers =
    'let rec count (n, s) = match s with || {} -> n || e ++ es -> count ({n}, es) end ' +
    'let x = count ({}, linearisations(_, 0))';
  let depth = 0;
  let value = evaluate(numbers);
  for (; value.kind === 'family'; depth++) value = value.first;
  expect(depth).toBe(120);
});

test('sets of sets obey the laws of sets', () => {
  const family = fc
    .array(fc.subarray([0, 1, 2, 3, 4]), { maxLength: 5 })
    .map((sets) => `{${sets.map((set) => `{${set.map((e) => `nth${e}`).join(', ')}}`).join(', ')}}`);
  const definitions = [0, 1, 2, 3, 4].map((e) => {
    const body = e === 0 ? 'e' : `pick${e - 1}(es)`;
    return `let pick${e} s = match s with || {} -> {} || e ++ es -> ${body} end let nth${e} = pick${e}(_)`;
  });
  const members = (value: General): string[] => {
    if (value.kind === 'empty') return [];
    invariant(value.kind === 'family', shown(value));
    return value.items.map(shown).sort();
  };
  fc.assert(
    fc.property(family, family, (a, b) => {
      const values = [a, b, `${a} | ${b}`, `${a} & ${b}`, `${a} \\ ${b}`];
      const all = evaluate(`${definitions.join(' ')} let x = ${values.join(', ')}`);
      invariant(all.kind === 'tuple', 'five values');
      const [left, right, union, intersection, difference] = all.items.map(members);
      expect(union).toEqual([...new Set([...left!, ...right!])].sort());
      expect(intersection).toEqual(left!.filter((e) => right!.includes(e)));
      expect(difference).toEqual(left!.filter((e) => !right!.includes(e)));
    }),
    { numRuns: 40, seed: 11 },
  );
});
