import { describe, expect, test } from 'vitest';
import { compileModel } from '../model/compile.js';
import { loadShippedModel, shippedModels } from '../model/shipped.js';
import { checkText, excerptsOf } from './model-source.js';

const text = `"A model"

(* Head. (* nested *) *)

(* ---- One ---- *)

(* About a, and a quote: ". *)
let a = po

let b = rf

(* About c and d. *)
let c = co
let d = a | b | c

(* ---- Two ---- *)

// About e,
// in two lines.
let e = d | fr

acyclic
  e as order
(* Not used. *)
empty rmw & co as none
`;

const model = compileModel({ name: 'my.cat', text }).value!;

function partsFor(names: readonly string[]): readonly string[] {
  const order = model.checks.filter(({ name }) => name === 'order');
  return excerptsOf(model, order, new Set(names)).flatMap(({ parts }) => parts);
}

describe('excerpts of a model', () => {
  test('begin with the comment at the start of its file', () => {
    const [excerpt] = excerptsOf(model, model.checks, new Set());
    expect([excerpt?.file.name, excerpt?.head]).toEqual(['my.cat', '(* Head. (* nested *) *)']);
  });

  test('have a check as it is written, below its heading', () => {
    expect(partsFor([])).toEqual(['(* ---- Two ---- *)', 'acyclic\n  e as order']);
  });

  const cases: readonly [string, string, readonly string[]][] = [
    ['the comment above it', 'a', ['(* ---- One ---- *)', '(* About a, and a quote: ". *)\nlet a = po']],
    ['no comment of another', 'b', ['(* ---- One ---- *)', 'let b = rf']],
    ['the comment above its group', 'd', ['(* ---- One ---- *)', '(* About c and d. *)\nlet d = a | b | c']],
  ];
  test.each(cases)('have a definition with %s', (_, name, expected) => {
    expect(partsFor([name]).slice(0, -2)).toEqual(expected);
  });

  test('have comments of lines, too', () => {
    expect(partsFor(['e'])[1]).toBe('// About e,\n// in two lines.\nlet e = d | fr');
  });

  test('show a comment once', () => {
    expect(partsFor(['c', 'd'])).toEqual([
      '(* ---- One ---- *)',
      '(* About c and d. *)\nlet c = co',
      'let d = a | b | c',
      '(* ---- Two ---- *)',
      'acyclic\n  e as order',
    ]);
  });

  test.each(shippedModels.map(({ name }) => name))('name the sources of %s', (name) => {
    const shipped = loadShippedModel(name);
    const axioms = shipped.checks.filter(({ flag }) => !flag);
    const excerpts = excerptsOf(shipped, axioms, new Set());
    expect(excerpts.map(({ head }) => head).join('\n')).toMatch(/Source/);
    for (const check of axioms)
      expect(
        excerpts
          .flatMap(({ parts }) => parts)
          .join('\n')
          .replace(/\s+/g, ' '),
      ).toContain(checkText(check));
  });
});
