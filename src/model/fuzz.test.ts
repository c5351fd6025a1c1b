/** Damaged models of the whole language: compiled or refused with a place, never a crash; what compiles can be evaluated or says why not. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { renderDiagnostics } from '../text/render.js';
import { compileModel } from './compile.js';
import { evaluateModel } from './evaluate.js';
import { ModelEvaluationError } from './evaluation-error.js';
import { tinyExecution } from './tiny-executions.js';

const whole = `"all of it"
enum T = 'once || 'acquire || 'new-one
instructions R[{'once, 'acquire}, T]
let tagged t = match t with || 'once -> tag2events t || _ -> tag2events('acquire) end
forall t in T \\ {'new-one} do empty tagged t & IW as x end
let LKR = try LKR & Nowhere with emptyset
let v = if "some" && not ("other" || "more") then po else rf
if "some" let v = v | rf else include "cross.cat" end
let rec even r = match r with {} -> {} || p ++ rest -> (p ++ 0) | odd rest end
and odd r = match r with || a | p ++ b -> even (a | b) || {} -> 0 end
let rec free = W \\ domain(m) and m = m | ([free] ; po ; [free]) \\ (po ; po) when irreflexive m as w
procedure rec one s = flag ~empty s as f undefined_unless irreflexive s assert empty s & 0 end
procedure both(r, s) = acyclic r call one s as named end
let W = W & M
let co0 = co0 | (IW * (W \\ IW)) & loc
include "cos.cat"
call both(po | even(co), odd rf)
let swap = fun (x, y) -> y, x
let (a, b) = swap(po, co)
let pairs = map (fun p -> p ++ 0) (rf & ext)
with r from cross(map (fun p -> {p ++ 0, 0}) (rf & ext))
forall x in R do empty [{x}] ; r ; [{x}] end
show r & co as shown unshow po debug a
empty (a \\ b) & (if r subset co then r else 0) as last
`;

const words = whole.split(/\s+/).filter((word) => word !== '');
const environment = tinyExecution(['Wx1 Ry0', 'Wy1 Rx1']);

const names = [
  'po',
  'rf',
  'co',
  'R',
  'W',
  'M',
  'IW',
  'm',
  's',
  'r',
  'x',
  'p',
  'even',
  'T',
  'map',
  'cross',
  '0',
  '_',
];
const operators = ['|', '&', '\\', ';', '*', '++', '='];

/** The whole text with a few words replaced: mostly by words that may stand there. */
const damaged = fc
  .array(
    fc.record({
      at: fc.nat(words.length - 1),
      any: fc.constantFrom(...words, 'end', '(', ')', '{', '}', '|', '++', '||', '0', '_', "'t"),
      name: fc.constantFrom(...names),
      operator: fc.constantFrom(...operators),
      wild: fc.boolean(),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((edits) => {
    const copy: string[] = [...words];
    for (const { at, any, name, operator, wild } of edits) {
      const word = copy[at]!;
      copy[at] = names.includes(word) ? name : operators.includes(word) ? operator : wild ? any : word;
    }
    return copy.join(' ');
  });

const compile = (text: string) =>
  compileModel({ name: 'm.cat', text }, undefined, undefined, { variants: ['some'] });

test('the whole text compiles', () => {
  const { value, diagnostics } = compile(whole);
  expect(renderDiagnostics(diagnostics)).toBe('');
  expect(value!.choices.map(({ name }) => name)).toEqual(['co', 'r']);
});

test('damaged, it compiles or is refused', () => {
  const outcomes = { compiled: 0, refused: 0 };
  fc.assert(
    fc.property(damaged, (text) => {
      const { value, diagnostics } = compile(text);
      const errors = diagnostics.filter(({ severity }) => severity === 'error');
      expect(value === null).toBe(errors.length > 0);
      for (const { span, code } of errors) if (code !== 'too-deep') expect(span).not.toBe(null);
      outcomes[value === null ? 'refused' : 'compiled']++;
      if (value === null) return;
      try {
        const chosen = value.choices.map(() => environment.relations.get('co')!);
        const { failed } = evaluateModel(value, { ...environment, chosen });
        expect(failed.length).toBeLessThanOrEqual(value.checks.length);
      } catch (error) {
        expect(error).toBeInstanceOf(ModelEvaluationError);
      }
    }),
    { numRuns: 60, seed: 11 },
  );
  expect(Math.min(outcomes.compiled, outcomes.refused)).toBeGreaterThan(5);
});
