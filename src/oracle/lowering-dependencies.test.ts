/**
 * Compilation keeps the dependencies of kernel C: random programs of loads and stores that depend on each other through data, addresses,
 * branches, `?:`, `&&`, `||`, arrays and pointers may do, compiled, only what lkmm allows of their source, and all that
 * interleaving allows.
 *
 * The one exception has a table of its own. An address that is computed by a comparison orders a later load under lkmm; the
 * instructions that compute comparisons on arm64 (CSET) only pick a value, and picking orders later stores, not loads. The kernel's
 * Documentation/RCU/rcu_dereference.rst tells its authors not to rely on such addresses: a compiler may make branches of them. `?:` is
 * taken for a branch under lkmm already.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elaborateC } from '../elaborate/elaborate.js';
import { programFor } from '../lower/target.js';
import { loadShippedModel } from '../model/shipped.js';
import type { Program } from '../program/ir.js';
import { showValue } from '../program/value.js';
import { defaultSearchOptions, searchProgram } from '../search/search.js';
import { parseLitmus } from '../syntax/parse.js';
import { renderDiagnostics } from '../text/render.js';

/** Values over two locals, R and S. */
const VALUES = [
  ...[
    '1',
    '2',
    'R',
    '!R',
    'R ^ R',
    'R & 1',
    'R - R + 1',
    'R * 0 + 1',
    'R + S',
    'R << (S & 1)',
    'R == R',
    'R < 2',
  ],
  ...['R ? 1 : 1', 'R ? R : 1', 'R ? 2 : 0', 'R ? S : 1', '(R ? S : 2) ^ R'],
  ...['R && 1', 'R || 1', 'R == 1 && S == 0', 'R == 0 || S == 1'],
] as const;
/** Indices without a comparison. */
const INDICES = [
  '1',
  'R',
  'R ^ R',
  'R & 1',
  'R - R + 1',
  'R * 0 + 1',
  'R + S',
  'R | S',
  'R << (S & 1)',
] as const;

/** Statements: C is a cell, V a value, I an index for a load, `#` the statement's own number. */
const STATEMENTS = [
  'int r# = READ_ONCE(*C);',
  'int r# = smp_load_acquire(C);',
  'int r# = READ_ONCE(a[0]);',
  'int r# = READ_ONCE(a[(I) & 1]);',
  'int r#; if (V) r# = READ_ONCE(*C); else r# = 3;',
  'int *q# = READ_ONCE(*p); int r# = READ_ONCE(*q#);',
  'int r# = V;',
  'int r# = test_bit((I) & 1, w);',
  'if (V) set_bit(1, w);',
  'int r# = xchg_relaxed(C, V);',
  'int r# = xchg_relaxed(&a[(I) & 1], V);',
  'int r# = cmpxchg_relaxed(C, V, 1);',
  'int *q# = cmpxchg_relaxed(p, x, C); WRITE_ONCE(*q#, V);',
  'WRITE_ONCE(*C, V);',
  'smp_store_release(C, V);',
  'WRITE_ONCE(a[1], V);',
  'WRITE_ONCE(a[(V) & 1], V);',
  'if (V) WRITE_ONCE(*C, 1);',
  'if (V) WRITE_ONCE(*C, 1); else WRITE_ONCE(*C, 2);',
  'if (V) WRITE_ONCE(*C, 1); else WRITE_ONCE(*C, 1);',
  'int *q# = (V) ? x : y; WRITE_ONCE(*q#, V);',
  'int *q# = READ_ONCE(*p); WRITE_ONCE(*q#, V);',
  'WRITE_ONCE(*p, C);',
  'smp_wmb();',
  'smp_rmb();',
] as const;

interface Choice {
  readonly statement: number;
  readonly cell: boolean;
  readonly values: readonly number[];
  readonly locals: readonly number[];
}

const choice: fc.Arbitrary<Choice> = fc.record({
  statement: fc.nat(STATEMENTS.length - 1),
  cell: fc.boolean(),
  values: fc.tuple(fc.nat(99), fc.nat(99)),
  locals: fc.tuple(fc.nat(9), fc.nat(9)),
});

/** A thread that reads a cell first, and the locals that it has at the end. */
function threadOf(
  index: number,
  choices: readonly Choice[],
): { readonly text: string; readonly locals: string[] } {
  const locals = ['r0'];
  const lines = [`int r0 = READ_ONCE(*${index === 0 ? 'x' : 'y'});`];
  choices.forEach(({ statement, cell, values, locals: [first, second] }, i) => {
    const written = STATEMENTS[statement]!;
    const [r, s] = [first!, second!].map((n) => locals[n % locals.length]!);
    let next = 0;
    const of = (list: readonly string[]) => (): string => {
      const value = list[values[next++ % 2]! % list.length]!;
      return value.replaceAll('R', r!).replaceAll('S', s!);
    };
    const line = written.replace(/\bV\b/g, of(VALUES)).replace(/\bI\b/g, of(INDICES));
    lines.push(line.replace(/\bC\b/g, cell ? 'x' : 'y').replaceAll('#', `${i + 1}`));
    if (written.includes('int r#')) locals.push(`r${i + 1}`);
  });
  return {
    text: `P${index}(int *x, int *y, int *a, int **p, unsigned long *w)\n{\n${lines.join('\n')}\n}\n`,
    locals,
  };
}

function testOf(choices: readonly (readonly Choice[])[]): string {
  const threads = choices.map((thread, index) => threadOf(index, thread));
  const registers = threads.flatMap(({ locals }, index) => locals.map((local) => `${index}:${local};`));
  const bodies = threads.map(({ text }) => text).join('\n');
  return `C random\n{ int a[2]; int *p = x; unsigned long w = 1; }\n${bodies}\nlocations [${registers.join(' ')} x; y; a[0]; a[1]; p; w;]\nforall (true)\n`;
}

function programOf(text: string): Program {
  const parsed = parseLitmus({ name: 'random', text });
  if (parsed.value?.dialect !== 'C') throw new Error(renderDiagnostics(parsed.diagnostics));
  const { value, diagnostics } = elaborateC(parsed.value);
  expect(renderDiagnostics(diagnostics), text).toBe('');
  return value!;
}

/** Null: the test has a value that depends on itself, so that no answer is complete. */
function finalStates(program: Program, model: string): ReadonlySet<string> | null {
  const result = searchProgram(program, loadShippedModel(model), defaultSearchOptions);
  if (result.limit !== null) return null;
  return new Set(result.states.map((state) => state.values.map(showValue).join(' ')));
}

const targets = [
  ['arm64', 'lse'],
  ['arm64', 'llsc'],
  ['x86', 'lse'],
] as const;

function compiled(program: Program, target: 'arm64' | 'x86', atomics: 'lse' | 'llsc'): Program {
  const lowered = programFor(program, target, { atomics });
  expect(renderDiagnostics(lowered.diagnostics)).toBe('');
  return lowered.value!.program;
}

/** P0 writes a[1] and then publishes it; P1 looks for that and then loads by what it found. */
function published(parameters: string, write: string, read: string, load: string, init = ''): Program {
  const writer = `P0(${parameters}, int *a)\n{\nWRITE_ONCE(a[1], 1);\nsmp_wmb();\n${write}\n}`;
  const reader = `P1(${parameters}, int *a)\n{\nint r0 = ${read};\nint r1 = READ_ONCE(${load});\n}`;
  return programOf(`C t\n{ int a[2]; ${init} }\n${writer}\n${reader}\nexists (1:r0=1 /\\ 1:r1=0)\n`);
}

/** Whether the load may miss what was published. */
function verdict(program: Program, model: string): string {
  return finalStates(program, model)!.has('1 0') ? 'Sometimes' : 'Never';
}

describe('dependencies', () => {
  it('order compiled code no less than the kernel model says', () => {
    let relaxed = 0;
    let compared = 0;
    const thread = fc.array(choice, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(thread, thread, (first, second) => {
        const text = testOf([first, second]);
        const program = programOf(text);
        const [allowed, inOrder] = [finalStates(program, 'lkmm'), finalStates(program, 'sc')];
        for (const [target, atomics] of targets) {
          const reached = finalStates(compiled(program, target, atomics), target);
          if (allowed === null || inOrder === null || reached === null) continue;
          compared++;
          const context = `${target} ${atomics}\n${text}`;
          expect(
            [...reached].filter((state) => !allowed.has(state)),
            context,
          ).toEqual([]);
          expect(
            [...inOrder].filter((state) => !reached.has(state)),
            context,
          ).toEqual([]);
          if (reached.size > inOrder.size) relaxed++;
        }
      }),
      { numRuns: 90, seed: 12 },
    );
    expect(compared).toBeGreaterThan(260);
    expect(relaxed).toBeGreaterThan(8);
  });

  it.each([
    ['a[r0]', 'Never', 'Never'],
    ['a[(r0 ^ r0) + 1]', 'Never', 'Never'],
    ['a[!!r0]', 'Never', 'Sometimes'],
    ['a[r0 == 1]', 'Never', 'Sometimes'],
    ['a[r0 && 1]', 'Never', 'Sometimes'],
    ['a[r0 || 0]', 'Never', 'Sometimes'],
    ['a[(r0 == 5) + 1]', 'Never', 'Sometimes'],
    ['a[r0 ? 1 : 0]', 'Sometimes', 'Sometimes'],
  ])('in the address of a load: %s is %s on lkmm, %s on arm64', (load, kernel, arm64) => {
    const program = published('int *x', 'WRITE_ONCE(*x, 1);', 'READ_ONCE(*x)', load);
    expect(verdict(program, 'lkmm')).toBe(kernel);
    expect(verdict(compiled(program, 'arm64', 'lse'), 'arm64')).toBe(arm64);
    expect(verdict(compiled(program, 'x86', 'lse'), 'x86')).toBe('Never');
  });

  it.each([
    ['test_bit(0, w)', 'set_bit(0, w);'],
    ['test_bit(7, w)', 'WRITE_ONCE(*w, 128);'],
    ['test_bit(63, w)', 'WRITE_ONCE(*w, 1UL << 63);'],
    ['test_bit(READ_ONCE(*bit), w)', 'WRITE_ONCE(*w, 32);'],
  ])('in the address of a load: %s orders as the word does', (read, write) => {
    const program = published('unsigned long *w, int *bit', write, read, 'a[r0]', 'int bit = 5;');
    const asBool = published('unsigned long *w, int *bit', write, `!!${read}`, 'a[r0]', 'int bit = 5;');
    for (const judged of [program, asBool]) {
      expect(verdict(judged, 'lkmm')).toBe('Never');
      for (const [target, atomics] of targets)
        expect(verdict(compiled(judged, target, atomics), target), `${target} ${atomics}`).toBe('Never');
    }
    expect(finalStates(compiled(program, 'arm64', 'lse'), 'arm64')).toEqual(new Set(['0 0', '1 1']));
  });

  it.each(['x', 'y', 'NULL'])('of a pointer that was compared with %s are known', (expected) => {
    const first = `P0(int **p, int *x, int *y)\n{\nint *q = cmpxchg_relaxed(p, ${expected}, y);\nint r0 = q == x;\n}`;
    const second = 'P1(int **p, int *y)\n{\nWRITE_ONCE(*p, y);\nWRITE_ONCE(*p, NULL);\n}';
    const program = programOf(
      `C t\n{ int *p = x; }\n${first}\n${second}\nlocations [0:q; p;]\nforall (0:r0=1)`,
    );
    const states = finalStates(program, 'lkmm');
    expect(states!.size).toBeGreaterThan(2);
    for (const [target, atomics] of targets)
      expect(finalStates(compiled(program, target, atomics), target), `${target} ${atomics}`).toEqual(states);
  });
});
