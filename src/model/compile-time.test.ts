/** What is decided when a model is compiled: alternatives, variants, tags, procedures, bell files, recursion that is not monotone. */
import { expect, test } from 'vitest';
import { parseRelation, show } from '../relation/notation.js';
import { EventSet } from '../relation/relation.js';
import { renderDiagnostics } from '../text/render.js';
import { type CompileOptions, compileModel } from './compile.js';
import type { CompiledModel } from './dag.js';
import { evaluateModel } from './evaluate.js';
import { showNode } from './show-node.js';

const compile = (text: string, options: CompileOptions = {}) =>
  compileModel({ name: 'm.cat', text }, undefined, undefined, options);

function compiled(text: string, options: CompileOptions = {}): CompiledModel {
  const { value, diagnostics } = compile(text, options);
  expect(renderDiagnostics(diagnostics.filter(({ severity }) => severity === 'error'))).toBe('');
  return value!;
}

/** The checks as `kind expression`. */
const checksOf = (text: string, options: CompileOptions = {}): string[] => {
  const model = compiled(text, options);
  return model.checks.map(({ kind, negated, flag, node }) => {
    const prefix = `${flag ? 'flag ' : ''}${negated ? '~' : ''}`;
    return `${prefix}${kind} ${showNode(model, node)}`;
  });
};

const tags = "enum T = 'a || 'b || 'once";

test.each([
  // try
  ['let x = try RQ with po empty x', ['empty po']],
  ['let x = try rf with po empty x', ['empty rf']],
  ['let f s = [s] ; zz let x = try f(R) with po empty x', ['empty po']],
  ['let x = try [po] with rf empty x', ['empty rf']],
  ['let x = try (try zz with zy) with rf empty x', ['empty rf']],
  ['let x = try (let (a, b) = po in a) with co empty x', ['empty co']],
  // variants
  ['empty (if "v" then po else rf)', ['empty po']],
  ['empty (if "w" then po else rf)', ['empty rf']],
  ['empty (if not "w" || "u" then po else rf)', ['empty po']],
  ['empty (if "v" && "w" then po else rf)', ['empty rf']],
  ['if "v" let x = po else let x = rf end empty x', ['empty po']],
  ['let x = co if variant "w" then let x = po end empty x', ['empty co']],
  // tags
  [`${tags} empty tag2events('once)`, ['empty Once']],
  [`${tags} empty [A] | [Once]`, ['empty ([A] | [Once])']],
  [
    `${tags} let f t = match t with || 'a -> po || _ -> rf end empty f('a) empty f('b)`,
    ['empty po', 'empty rf'],
  ],
  [`${tags} forall t in T do empty tag2events(t) end`, ['empty A', 'empty B', 'empty Once']],
  [`${tags} forall t in T \\ {'a} do empty tag2events(t) end`, ['empty B', 'empty Once']],
  [`${tags} forall t in ~('a | 'b) do empty tag2events(t) end`, ['empty Once']],
  [`${tags} forall t in 'a ++ {'b} & T do empty tag2events(t) end`, ['empty A', 'empty B']],
  [`${tags} let x = po forall t in T do let x = rf end empty x`, ['empty po']],
  [`${tags} empty (if 'a in T then po else rf)`, ['empty po']],
  [`${tags} empty (if {'a, 'b} subset T && {'a} = 'b then po else rf)`, ['empty rf']],
  [`${tags} match 'b with 'a -> empty po || 'b -> empty rf end`, ['empty rf']],
  ["let A = R enum T = 'a empty [A]", ['empty [R]']],
  // procedures
  ['procedure p(r, s) = empty r \\ s end call p(po, rf) as x', ['empty (po \\ rf)']],
  ['procedure p r = let x = r empty x end let x = co call p po empty x', ['empty po', 'empty co']],
  ['let a = po procedure p() = empty a end let a = rf call p()', ['empty po']],
  [
    'procedure q s = empty s end procedure p s = call q s end procedure q s = acyclic s end call p po',
    ['empty po'],
  ],
  [
    `${tags} procedure rec p t = match t with 'a -> call p 'b || 'b -> empty po end end call p 'a`,
    ['empty po'],
  ],
  // checks
  ['undefined_unless empty po as x', ['flag ~empty po']],
  ['undefined_unless ~acyclic po', ['flag acyclic po']],
  ['assert empty po as x', ['flag ~empty po']],
  ['let rec r = po | r ; r when irreflexive r', ['irreflexive fix r = (po | (r ; r))']],
  ['debug nothing show nothing as else-where empty po', ['empty po']],
])('%s', (text, expected) => {
  expect(checksOf(text, { variants: ['v'] })).toEqual(expected);
});

test('a failed undefined_unless raises the flag of undefined programs, an assertion its own', () => {
  const { checks } = compiled('undefined_unless empty po as defined assert empty rf as fine');
  expect(checks.map(({ name }) => name)).toEqual(['*undef*', 'fine']);
});

const bell = {
  name: 'a.bell',
  text: `"bell" enum Accesses = 'ONCE || 'special
    instructions R[Accesses, {'ONCE}]
    let Marked = ONCE | Special
    flag ~empty Marked as marked`,
};

test('a bell file comes before the model, and its tags are sets that no event need be in', () => {
  const model = compiled('"model" empty [Special] ; po ; [Marked] as m', { bell });
  expect(model.title).toBe('model');
  expect(model.checks.map(({ name, node }) => [name, showNode(model, node)])).toEqual([
    ['marked', '(Once | Special)'],
    ['m', '([Special] ; (po ; [(Once | Special)]))'],
  ]);
  const sets = new Map([['Special', EventSet.of(2, [0])]]);
  const relations = new Map([['po', parseRelation('0>1 / 2')]]);
  const { failed, raised } = evaluateModel(model, { n: 2, sets, relations });
  expect([failed, raised].map((checks) => checks.map(({ name }) => name))).toEqual([[], ['marked']]);
});

test('definitions of a round see those before them in the same round, where the order counts', () => {
  const model = compiled(`let rec free = Rcu-lock \\ domain(matched)
    and open = Rcu-unlock \\ range(matched)
    and pairs = [free] ; po ; [open]
    and between = [free | open] ; po ; [free | open]
    and matched = matched | (pairs \\ (between ; between))
    flag ~empty matched as m`);
  // lock 0, lock 1, unlock 2, unlock 3
  const sets = new Map([
    ['Rcu-lock', EventSet.of(4, [0, 1])],
    ['Rcu-unlock', EventSet.of(4, [2, 3])],
  ]);
  const relations = new Map([['po', parseRelation('0>1 0>2 0>3 1>2 1>3 2>3 / 4')]]);
  const { value } = evaluateModel(model, { n: 4, sets, relations });
  expect(show(value(model.checks[0]!.node))).toBe('0>3 1>2 / 4');
});

test('a recursion that never settles breaks off', () => {
  const model = compiled('let rec r = po \\ r empty r');
  const relations = new Map([['po', parseRelation('0>1 / 2')]]);
  expect(() => evaluateModel(model, { n: 2, sets: new Map(), relations }).failed).toThrow(
    'the recursive definition of r does not reach a fixpoint',
  );
});

test.each([
  [
    "let x = 'once",
    `m.cat:1:9: error: the tag \`'once\` is not declared [unknown-tag]
 1 | let x = 'once
   |         ^^^^^
  hint: tags are declared by a bell file, or by \`enum Name = 'a || 'b\``,
  ],
  [
    "enum T = 'acquire let x = 'aquire",
    `m.cat:1:27: error: the tag \`'aquire\` is not declared [unknown-tag]
 1 | enum T = 'acquire let x = 'aquire
   |                           ^^^^^^^
  hint: did you mean \`'acquire\`?`,
  ],
  [
    "enum T = 'm",
    `m.cat:1:10: error: the set of the events with the tag \`'m\` would be \`M\`, which is predefined [tag-name]
 1 | enum T = 'm
   |          ^^`,
  ],
  [
    "enum T = 'a empty 'a ; po",
    `m.cat:1:19: error: \`;\` takes a set or a relation, not the tag 'a [kind-mismatch]
 1 | enum T = 'a empty 'a ; po
   |                   ^^
  hint: tag2events('a) is the set of the events with the tag 'a`,
  ],
  [
    'instructions R[po]',
    `m.cat:1:16: error: \`instructions\` takes sets of tags, not a set or a relation [kind-mismatch]
 1 | instructions R[po]
   |                ^^
  hint: write {'a, 'b}`,
  ],
  [
    "enum T = 'a || 'b let f t = match t with 'a -> po end empty f('b)",
    `m.cat:1:35: error: no clause of this \`match\` is for the tag \`'b\` [no-match]
 1 | enum T = 'a || 'b let f t = match t with 'a -> po end empty f('b)
   |                                   ^
  note: m.cat:1:61: in this call of \`f\`
 1 | enum T = 'a || 'b let f t = match t with 'a -> po end empty f('b)
   |                                                             ^^^^^
  hint: add \`|| _ -> ...\``,
  ],
  [
    'procedure check-it(a, b) = empty a end\ncall check-it po',
    `m.cat:2:15: error: expected a tuple of 2, found one value [arity]
 2 | call check-it po
   |               ^^`,
  ],
  [
    'procedure check-it a = empty a end call chek-it po',
    `m.cat:1:41: error: \`chek-it\` is not a procedure [unknown-name]
 1 | procedure check-it a = empty a end call chek-it po
   |                                         ^^^^^^^
  hint: did you mean \`check-it\`?`,
  ],
  [
    'let f x = x call f(po)',
    `m.cat:1:18: error: \`f\` is not a procedure [unknown-name]
 1 | let f x = x call f(po)
   |                  ^
  hint: it is a value; \`call\` runs a procedure`,
  ],
  [
    'procedure p r = empty r ; W end\ncall p po',
    `m.cat:1:27: error: set used as relation: \`;\` takes a relation [kind-mismatch]
 1 | procedure p r = empty r ; W end
   |                           ^
  note: m.cat:2:1: in this call of \`p\`
 2 | call p po
   | ^^^^^^^^^
  hint: write \`[S]\` for the identity relation on a set S`,
  ],
])('%s', (text, expected) => {
  const { diagnostics } = compile(text);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  expect(renderDiagnostics(errors)).toBe(expected);
});

test('a procedure that never ends its calls is an error, with the last of them', () => {
  const { value, diagnostics } = compile('procedure rec p x = call p x end call p po');
  expect(value).toBe(null);
  expect(diagnostics.map(({ code }) => code)).toEqual(['too-deep']);
});
