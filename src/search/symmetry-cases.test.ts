/** Which threads are exchangeable, and how many executions one then stands for, on tests that people write. */
import { describe, expect, test } from 'vitest';
import { elaborateC } from '../elaborate/elaborate.js';
import { compileModel, noIncludes } from '../model/compile.js';
import type { CompiledModel } from '../model/dag.js';
import { loadShippedModel } from '../model/shipped.js';
import type { Program } from '../program/ir.js';
import { parseLitmus } from '../syntax/parse.js';
import { renderDiagnostics } from '../text/render.js';
import { unfoldProgram } from '../unfold/unfold.js';
import { candidatesWith } from './candidates.js';
import type { Mode, SearchResult } from './execution.js';
import { planFor } from './plan-for.js';
import { searchProgram, visitExecutions } from './search.js';
import { findSymmetry } from './symmetry.js';

const PARAMETERS = 'int *x, int *y, int *u, int *v, int **p, spinlock_t *l';

function programOf(threads: readonly string[], asked: string, initial = ''): Program {
  const bodies = threads.map((body, i) => `P${i}(${PARAMETERS})\n{\n${body}\n}\n`).join('\n');
  const { value: litmus, diagnostics } = parseLitmus({
    name: 'test',
    text: `C test\n{ ${initial} }\n${bodies}\n${asked}\n`,
  });
  if (litmus?.dialect !== 'C') throw new Error(renderDiagnostics(diagnostics));
  const program = elaborateC(litmus);
  if (program.value === null) throw new Error(renderDiagnostics(program.diagnostics));
  return program.value;
}

const lkmm = loadShippedModel('lkmm');

function classes(program: Program, mode: Mode, model: CompiledModel = lkmm): string {
  const symmetry = findSymmetry(program, unfoldProgram(program), planFor(model), mode);
  const shown = symmetry?.classes.map(({ threads, locations }) =>
    threads.map((thread, i) => [thread, ...locations[i]!.map(({ name }) => name)].join(':')).join(' '),
  );
  return shown?.join(' | ') ?? 'none';
}

const inc = 'int r0 = xchg(x, 1);';
const reader = 'int r0 = READ_ONCE(*x); int r1 = READ_ONCE(*y);';
const writer = 'WRITE_ONCE(*x, 1); WRITE_ONCE(*y, 1);';
const own = (name: string) => `int r0 = READ_ONCE(*x); WRITE_ONCE(*${name}, r0);`;
const publish = (name: string) => `WRITE_ONCE(*p, ${name}); WRITE_ONCE(*${name}, 1);`;

describe('exchangeable threads', () => {
  test.each<[string, readonly string[], string, string]>([
    ['the same', [inc, inc, inc], 'exists (x=1)', '0 1 2'],
    ['two kinds', [writer, reader, writer, reader], 'exists (x=1)', '0 2 | 1 3'],
    ['different values', ['WRITE_ONCE(*x, 1);', 'WRITE_ONCE(*x, 2);'], 'exists (x=1)', 'none'],
    ['another fence', [reader, `${reader} smp_mb();`], 'exists (x=1)', 'none'],
    ['one is observed', [reader, reader, reader], 'exists (1:r0=1)', '0 2'],
    ['two are', [reader, reader, reader], 'exists (1:r0=1 /\\ 2:r0=1)', '1 2'],
    ['but not as much', [reader, reader], 'exists (0:r0=1 /\\ 1:r1=1)', 'none'],
    ['own locations', [own('u'), own('v'), writer], 'exists (x=1)', '0:u 1:v'],
    ['one of which is observed', [own('u'), own('v'), writer], 'exists (u=1)', 'none'],
    ['both', [own('u'), own('v'), writer], 'exists (u=1 /\\ v=0)', '0:u 1:v'],
    ['one that another reads', [own('u'), own('v'), 'int r0 = READ_ONCE(*u);'], 'exists (x=1)', 'none'],
    [
      'a ring',
      ['WRITE_ONCE(*x, 1); int r0 = READ_ONCE(*y);', 'WRITE_ONCE(*y, 1); int r0 = READ_ONCE(*x);'],
      'exists (0:r0=0 /\\ 1:r0=0)',
      'none',
    ],
    ['addresses of own locations', [publish('u'), publish('v'), reader], 'exists (2:r0=1)', '0:u 1:v'],
    [
      'locks',
      Array.from({ length: 3 }, () => 'spin_lock(l); WRITE_ONCE(*x, 1); spin_unlock(l);'),
      'exists (x=1)',
      '0 1 2',
    ],
    [
      'sections',
      Array.from({ length: 2 }, () => `rcu_read_lock(); ${reader} rcu_read_unlock();`),
      'exists (x=1)',
      '0 1',
    ],
    [
      'writes to an address that is read',
      Array.from({ length: 2 }, () => 'int *r0 = READ_ONCE(*p); WRITE_ONCE(*r0, 1);'),
      'exists (x=1)',
      'none',
    ],
  ])('%s', (_, threads, asked, expected) => {
    expect(classes(programOf(threads, asked), 'count')).toBe(expected);
  });

  test.each<[string, string, string]>([
    ['exists (0:r0=1 /\\ 1:r0=1)', '0 1', '0 1'],
    ['exists (0:r0=1 /\\ 1:r0=0)', '0 1', 'none'],
    ['exists ((0:r0=1 /\\ 1:r0=0) \\/ (0:r0=0 /\\ 1:r0=1))', '0 1', '0 1'],
    ['forall (0:r0=1 => 1:r0=1)', '0 1', 'none'],
    ['exists (not (0:r0=1 /\\ 1:r0=1))', '0 1', '0 1'],
    ['filter (0:r0=1) exists (1:r0=1)', 'none', 'none'],
    ['filter (1:r0=1 \\/ 0:r0=1) exists (1:r0=1)', '0 1', 'none'],
  ])('under %s', (asked, counting, judging) => {
    const program = programOf([inc, inc, reader], asked);
    expect([classes(program, 'count'), classes(program, 'verdict')]).toEqual([counting, judging]);
  });

  test('need the same initial values', () => {
    expect(classes(programOf([own('u'), own('v')], 'exists (x=1)', 'u = 1;'), 'count')).toBe('none');
  });

  test('a pointer to what is renamed is renamed', () => {
    const asked = 'exists (x=1)';
    expect(classes(programOf([own('u'), own('v')], asked, 'int *p = u;'), 'count')).toBe('none');
    expect(classes(programOf([own('u'), own('v')], asked, 'int *p = x;'), 'count')).toBe('0:u 1:v');
  });

  test('are not sought under models with general functions', () => {
    const text =
      '"general" let rec f s = match s with || {} -> 0 || e ++ es -> (e * es) | f es end acyclic f (R) | rf';
    const general = compileModel({ name: 'general', text }, noIncludes, ['lkmm']).value!;
    expect(classes(programOf([inc, inc], 'exists (x=1)'), 'count', general)).toBe('none');
  });
});

function run(program: Program, mode: Mode, symmetry: boolean): SearchResult {
  return searchProgram(program, lkmm, { mode, unroll: 4, expired: null, techniques: { symmetry } });
}

describe('one for all', () => {
  test('n! orders of read-modify-writes are one candidate', () => {
    const count = (n: number) => {
      const threads = Array.from({ length: n }, () => 'int r0 = xchg(x, 1);');
      const { positive, candidates, limit, kinds } = run(programOf(threads, 'exists (x=1)'), 'count', true);
      return { positive, candidates, limit, kinds };
    };
    expect(count(8)).toEqual({ positive: 40320, candidates: 1, limit: null });
    expect(count(18)).toEqual({ positive: 6402373705728000, candidates: 1, limit: null });
    // which states there are is known all the same
    const { limit, kinds } = count(19);
    expect(limit).toContain('2^53');
    expect(kinds).toEqual({ satisfying: true, other: false });
  });

  test('each reader order has its states', () => {
    const program = programOf(
      [writer, reader, reader, reader],
      'exists (1:r0=1 /\\ 1:r1=0 /\\ 2:r0=1 /\\ 2:r1=1 /\\ 3:r0=0 /\\ 3:r1=0)',
    );
    const [all, some] = [run(program, 'count', false), run(program, 'count', true)];
    expect([all.states.length, all.candidates, all.positive]).toEqual([64, 64, 1]);
    // multisets of three of the four things that a reader may see
    expect([some.states.length, some.candidates, some.positive]).toEqual([64, 20, 1]);
  });

  test('visits and candidates for explanations are all there', () => {
    const program = programOf([writer, reader, reader], 'exists (1:r0=1 /\\ 2:r0=0)');
    const options = { unroll: 4, expired: null };
    let visited = 0;
    visitExecutions(program, lkmm, options, () => {
      visited++;
      return true;
    });
    expect(visited).toBe(run(program, 'count', true).positive! + run(program, 'count', true).negative!);
    expect(candidatesWith(program, lkmm, program.condition.proposition, 50, options).length).toBe(4);
  });

  test('the witness of an image shows the threads in their own code', () => {
    const program = programOf([own('u'), own('v'), writer], 'exists (u=0 /\\ v=1)');
    const { states } = run(program, 'outcomes', true);
    for (const { values, witness } of states) {
      const execution = witness();
      expect(execution.finals).toEqual(values);
      const named = execution.events.filter(({ source, location }) => source !== null && location !== null);
      // P0 writes to u and P1 to v, in the text too
      for (const { source, location } of named) expect(source!.text).toContain(`*${location!.name}`);
    }
    expect(states.length).toBe(4);
  });
});
