import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderDiagnostics } from '../text/render.js';
import type { SourceFile } from '../text/source.js';
import { text as arm64 } from './arm64.cat';
import { childrenOf } from './children.js';
import { compileModel } from './compile.js';
import type { CompiledModel } from './dag.js';
import { text as lkmm } from './lkmm.cat';
import { text as rcuSections } from './rcu-sections.cat';
import { showNode } from './show-node.js';

function compile(text: string, files: Record<string, string> = {}) {
  const resolve = (name: string): SourceFile | null =>
    files[name] === undefined ? null : { name, text: files[name] };
  return compileModel({ name: 'm.cat', text }, resolve);
}

function compiled(text: string, files: Record<string, string> = {}): CompiledModel {
  const { value, diagnostics } = compile(text, files);
  expect(renderDiagnostics(diagnostics)).toBe('');
  return value!;
}

/** The expression of the last definition of `x`, expanded. */
const valueOfX = (text: string): string => {
  const model = compiled(`${text} empty x as check`);
  return showNode(model, model.checks[0]!.node);
};

describe('one node for', () => {
  test.each([
    ['po | rf', 'rf | po'],
    ['po & rf', 'rf & po'],
    ['po | po', 'po'],
    ['po | 0', 'po'],
    ['po | (rf | po)', 'po | rf'],
    ['po & (rf & po)', 'po & rf'],
    ['po & 0 | rf', 'rf'],
    ['po \\ 0', 'po'],
    ['0 \\ po | rf', 'rf'],
    ['po \\ po | rf', 'rf'],
    ['0 ; po | rf', 'rf'],
    ['po ; id ; rf', 'po ; rf'],
    ['[_] ; rf', 'rf'],
    ['[R] ; [M] ; rf', '([R] ; [M]) ; rf'],
    ['[R & M]', '[M] ; [R]'],
    ['~~po', 'po'],
    ['~(po & 0) & rf', 'rf'],
    ['(_ * _) \\ po', '~po'],
    ['(R * W)^-1', 'W * R'],
    ['rf^-1^-1', 'rf'],
    ['[R]^-1', '[R]'],
    ['(po & 0)+ | rf', 'rf'],
    ['(po & 0)*', 'id'],
    ['po+*', 'po*'],
    ['po?+', 'po*'],
    ['[R]?', 'id'],
    ['[domain([R])]', '[R]'],
    ['let f(a, b) = a ; b in f(po, rf)', 'po ; rf'],
    ['let f a = a | rf in let rf = po in f(rf)', 'po | rf'],
    ['fencerel(F)', 'po ; [F] ; po'],
    ['po-loc', 'po & loc'],
    ['rfe', 'rf & ext'],
    ['com', 'rf | co | ((rf^-1 ; co) \\ id)'],
  ])('%s and %s', (left, right) => {
    const model = compiled(`empty (${left}) as a  empty (${right}) as b`);
    expect(model.checks[0]?.node).toBe(model.checks[1]?.node);
  });

  test.each([
    ['po ; rf', 'rf ; po'],
    ['po \\ rf', 'rf \\ po'],
    ['R * W', 'W * R'],
    ['po+', 'po*'],
    ['[R]', 'R * R'],
  ])('not %s and %s', (left, right) => {
    const model = compiled(`empty (${left}) as a  empty (${right}) as b`);
    expect(model.checks[0]?.node).not.toBe(model.checks[1]?.node);
  });
});

test.each([
  ['let x = po let y = x let x = rf let x = x ; y', '(rf ; po)'],
  ['let f a = a ; y in let y = rf let x = f(po)', null],
  ['let y = po let f a = a ; y let y = rf let x = f(co)', '(co ; po)'],
  ['let a = po and b = rf let (x, y) = b, a', 'rf'],
  ['let R = R | F let x = [R]', '[(R | F)]'],
  ['let f g = g(po) let x = f(fun r -> r+)', 'po+'],
  ['let x = let y = po in y ; y', '(po ; po)'],
  ['let rec r = po | r ; r let x = r', 'fix r = (po | (r ; r))'],
  ['let rec a = R | b and b = range([a] ; rf) let x = [b]', '[fix b = range(([a] ; rf)) with a = (R | b)]'],
])('%s', (text, expected) => {
  if (expected === null) expect(compile(text).value).toBe(null);
  else expect(valueOfX(text)).toBe(expected);
});

test('children come before their parents, and nothing is left over', () => {
  const model = compiled(lkmm, { 'rcu-sections.cat': rcuSections });
  const used = new Set([...model.checks.map(({ node }) => node), ...model.names.values()]);
  for (const { bodies } of model.groups) for (const body of bodies) used.add(body);
  model.nodes.forEach((node, id) => {
    for (const child of childrenOf(node)) {
      expect(child).toBeLessThan(id);
      used.add(child);
    }
  });
  expect(used.size).toBe(model.nodes.length);
});

test('names: the predefined ones that are used, then the definitions in order, last value each', () => {
  const model = compiled('let b = rfe let a = b let b = po acyclic a | b as x');
  expect([...model.names.keys()]).toEqual(['rfe', 'a', 'b']);
  expect(showNode(model, model.names.get('b')!)).toBe('po');
});

test('checks keep order, name, polarity and flag; names may repeat, and default to the text', () => {
  const { checks } = compiled('acyclic po as a flag ~empty rf as a ~irreflexive po  ;  rf empty R');
  expect(checks.map(({ kind, negated, flag, name }) => [kind, negated, flag, name])).toEqual([
    ['acyclic', false, false, 'a'],
    ['empty', true, true, 'a'],
    ['irreflexive', true, false, '~irreflexive po ; rf'],
    ['empty', false, false, 'empty R'],
  ]);
});

test('include: in place, nested, more than once', () => {
  const files = { 'a.cat': 'let r = r | rf include "b.cat"', 'b.cat': '"b" acyclic r as b' };
  const model = compiled('"main" let r = po include "a.cat" include "a.cat"', files);
  expect(model.title).toBe('main');
  expect(model.checks.map((check) => showNode(model, check.node))).toEqual(['(po | rf)', '(po | rf)']);
});

test.each([
  [
    'acyclic W ; po',
    `m.cat:1:9: error: set used as relation: \`;\` takes a relation [kind-mismatch]
 1 | acyclic W ; po
   |         ^
  hint: write \`[S]\` for the identity relation on a set S`,
  ],
  [
    'empty [po]',
    `m.cat:1:8: error: relation used as set: \`[...]\` takes a set [kind-mismatch]
 1 | empty [po]
   |        ^^
  hint: domain(r) and range(r) are the sets of the ends of a relation r`,
  ],
  [
    'empty po | W',
    `m.cat:1:7: error: \`|\` of a relation and a set [kind-mismatch]
 1 | empty po | W
   |       ^^^^^^
  hint: write \`[S]\` for the identity relation on a set S`,
  ],
  [
    'acyclic R',
    `m.cat:1:9: error: set used as relation: \`acyclic\` takes a relation [kind-mismatch]
 1 | acyclic R
   |         ^
  hint: write \`[S]\` for the identity relation on a set S`,
  ],
  [
    'empty po-lok',
    `m.cat:1:7: error: \`po-lok\` is not defined [unknown-name]
 1 | empty po-lok
   |       ^^^^^^
  hint: did you mean \`po-loc\`?`,
  ],
  [
    'let x = zz let y = x | po empty y empty zz',
    `m.cat:1:9: error: \`zz\` is not defined [unknown-name]
 1 | let x = zz let y = x | po empty y empty zz
   |         ^^`,
  ],
  [
    'empty Marked & F',
    `m.cat:1:7: error: \`Marked\` is not defined [unknown-name]
 1 | empty Marked & F
   |       ^^^^^^
  hint: if a bell file defines it: \`--bell FILE.bell\``,
  ],
  [
    'let f(a, b) = a ; b\nempty f(po)',
    `m.cat:2:8: error: expected a tuple of 2, found one value [arity]
 2 | empty f(po)
   |        ^^^^`,
  ],
  [
    'let f(a) = [a]\nlet g(a) = f(a)\nempty g(po)',
    `m.cat:1:13: error: relation used as set: \`[...]\` takes a set [kind-mismatch]
 1 | let f(a) = [a]
   |             ^
  note: m.cat:2:12: in this call of \`f\`
 2 | let g(a) = f(a)
   |            ^^^^
  note: m.cat:3:7: in this call of \`g\`
 3 | empty g(po)
   |       ^^^^^
  hint: domain(r) and range(r) are the sets of the ends of a relation r`,
  ],
  [
    'empty po rf',
    `m.cat:1:7: error: \`po\` is not a function [kind-mismatch]
 1 | empty po rf
   |       ^^
  hint: write \`;\` for a sequence, \`|\` for a union`,
  ],
  [
    'empty po | fencerel',
    `m.cat:1:12: error: function used as set or relation: \`|\` takes a value [kind-mismatch]
 1 | empty po | fencerel
   |            ^^^^^^^^
  hint: apply it: f(x)`,
  ],
  [
    'empty {po}',
    `m.cat:1:7: error: \`empty\` takes a set or a relation, not a set of relations [kind-mismatch]
 1 | empty {po}
   |       ^^^^`,
  ],
  [
    'include "x.cat"',
    `m.cat:1:1: error: cannot find the included file \`x.cat\` [include-not-found]
 1 | include "x.cat"
   | ^^^^^^^^^^^^^^^`,
  ],
  ['let x = po', 'warning: m.cat: the model checks nothing, so it allows everything [no-checks]'],
])('%s', (text, expected) => {
  expect(renderDiagnostics(compile(text).diagnostics)).toBe(expected);
});

test('an error in an included file shows the way there', () => {
  const files = {
    'a.cat': '\ninclude "b.cat"',
    'b.cat': 'empty nope',
    'c.cat': 'include "m.cat"',
    'm.cat': '',
  };
  expect(
    renderDiagnostics(compile('include "a.cat"', files).diagnostics),
  ).toBe(`b.cat:1:7: error: \`nope\` is not defined [unknown-name]
 1 | empty nope
   |       ^^^^
  note: a.cat:2:1: included here
 2 | include "b.cat"
   | ^^^^^^^^^^^^^^^
  note: m.cat:1:1: included here
 1 | include "a.cat"
   | ^^^^^^^^^^^^^^^`);
  expect(compile('include "c.cat"', files).diagnostics.map(({ message }) => message)).toEqual([
    '`m.cat` includes itself',
  ]);
});

test('a tag of another dialect is named as such', () => {
  const { diagnostics } = compileModel({ name: 'm.cat', text: 'empty LKR' }, undefined, ['x86']);
  expect(diagnostics[0]?.hint).toBe('`LKR` is defined for programs of lkmm only');
});

test('self-application is an error, not a crash', () => {
  expect(compile('let f x = x x empty f f').diagnostics.map(({ code }) => code)).toEqual(['too-deep']);
});

test('damaged models compile or are refused', () => {
  const names = ['po', 'W', 'f', '0', '[R]', 'fencerel', "'t", '(a, b)', 'r ;', '~'];
  const damage = fc.record({
    text: fc.constantFrom(lkmm.slice(-1500), arm64.slice(-900)),
    at: fc.nat(1500),
    drop: fc.nat(12),
    insert: fc.constantFrom(...names),
  });
  fc.assert(
    fc.property(damage, ({ text, at, drop, insert }) => {
      const { value, diagnostics } = compile(`${text.slice(0, at)} ${insert} ${text.slice(at + drop)}`);
      expect(value === null).toBe(diagnostics.some(({ severity }) => severity === 'error'));
    }),
    { numRuns: 60, seed: 7 },
  );
});
