/** What the type check accepts, the interpreter evaluates: on random expressions, most of which make no sense. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventSet, Relation } from '../relation/relation.js';
import { compileModel } from './compile.js';
import { evaluateModel } from './evaluate.js';
import { tinyExecution } from './tiny-executions.js';

const executions = [
  tinyExecution(['Wx1 Wy1', 'Rx2', 'Wx2 Ry0']),
  tinyExecution(['Wx1']),
  tinyExecution(['F:Mb']),
];

const { value: expressions } = fc.letrec<{ value: string }>((tie) => {
  const one = tie('value');
  const pair = fc.tuple(one, one);
  const bound = fc.constantFrom('v', 'e', 'es');
  return {
    value: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      fc.constantFrom('R', 'W', 'po', 'rf', 'e', 'es', 'v', '{}', '0', 'R \\ R', '_', "'a"),
      fc.tuple(one, fc.constantFrom('|', '&', '\\', ';', '*', '++', '++'), one).map((parts) => `(${parts.join(' ')})`),
      pair.map(([a, b]) => `{${a}, ${b}}`),
      pair.map(([a, b]) => `(${a}, ${b})`),
      one.map((a) => `{${a}}`),
      fc.tuple(one, fc.constantFrom('^-1', '+', '?')).map(([a, op]) => `(${a})${op}`),
      one.map((a) => `~(${a})`),
      one.map((a) => `[${a}]`),
      fc.tuple(one, one, one).map(([a, b, c]) => `(match (${a}) with || {} -> ${b} || e ++ es -> ${c} end)`),
      fc.tuple(bound, one, one).map(([v, f, s]) => `(map (fun ${v} -> ${f}) (${s}))`),
      fc.tuple(bound, one, one).map(([v, f, s]) => `(fold ((fun (${v}, es) -> ${f}), ${s}))`),
      fc.tuple(fc.constantFrom('=', 'subset', 'in'), one, one, pair).map(
        ([op, a, b, [c, d]]) => `(if (${a}) ${op} (${b}) then ${c} else ${d})`,
      ),
      fc.tuple(fc.constantFrom('cross', 'classes-loc', 'classes', 'domain'), one).map(([f, a]) => `(${f} (${a}))`),
      pair.map(([a, b]) => `(try (${a}) with (${b}))`),
    ),
  };
}); // biome-ignore format: a table

const start = `enum T = 'a let e = 0 let es = W let v = rf
  let fold (f, s) = let rec go (s, a) = match s with || {} -> a || e ++ es -> go (es, f (e, a)) end in go (s, {})`;

test('an accepted expression has a value in every execution', () => {
  let accepted = 0;
  fc.assert(
    fc.property(expressions, (expr) => {
      const text = `${start} let x = ${expr} let y = map (fun z -> W) {x, x} let seen = if x = x then W else R empty seen`;
      const { value: model } = compileModel({ name: 'm.cat', text });
      if (model === null) return;
      accepted++;
      for (const execution of executions) {
        const evaluation = evaluateModel(model, execution);
        for (const [name, id] of model.names) {
          const value = evaluation.value(id);
          expect(value instanceof EventSet || value instanceof Relation, name).toBe(true);
        }
        expect(evaluation.value(model.checks[0]!.node)).toEqual(execution.sets.get('W'));
      }
    }),
    { numRuns: 500, seed: 3 },
  );
  expect(accepted).toBeGreaterThan(100);
});
