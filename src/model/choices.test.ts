/** Models with values that only an execution determines, compiled and evaluated on hand-made executions. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { show } from '../relation/notation.js';
import { type EventSet, Relation } from '../relation/relation.js';
import { renderDiagnostics } from '../text/render.js';
import type { SourceFile } from '../text/source.js';
import { compileModel } from './compile.js';
import type { CompiledModel } from './dag.js';
import { type Environment, evaluateModel } from './evaluate.js';
import { ModelEvaluationError } from './evaluation-error.js';
import { showNode } from './show-node.js';
import { tinyExecution } from './tiny-executions.js';

function compile(text: string, files: Record<string, string> = {}) {
  const resolve = (name: string): SourceFile | null =>
    files[name] === undefined ? null : { name, text: files[name] };
  return compileModel({ name: 'm.cat', text }, resolve);
}

function compiled(text: string, files: Record<string, string> = {}): CompiledModel {
  const { value, diagnostics } = compile(text, files);
  expect(renderDiagnostics(diagnostics.filter(({ severity }) => severity === 'error'))).toBe('');
  return value!;
}

/** All ways to choose, in order. */
function candidates(model: CompiledModel, environment: Environment): Environment[] {
  const withoutChecks = { ...model, checks: [] };
  return model.choices.reduce<Environment[]>(
    (prefixes, choice) =>
      prefixes.flatMap((prefix) => {
        const node = model.nodes[choice.node]!;
        const { value } = evaluateModel(withoutChecks, prefix);
        const inputs = 'inputs' in node ? node.inputs.map(value) : [];
        return choice
          .domain(inputs, environment.n)
          .map((element) => ({ ...prefix, chosen: [...(prefix.chosen ?? []), element] }));
      }),
    [{ ...environment, chosen: [] }],
  );
}

/** Events 0, 1: initial writes of x and y; 2: Wx1; 3: Wy1; 4: Rx2; 5: Wx2; 6: Ry0. */
const execution = tinyExecution(['Wx1 Wy1', 'Rx2', 'Wx2 Ry0']);

function valueIn(text: string, name = 'x', environment = execution): string {
  const model = compiled(`${text} let last = 0 empty last`);
  const id = model.names.get(name);
  expect(id).toBeDefined();
  return show(evaluateModel(model, environment).value(id!)).replace(/ ?\/.*/, '');
}

describe('the value of', () => {
  test.each([
    // elements and sets of them, in and out of the graph's types
    ['let x = match W with || {} -> {} || e ++ es -> {e} end', '0'],
    ['let x = match W with || {} -> {} || e ++ es -> e end', '0'],
    ['let e = match W with || {} -> {} || e ++ es -> e end let x = [e] | e * R', '0>0 0>4 0>6'],
    ['let p = match rf with || {} -> {} || p ++ ps -> p end let x = p^-1 | po', '2>3 5>6 6>1'],
    ['let x = map (fun e -> e) W', '0 1 2 3 5'],
    ['let x = map (fun p -> p) (rf | po)', '1>6 2>3 5>4 5>6'],
    ['let x = map (fun (e) -> e) (map (fun e -> e) R)', '4 6'],
    ['let x = map (fun p -> p^-1) rf ; po', '4>6'],
    ['let f e = (W * {e}) & loc & ext let x = match R with || {} -> 0 || e ++ s -> map (fun p -> p) (f e) end', '0>4 2>4 5>4'],
    // recursive functions, on the graph's values and on others
    ['let rec f (s, r) = match s with || {} -> r || e ++ es -> f (es, r | {e} * {e}) end let x = f (R, 0)', '4>4 6>6'],
    ['let rec even s = match s with || {} -> R || e ++ es -> odd es end and odd s = match s with || {} -> W || e ++ es -> even es end let x = even W', '0 1 2 3 5'],
    ['let rec both sets = match sets with || {} -> _ || s ++ rest -> s & both rest end let x = both {R | W, M \\ IW, W}', '2 3 5'],
    ['let rec any sets = match sets with || {} -> {} || s ++ rest -> s | any rest end let x = any (classes-loc(R))', '4 6'],
    ['let fold f = let rec go (s, a) = match s with || {} -> a || e ++ es -> go (es, f (e, a)) end in go let x = fold (fun (e, a) -> e ++ a) (R, {})', '4 6'],
    // functions that decide on what is there
    ['let f s = if s subset W then s else {} let x = f W | f R', '0 1 2 3 5'],
    ['let f e = if e in IW then {e} else {} let x = match W with || {} -> {} || e ++ es -> f e | (match es with || {} -> {} || e ++ es -> f e end) end', '0 1'],
    ['let only s = match s with || {} -> {} || e ++ es -> match es with || {} -> {e} || f ++ fs -> {} end end let x = only (R & domain(rf)) | only (R & range(po)) | only R', '6'],
    // a value that depends on a fixpoint, and a fixpoint through values
    ['let rec r = po | r ; r let x = map (fun p -> p) (r \\ id)', '2>3 5>6'],
    ['let rec r = map (fun p -> p) (po | rf | r ; r) let x = r', '1>6 2>3 5>4 5>6'],
    ['let rec a = R | f a and f s = match s & W with || {} -> range(rf^-1) || e ++ es -> s | {e} end let x = a', '1 4 5 6'],
  ])('%s', (text, expected) => {
    expect(valueIn(text)).toBe(expected);
  }); // biome-ignore format: one case in a line
});

test('a match on a set stays in the graph: what it depends on is an input, and no more', () => {
  const model = compiled('let w = W let x = map (fun e -> e) (R \\ domain(po)) empty x');
  const node = model.nodes[model.checks[0]!.node]!;
  expect(node.op).toBe('computed');
  const inputs = 'inputs' in node ? node.inputs.map((id) => model.nodes[id]!.op) : [];
  expect(inputs).toEqual(['difference']);
  expect(model.computations).toHaveLength(1);
});

describe('choices', () => {
  test.each([
    ['with x from {po, rf}', ['2>3 5>6', '1>6 5>4']],
    ['with x from {R, W}', ['4 6', '0 1 2 3 5']],
    ['with x from {R, R}', ['4 6']],
    ['with x from {}', []],
    ['with x from {{}}', ['']],
    ['with x from linearisations(IW, 0)', ['0>1', '1>0']],
    ['with x from linearisations(W, po | po^-1)', []],
    ['with x from map (fun e -> {e}) R', ['6', '4']],
    ['with x from map (fun p -> p ++ 0) po', ['5>6', '2>3']],
    ['with x from cross(map (fun e -> map (fun p -> p ++ 0) (({e} * W) & loc & ext)) R)', 6],
    ['with x from cross(map (fun e -> map (fun p -> p ++ 0) (({e} * W) & po)) R)', []],
    ['with a from {po, rf} with x from {a, a ; po, co}', ['2>3 5>6', '', '0>2 0>5 1>3 2>5', '1>6 5>4', '', '0>2 0>5 1>3 2>5']],
    ['with _ from {po, rf} let x = R', ['4 6', '4 6']],
    ['procedure p r = with a from {r, r^-1} empty a end call p po let x = R', ['4 6', '4 6']],
  ])('%s', (text, expected) => {
    const model = compiled(`${text} empty 0`);
    const found = candidates(model, execution).map((environment) =>
      show(evaluateModel(model, environment).value(model.names.get('x')!)).replace(/ ?\/.*/, ''),
    );
    if (typeof expected === 'number') expect(new Set(found).size).toBe(expected);
    else expect(found).toEqual(expected);
  }); // biome-ignore format: one case in a line
});

/** The permutations of a list, the naive way. */
function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, i) =>
    permutations([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [item, ...rest]),
  );
}

/** A random execution of accesses to three locations by up to three threads. */
const accesses = fc.array(fc.array(fc.constantFrom('Wx1', 'Wx2', 'Wy1', 'Wz1', 'Rx0', 'Ry1'), { maxLength: 3 }), {
  minLength: 1,
  maxLength: 3,
}); // biome-ignore format: a table

/** Coherence orders by brute force: of all permutations of each location's writes those that agree with `known`. */
function naiveOrders(environment: Environment, writes: EventSet, known: Relation): string[] {
  const { n } = environment;
  const location = environment.relations.get('loc')!;
  const groups = new Map<string, number[]>();
  for (const event of writes.members()) {
    const key = location.successors(event).join();
    groups.set(key, [...(groups.get(key) ?? []), event]);
  }
  const choices = [...groups.values()].map((group) =>
    permutations(group).filter((order) =>
      order.every((b, j) => order.slice(j).every((a) => !known.has(a, b))),
    ),
  );
  const products = choices.reduce<number[][][]>(
    (all, orders) => all.flatMap((done) => orders.map((order) => [...done, order])),
    [[]],
  );
  return products.map((orders) =>
    show(
      Relation.of(
        n,
        orders.flatMap((order) =>
          order.flatMap((a, i) => order.slice(i + 1).map((b): [number, number] => [a, b])),
        ),
      ),
    ),
  );
}

describe('generated coherence is all orders of the writes of each location', () => {
  const knownFirst = 'let before = loc & (IW * (W \\ IW))';
  // The last is a product of orders in cat itself, instead of the function `cross`.
  const product = `
    let cross sets =
      let rec combine (sets, u, found) = match sets with
        || {} -> u ++ found
        || one ++ others ->
           let rec each (choices, found) = match choices with
             || {} -> found
             || c ++ rest -> each (rest, combine (others, c | u, found))
             end in each (one, found)
        end in combine (sets, 0, {})
    with co from cross(map (fun s -> linearisations(s, before)) (classes-loc(W)))`;
  test.each([
    'include "cross.cat" with co from generate_cos(before)',
    'with co from cross(map (fun s -> linearisations(s, before)) (classes-loc W))',
    product,
  ])('%s', (text) => {
    const model = compiled(`${knownFirst} ${text} acyclic co as order`);
    expect(model.choices.map(({ name }) => name)).toEqual(['co']);
    expect(model.coherence).toBe(model.choices[0]!.node);
    fc.assert(
      fc.property(accesses, (threads) => {
        const environment = tinyExecution(threads.map((thread) => thread.join(' ')).filter((t) => t !== ''));
        const writes = environment.sets.get('W')!;
        const initial = environment.sets.get('IW')!;
        const found = candidates(model, environment).map(({ chosen }) => chosen![0]!);
        const known = Relation.of(
          environment.n,
          initial.members().flatMap((a) =>
            environment.relations
              .get('loc')!
              .successors(a)
              .filter((b) => writes.has(b) && !initial.has(b))
              .map((b): [number, number] => [a, b]),
          ),
        );
        expect(found.map(show).sort()).toEqual(naiveOrders(environment, writes, known).sort());
      }),
      { numRuns: 60, seed: 5 },
    );
  });
});

describe('whose coherence final states are read off', () => {
  test.each([
    ['acyclic co', null],
    ['acyclic rf', null],
    ['let co = co & ext acyclic co', null],
    ['with co from {po, rf} acyclic co | fr', null],
    ['with co from {po, rf} let fr = rf^-1 ; co acyclic co | fr', 'co'],
    ['with mo from {po, rf} let co = mo+ acyclic co', 'mo+'],
    ['with x from {po, co} let co = x acyclic co', null],
  ])('%s', (text, expected) => {
    const model = compiled(text);
    expect(model.coherence === null ? null : showNode(model, model.coherence)).toBe(expected);
  });
});

/** Names of the checks that fail and of the flags that are raised. */
function outcome(text: string): string[] {
  const { failed, raised } = evaluateModel(compiled(text), execution);
  return [...failed, ...raised].map(({ name, flag }) => (flag ? `flag ${name}` : name));
}

describe('forall', () => {
  test.each([
    ['forall e in R do empty {e} & IW as a end', []],
    ['forall e in W do empty {e} & IW as a end', ['a']],
    ['forall e in W do ~empty {e} & IW as a end', ['a']],
    ['forall e in IW do ~empty {e} & IW as a end', []],
    ['forall e in W & R do ~empty {e} as a end', []],
    ['forall e in R do let out = {e} * _ let r = out & po irreflexive r as a acyclic rf & out as b empty r as c end', []],
    ['forall e in W do let out = {e} * _ let r = out & po irreflexive r as a acyclic r | r^-1 as b empty r as c end', ['b', 'c']],
    ['forall p in rf do irreflexive p ; rf^-1 as a end', ['a']],
    ['forall s in {R, W} do empty [s] ; rf as a flag ~empty [s] ; co ; [s] as b flag ~empty s & F as c end', ['a', 'flag b']],
    ['forall s in {R, W} do undefined_unless empty [s] ; rf as a end', ['flag *undef*']],
    ['forall a in R do forall b in R do empty ({a} * {b}) \\ id as a end end', ['a']],
    ['forall a in R do forall b in {a} do empty ({a} * {b}) \\ id as a end end', []],
    ['procedure p (s, r) = empty [s] ; r as here end forall s in {R, F} do call p (s, rf^-1) end', ['here']],
    ['let r = rf procedure p s = empty [s] ; r as here end let r = rf^-1 forall s in {R, F} do call p s end', []],
    ['let x = W forall x in {R} do empty x & W as a end', []],
    ['forall s in {R} do if "v" then empty s as a else empty s & W as b end end', []],
    ['forall s in {{R}, {W, F}} do forall t in s do empty t & IW as a end end', ['a']],
  ])('%s', (text, expected) => {
    expect(outcome(text)).toEqual(expected);
  }); // biome-ignore format: one case in a line
});

describe('mistakes in what only an execution determines are found before there is one', () => {
  test.each([
    ['empty {po}', '`empty` takes a set or a relation, not a set of relations'],
    ['let x = {R, po}', 'a set in one case and a relation in another'],
    ['let x = map (fun e -> e ; po) R', 'event used as relation: `;` takes a relation'],
    ['let x = map (fun e -> [e] ; po) rf', 'pair used as set: `[...]` takes a set'],
    ['let x = match R with || {} -> po || e ++ es -> es end', 'a relation in one case and a set in another'],
    ['let x = {R} & po', '`&` of a set of sets of events and a relation'],
    ['let x = R ++ W', 'a set is not an element of a set'],
    ['let f e = e in let x = match R with || {} -> 0 || e ++ es -> f end', 'an empty set in one case and a function in another'],
    ['let x = map (fun (a, b) -> a) rf', 'expected a tuple of 2, found one value'],
    ['let x = map (fun e -> nothing) R', '`nothing` is not defined'],
    ['let x = map (fun e -> e) (fun e -> e)', 'a match on sets takes a set, not a function'],
    ['let x = cross({po})', null],
    ['let x = cross(R)', '`cross` takes a set of sets of sets or relations, not a set'],
    ['let x = linearisations(po, po)', 'relation used as set: `linearisations` takes a set'],
    ['let x = linearisations(R)', 'expected a tuple of 2, found one value'],
    ['with x from po', '`with` takes a set of sets or of relations, not a relation'],
    ['with x from {(R, W)}', '`with` takes a set of sets or of relations, not a set of tuples'],
    ['let rec f s = match s with || {} -> f s || e ++ es -> f es end let x = f R', 'this has no value: a function calls itself in every case'],
    ['let rec f s = match R with || {} -> s || e ++ es -> f {s} end let x = f R', 'a function that applies itself, or builds sets of sets, without end'],
    ['forall p in (R, W) do empty R end', '`forall` takes a set, not a tuple'],
    ['forall s in {R} do acyclic s end', 'set used as relation: `acyclic` takes a relation'],
    ['forall s in {R} do include "x.cat" end', '`include` in a loop over what executions determine: not supported'],
    ['forall s in {R} do with x from {s} end', '`with` in a loop over what executions determine: not supported'],
  ])('%s', (text, message) => {
    const { diagnostics } = compile(`${text} acyclic po`);
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    expect(errors.map((error) => error.message)).toEqual(message === null ? [] : [message]);
    expect(errors.every(({ span }) => span !== null)).toBe(true);
  }); // biome-ignore format: one case in a line
});

test('a function that does not come to an end in an execution breaks off', () => {
  const model = compiled('let rec f s = match s with || {} -> R || e ++ es -> f s end let x = f R empty x');
  expect(() => evaluateModel(model, execution)).toThrow(ModelEvaluationError);
  const orders = compiled('include "cross.cat" with x from generate_orders(W, 0) empty x');
  const wide = tinyExecution(['Wx1 Wx2 Wx3 Wx4 Wx5 Wx6', 'Wy1 Wy2 Wy3 Wy4 Wy5 Wy6']);
  expect(() => candidates(orders, wide)).toThrow(
    'the combinations of one element of each of 2 sets are more than 1000000',
  );
});
