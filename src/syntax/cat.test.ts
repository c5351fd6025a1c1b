import fc from 'fast-check';
import { expect, test } from 'vitest';
import { text as arm64 } from '../model/arm64.cat';
import { text as lkmm } from '../model/lkmm.cat';
import { renderDiagnostics } from '../text/render.js';
import { spanText } from '../text/source.js';
import { parseCat } from './cat.js';
import type { Binding, CatCondition, CatExpr, CatStatement } from './cat-tree.js';

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
    case 'if':
      return `if<${showCondition(expr.condition)}, ${show(expr.then)}, ${show(expr.otherwise)}>`;
    case 'try':
      return `try<${show(expr.body)}, ${show(expr.otherwise)}>`;
    case 'match-tag':
      return `match<${show(expr.subject)}, ${expr.clauses.map(({ tag, body }) => `${tag ?? '_'} -> ${show(body)}`).join(', ')}>`;
    case 'match-set': {
      const { before, element, rest } = expr;
      const pattern = [...(before === null ? [] : [before]), element, rest].map(({ name }) => name ?? '_');
      return `match<${show(expr.subject)}, {} -> ${show(expr.empty)}, ${pattern} -> ${show(expr.body)}>`;
    }
  }
}

function showCondition(condition: CatCondition): string {
  switch (condition.kind) {
    case 'variant':
      return `"${condition.name}"`;
    case 'not':
      return `!${showCondition(condition.operand)}`;
    case 'compare':
      return `${show(condition.left)} ${condition.op} ${show(condition.right)}`;
    default:
      return `(${showCondition(condition.left)} ${condition.kind} ${showCondition(condition.right)})`;
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
      return `let${statement.recursive ? ' rec' : ''} ${statement.bindings.map(showBinding).join(' and ')}${statement.when === null ? '' : ` when ${showStatement(statement.when)}`}`;
    case 'check': {
      const { role, negated, test: kind, operand, name } = statement;
      return `${role === 'check' ? '' : `${role} `}${negated ? '~' : ''}${kind} ${show(operand)} as ${name}`;
    }
    case 'include':
      return `include ${statement.path}`;
    case 'show':
      return `${statement.hide ? 'unshow' : 'show'} ${statement.operands.map(show).join(',')} as ${statement.name}`;
    case 'debug':
      return `debug ${show(statement.operand)}`;
    case 'with':
      return `with ${statement.bound.name} from ${show(statement.domain)}`;
    case 'forall':
      return `forall ${statement.bound.name} in ${show(statement.domain)} do ${showBlock(statement.body)}`;
    case 'procedure':
      return `procedure${statement.recursive ? ' rec' : ''} ${statement.name.name} ${showPattern(statement.parameters)} = ${showBlock(statement.body)}`;
    case 'call':
      return `call ${statement.callee.name}@${show(statement.argument)} as ${statement.name}`;
    case 'if':
      return `if ${showCondition(statement.condition)} ${showBlock(statement.then)} ${showBlock(statement.otherwise)}`;
    case 'match-tag':
      return `match ${show(statement.subject)} ${statement.clauses.map(({ tag, body }) => `${tag ?? '_'} -> ${showBlock(body)}`).join(' ')}`;
    case 'enum':
      return `enum ${statement.name.name} = ${statement.tags.map(({ name }) => name).join(' ')}`;
    case 'instructions':
    case 'default':
      return `${statement.kind} ${statement.name.name} ${statement.tags.map(show).join(' ')}`;
  }
}

const showBlock = (statements: readonly CatStatement[]): string =>
  `{${statements.map(showStatement).join('; ')}}`;

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
  ['if "v" then a else b | c', 'if<"v", a, (b|c)>'],
  ['if not "v" || "w" && ("x" || "y") then a else b', 'if<(!"v" or ("w" and ("x" or "y"))), a, b>'],
  ['if a | b subset (c) then a else b', 'if<(a|b) subset c, a, b>'],
  ['if a in {b} && (a) = b then a else b', 'if<(a in {b} and a = b), a, b>'],
  ['try a | b with let x = a in x', 'try<(a|b), {x = a in x}>'],
  ["match t with || 'a -> b | c || _ -> d end", 'match<t, a -> (b|c), _ -> d>'],
  ["match t with 'a -> b end", 'match<t, a -> b>'],
  ['match s with {} -> {0} || x ++ xs -> f xs end', 'match<s, {} -> {0}, x,xs -> f@xs>'],
  ['match s with || a | _ ++ b -> x || {} -> 0 end', 'match<s, {} -> 0, a,_,b -> x>'],
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
  ['with co from cos(W)', 'with co from cos@W'],
  ["forall t in {'a, 'b} do empty t show t end", "forall t in {'a, 'b} do {empty t as null; show t as null}"],
  ['procedure p(r, _) = acyclic r end', 'procedure p <r, _> = {acyclic r as null}'],
  ['procedure p () = end', 'procedure p <> = {}'],
  ['procedure rec p x = call p x as y end', 'procedure rec p x = {call p@x as y}'],
  ['call p(r, s | t)', 'call p@<r, (s|t)> as null'],
  ['if variant "x" let a = b else empty a end', 'if "x" {let a = b} {empty a as null}'],
  ['if "x" && "y" then let a = b end', 'if ("x" and "y") {let a = b} {}'],
  ["match t with || 'a -> empty r || _ -> end", 'match t a -> {empty r as null} _ -> {}'],
  ["enum B = || 'mb || 'rcu-lock", 'enum B = mb rcu-lock'],
  ["instructions R[{'once, 'a}, B]", "instructions R {'once, 'a} B"],
  ["default R['once]", "default R 'once"],
  ['undefined_unless empty r as d', 'undefined_unless empty r as d'],
  ['assert ~empty r', 'assert ~empty r as null'],
  ['let rec r = r ; s when acyclic r as w', 'let rec r = (r;s) when acyclic r as w'],
  ['let a, _ = p', 'let <a, _> = p'],
  ['debug a | b', 'debug (a|b)'],
])('statement %s', (text, expected) => {
  const { value, diagnostics } = parse(text);
  expect(renderDiagnostics(diagnostics)).toBe('');
  expect(value!.statements.map(showStatement)).toEqual([expected]);
});

test('options after the title', () => {
  const { value } = parse('"t" catdep (* c *) withoutco let x = y');
  expect(value?.title).toBe('t');
  expect(value?.options.map(({ name }) => name)).toEqual(['catdep', 'withoutco']);
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
    'let x = if "v" then a',
    `m.cat:1:22: error: the model ends here; expected \`else\` [syntax]
 1 | let x = if "v" then a
   |                      ^`,
  ],
  [
    'let a = b\nwith co in f(a)',
    `m.cat:2:9: error: unexpected \`in\`; expected \`from\` [syntax]
 2 | with co in f(a)
   |         ^^`,
  ],
  [
    "let x = match t with 'a -> b || 'c -> d",
    `m.cat:1:40: error: the model ends here; expected \`end\` [syntax]
 1 | let x = match t with 'a -> b || 'c -> d
   |                                        ^`,
  ],
  [
    "enum X = 'a | 'b",
    `m.cat:1:13: error: unexpected \`|\`; expected \`||\` or a statement [syntax]
 1 | enum X = 'a | 'b
   |             ^`,
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

test('what ends too early is reported at its end', () => {
  for (const text of ['match', 'let x = (', 'acyclic po |\n']) {
    const { span } = parse(text).diagnostics[0]!;
    expect([span!.start, span!.end]).toEqual([text.length, text.length]);
  }
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
