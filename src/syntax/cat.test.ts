import fc from 'fast-check';
import { expect, test } from 'vitest';
import { text as arm64 } from '../model/arm64.cat';
import { text as lkmm } from '../model/lkmm.cat';
import { renderDiagnostics } from '../text/render.js';
import { spanText } from '../text/source.js';
import { parseCat } from './cat.js';
import type { Binding, CatExpr, CatStatement } from './cat-tree.js';

const parse = (text: string) => parseCat({ name: 'm.cat', text });

/** Fully parenthesised. */
function show(expr: CatExpr): string {
  switch (expr.kind) {
    case 'name':
      return expr.name;
    case 'empty':
      return '0';
    case 'universe':
      return '_';
    case 'tag':
      return `'${expr.name}`;
    case 'set':
      return `{${expr.items.map(show).join(', ')}}`;
    case 'tuple':
      return `<${expr.items.map(show).join(', ')}>`;
    case 'identity':
      return `[${show(expr.operand)}]`;
    case 'complement':
      return `~${show(expr.operand)}`;
    case 'postfix':
      return `(${show(expr.operand)}${expr.op})`;
    case 'binary':
      return `(${show(expr.left)}${expr.op}${show(expr.right)})`;
    case 'apply':
      return `${show(expr.callee)}@${show(expr.argument)}`;
    case 'function':
      return `{${showPattern(expr.parameter)} -> ${show(expr.body)}}`;
    case 'let':
      return `{${expr.bindings.map(showBinding).join(' and ')} in ${show(expr.body)}}`;
  }
}

const showPattern = (pattern: Binding['pattern']): string =>
  pattern.kind === 'name'
    ? (pattern.bound.name ?? '_')
    : `<${pattern.items.map(({ name }) => name ?? '_').join(', ')}>`;
const showBinding = ({ pattern, value }: Binding): string => `${showPattern(pattern)} = ${show(value)}`;

function showStatement(statement: CatStatement): string {
  switch (statement.kind) {
    case 'let':
      return `let${statement.recursive ? ' rec' : ''} ${statement.bindings.map(showBinding).join(' and ')}`;
    case 'check': {
      const { flag, negated, test: kind, operand, name } = statement;
      return `${flag ? 'flag ' : ''}${negated ? '~' : ''}${kind} ${show(operand)} as ${name}`;
    }
    case 'include':
      return `include ${statement.path}`;
    case 'show':
      return `${statement.hide ? 'unshow' : 'show'} ${statement.operands.map(show).join(',')} as ${statement.name}`;
  }
}

test.each([
  ['a | b ; c', '(a|(b;c))'],
  ['a ; b | c', '((a;b)|c)'],
  ['a ; b ; c', '(a;(b;c))'],
  ['a ++ b | c ++ d', '((a++b)|(c++d))'],
  ['a ; b ++ c', '((a;b)++c)'],
  ['a \\ b \\ c', '((a\\b)\\c)'],
  ['a \\ b ; c', '((a\\b);c)'],
  ['a & b \\ c & d', '((a&b)\\(c&d))'],
  ['a & b * c', '(a&(b*c))'],
  ['a * b * c', '((a*b)*c)'],
  ['~a & b', '(~a&b)'],
  ['~a+', '~(a+)'],
  ['a^-1 ; b', '((a^-1);b)'],
  ['a^ -1+', '((a^-1)+)'],
  ['a+?', '((a+)?)'],
  ['a* ; b', '((a*);b)'],
  ['a* | b*', '((a*)|(b*))'],
  ['a* b', '(a*b)'],
  ['a*[b]', '(a*[b])'],
  ['a* & (b * c)', '((a*)&(b*c))'],
  ['(a ; b)*', '((a;b)*)'],
  ['f(a)', 'f@a'],
  ['f a b', 'f@a@b'],
  ['f(a, b) ; c', '(f@<a, b>;c)'],
  ['f a* ; b', '((f@a*);b)'],
  ['f(a)*', '(f@a*)'],
  ['f()', 'f@<>'],
  ["{} | {a, b|c} | 0 | _ | 'once", "({}|({a, (b|c)}|(0|(_|'once))))"],
  ['a, b', '<a, b>'],
  ['begin a | b end ; c', '((a|b);c)'],
  ['let x = a and y = b in x ; y', '{x = a and y = b in (x;y)}'],
  ['fun (x, _) -> x | b', '{<x, _> -> (x|b)}'],
  ['[M] ; po-loc & x.y ; [~M]', '([M];((po-loc&x.y);[~M]))'],
  ['po (* then (* nested *) *) ; // and\n rf # too', '(po;rf)'],
])('%s', (text, expected) => {
  const { value, diagnostics } = parse(`let x = ${text}`);
  expect(renderDiagnostics(diagnostics)).toBe('');
  const [statement] = value!.statements;
  expect(statement?.kind === 'let' && show(statement.bindings[0]!.value)).toBe(expected);
});

test('statements and titles', () => {
  const { value } = parse(`ARM "my (* model *)"
    include "a.cat" let (a, b) = p and f(x, y) = x let rec r = r let g x = x in
    let h () = 0 acyclic a|b as one flag ~empty c ~irreflexive d as two show a, b unshow c show a|b as z`);
  expect(value?.title).toBe('my (* model *)');
  expect(value?.statements.map(showStatement)).toEqual([
    'include a.cat',
    'let <a, b> = p and f = {<x, y> -> x}',
    'let rec r = r',
    'let g = {x -> x}',
    'let h = {<> -> 0}',
    'acyclic (a|b) as one',
    'flag ~empty c as null',
    '~irreflexive d as two',
    'show a,b as null',
    'unshow c as null',
    'show (a|b) as z',
  ]);
});

test.each([
  ['SC', 'SC'],
  ['ARM armv8', 'armv8'],
  ['"a b"', 'a b'],
  ['', null],
])('title %s', (text, title) => {
  expect(parse(text).value?.title).toBe(title);
});

test('spans cover what was written', () => {
  const { value } = parse('let x = a | (b ; c)+\nacyclic  x as  y');
  const [definition, check] = value!.statements;
  expect(definition?.kind === 'let' && spanText(definition.bindings[0]!.value.span)).toBe('a | (b ; c)+');
  expect(spanText(check!.span)).toBe('acyclic  x as  y');
});

test.each([
  [
    'let x = a; ;b',
    `m.cat:1:12: error: unexpected \`;\`; expected an expression [syntax]
 1 | let x = a; ;b
   |            ^`,
  ],
  [
    'let x = (a',
    `m.cat:1:11: error: the model ends here; expected \`)\` [syntax]
 1 | let x = (a
   |           ^`,
  ],
  [
    'let x = a || b',
    `m.cat:1:11: error: unexpected \`|\`; expected an operator or a statement [syntax]
 1 | let x = a || b
   |           ^`,
  ],
  [
    '"t"\nlett x = 3',
    `m.cat:2:1: error: unexpected \`lett\`; expected a statement [syntax]
 2 | lett x = 3
   | ^^^^
  hint: did you mean \`let\`?`,
  ],
  [
    'let x = a^-2',
    `m.cat:1:11: error: unexpected \`-\`; expected \`-1\` [syntax]
 1 | let x = a^-2
   |           ^`,
  ],
  [
    'empty r as',
    `m.cat:1:11: error: the model ends here; expected a name [syntax]
 1 | empty r as
   |           ^`,
  ],
  [
    'let x = po\n(* a (* b *)\nlet y = po',
    `m.cat:2:1: error: this comment is never closed [syntax]
 2 | (* a (* b *)
   | ^^
  hint: add \`*)\`; comments nest`,
  ],
  [
    'include "a.cat',
    `m.cat:1:9: error: this string is never closed [syntax]
 1 | include "a.cat
   |         ^`,
  ],
  [
    'let x = if "v" then a else b',
    `m.cat:1:9: error: \`if\` expressions of the cat language: not supported yet [unsupported-cat]
 1 | let x = if "v" then a else b
   |         ^^`,
  ],
  [
    'let a = b\nwith co from f(a)',
    `m.cat:2:1: error: \`with ... from\` of the cat language: not supported yet [unsupported-cat]
 2 | with co from f(a)
   | ^^^^`,
  ],
  [
    "enum X = 'a || 'b",
    `m.cat:1:1: error: \`enum\` declarations of the cat language: not supported yet [unsupported-cat]
 1 | enum X = 'a || 'b
   | ^^^^`,
  ],
  [
    '%PDF-1.4',
    `m.cat:1:1: error: unexpected \`%\`; expected a statement [syntax]
 1 | %PDF-1.4
   | ^`,
  ],
])('error: %j', (text, expected) => {
  const { value, diagnostics } = parse(text);
  expect(value).toBe(null);
  expect(renderDiagnostics(diagnostics)).toBe(expected);
});

test('too deep to be read is an error, not a crash', () => {
  expect(parse(`let x = ${'('.repeat(20000)}`).diagnostics.map(({ code }) => code)).toEqual(['too-deep']);
});

test('damaged models are read or refused with a place', () => {
  const pieces = [
    '(*',
    '*)',
    '"',
    'let',
    'rec',
    '=',
    '(',
    ')',
    ']',
    '|',
    ';',
    '^-1',
    'as',
    'flag',
    '\u0000',
    '_',
  ];
  const damage = fc.record({
    text: fc.constantFrom(lkmm.slice(-1500), arm64.slice(-900)),
    at: fc.nat(1500),
    drop: fc.nat(12),
    insert: fc.constantFrom('', ...pieces),
  });
  fc.assert(
    fc.property(damage, ({ text, at, drop, insert }) => {
      const { value, diagnostics } = parse(text.slice(0, at) + insert + text.slice(at + drop));
      expect(value === null).toBe(diagnostics.length > 0);
      for (const { span } of diagnostics) expect(span).not.toBe(null);
    }),
    { numRuns: 60, seed: 5 },
  );
});
