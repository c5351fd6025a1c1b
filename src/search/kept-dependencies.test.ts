/** Loops that another thread keeps going because of what they do only beyond the bound: under models that do not forbid that. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elaborateC } from '../elaborate/elaborate.js';
import type { CompiledModel } from '../model/dag.js';
import { loadShippedModel } from '../model/shipped.js';
import { compileText } from '../oracle/agreement.js';
import { stateKey } from '../oracle/compare-results.js';
import type { Program } from '../program/ir.js';
import { parseLitmus } from '../syntax/parse.js';
import { renderDiagnostics } from '../text/render.js';
import { defaultSearchOptions, searchProgram } from './search.js';

const lkmm = loadShippedModel('lkmm');
const coherence = 'acyclic po-loc | rf | co | fr as coherence';
const models: Readonly<Record<string, CompiledModel>> = {
  lkmm,
  sc: loadShippedModel('sc'),
  'nothing but coherence': compileText(coherence, 'lkmm'),
  'not even that': compileText('empty rmw & (fre ; coe) as atomic', 'lkmm'),
  control: compileText(`${coherence} acyclic ctrl ; [W] | rfe`, 'lkmm'),
  'control, of reads alone': compileText(`${coherence} acyclic ctrl ; [R] | rfe`, 'lkmm'),
  'control, as a closure': compileText(`${coherence} irreflexive (ctrl | data | rfe)+`, 'lkmm'),
  'control, and itself again': compileText(
    `${coherence} let rec o = ctrl | data | rfe | o ; o irreflexive o`,
    'lkmm',
  ),
  'no cycle of one edge': compileText(`${coherence} irreflexive ctrl | data | rfe`, 'lkmm'),
  'control, unless something follows': compileText(
    `${coherence} let last = W \\ domain(po) acyclic ctrl ; [last] | rfe`,
    'lkmm',
  ),
  barriers: compileText(`${coherence} let mb = po ; [Mb] ; po acyclic mb | ctrl | rfe`, 'lkmm'),
  'a flag': compileText(`${coherence} flag ~empty (ctrl | rfe)+ & id as control`, 'lkmm'),
};

function programOf(threads: readonly string[]): Program {
  const bodies = threads.map((body, i) => `P${i}(int *x, int *y, int *z)\n{\n${body}\n}\n`).join('\n');
  const text = `C test\n{}\n${bodies}\nexists (1:s=9)\n`;
  const { value: litmus, diagnostics } = parseLitmus({ name: 'test', text });
  if (litmus?.dialect !== 'C') throw new Error(renderDiagnostics(diagnostics));
  const program = elaborateC(litmus);
  if (program.value === null) throw new Error(renderDiagnostics(program.diagnostics));
  return program.value;
}

function search(program: Program, model: CompiledModel, unroll: number) {
  const { states, limit } = searchProgram(program, model, { ...defaultSearchOptions, unroll });
  return { limit, states: states.map(({ values }) => stateKey(values)) };
}

/** Goes on only where it reads 1 from z; its ninth turn is what the others wait for. */
const counts = `int i = 0; int r = 0;
do { i = i + 1; WRITE_ONCE(*y, i); r = READ_ONCE(*z); } while (r == 1 && i < 9);`;
const countsPlainly = counts.replace('WRITE_ONCE(*y, i)', '*y = i').replace('READ_ONCE(*z)', '*z');
const waits = 'int s; do { s = READ_ONCE(*y); } while (s != 9); WRITE_ONCE(*z, 1);';
const waitsAndStops = waits.replace('WRITE_ONCE', 'smp_mb(); WRITE_ONCE');
const asks = 'int s = READ_ONCE(*y); if (s == 9) WRITE_ONCE(*z, 1);';
const asksPlainly = asks.replace('WRITE_ONCE(*z, 1)', '*z = 1');
const copies = 'int s = READ_ONCE(*y); WRITE_ONCE(*z, s - 8);';
const copiesThrough =
  'int s = READ_ONCE(*y); WRITE_ONCE(*x, s); int t = READ_ONCE(*x); WRITE_ONCE(*z, t - 8);';
/** What comes after its loop is what the other waits for. */
const countsAndEnds = `int i = 0; int r = 0;
do { i = i + 1; r = READ_ONCE(*z); } while (r == 1 && i < 9);
if (i == 9) WRITE_ONCE(*y, 9);`;
const countsToNine = `int i = 0; int r = 0;
do { i = i + 1; r = xchg_relaxed(z, 1); if (r == 0) WRITE_ONCE(*x, i); } while (i < 9 && r == 1);
WRITE_ONCE(*y, i);`;

/** Plain data, and what nobody goes on because of, are no reason to leave an answer open. */
const locks = 'int s = 0; int r; while (xchg_acquire(x, 1)) r = *y; *y = *y + 1; smp_store_release(x, 0);';
const retries =
  'int s = READ_ONCE(*x); WRITE_ONCE(*y, 1); do { } while (!try_cmpxchg_release(x, &s, s + 1));';

describe('a loop that goes on because of what it does beyond the bound', () => {
  it.each<[string, string, readonly string[]]>([
    ['nothing but coherence', 'a wait', [counts, waits]],
    ['nothing but coherence', 'a question', [counts, asks]],
    ['nothing but coherence', 'a copy', [counts, copies]],
    ['not even that', 'a wait', [counts, waits]],
    ['no cycle of one edge', 'a question', [counts, asks]],
    ['control, of reads alone', 'a question', [counts, asks]],
    ['control, unless something follows', 'a question', [counts, asks]],
    ['a flag', 'a question', [counts, asks]],
    ['control', 'a copy', [counts, copies]],
    ['lkmm', 'a wait: what follows is not controlled', [counts, waits]],
    ['lkmm', 'a plain write', [counts, asksPlainly]],
    ['lkmm', 'plain accesses in the loop', [countsPlainly, asks]],
    ['lkmm', 'what follows the loop', [countsAndEnds, asks]],
    ['lkmm', 'the same, on a path that no bound comes to', [countsToNine, asks]],
  ])('leaves the answer open under %s: %s', (name, _, threads) => {
    const program = programOf(threads);
    expect(search(program, models[name]!, 4).limit).toMatch(/^unroll bound 4 /);
  });

  it.each<[string, string, readonly string[]]>([
    ['lkmm', 'a question', [counts, asks]],
    ['lkmm', 'a copy', [counts, copies]],
    ['lkmm', 'a copy of a copy', [counts, copiesThrough]],
    ['lkmm', 'a wait before a barrier', [counts, waitsAndStops]],
    ['lkmm', 'a lock that is spun on', [locks, locks]],
    ['lkmm', 'a retry', [retries, retries]],
    ['sc', 'a wait', [counts, waits]],
    ['control', 'a question', [counts, asks]],
    ['control, as a closure', 'a question', [counts, asks]],
    ['control, and itself again', 'a question', [counts, asks]],
    ['barriers', 'a wait before a barrier', [counts, waitsAndStops]],
    ['nothing but coherence', 'nobody who answers', [counts, 'int s = READ_ONCE(*y);']],
  ])('is not there under %s: %s', (name, _, threads) => {
    const program = programOf(threads);
    const near = search(program, models[name]!, 4);
    expect(near.limit).toBeNull();
    expect(near).toEqual(search(program, models[name]!, 10));
  });

  it('is not known of turns that are taken once', () => {
    expect(search(programOf([counts, asks]), lkmm, 1).limit).not.toBeNull();
  });
});

it('what is decided with a low bound is so with a higher one', () => {
  const loops = fc.record({
    step: fc.constantFrom(1, 2),
    until: fc.constantFrom('r == 0', 'r == 1', 'r != 2', 'r == 1 && i < 6', 'i < 3'),
    access: fc.constantFrom('WRITE_ONCE(*y, i); r = READ_ONCE(*z);', 'r = READ_ONCE(*z); *y = i;'),
    after: fc.constantFrom('', '', 'WRITE_ONCE(*y, 5);'),
  });
  const answer = fc
    .tuple(fc.constantFrom(waits, waitsAndStops, asks, asksPlainly, copies), fc.integer({ min: 1, max: 7 }))
    .map(([body, value]) => body.replaceAll('9', `${value}`).replace('- 8', `- ${value - 1}`));
  const chosen = fc.constantFrom('lkmm', 'nothing but coherence', 'control', 'barriers');
  const counted = { decided: 0, open: 0 };
  fc.assert(
    fc.property(loops, answer, chosen, ({ step, until, access, after }, body, name) => {
      const loop = `int i = 0; int r = 0;\ndo { i = i + ${step}; ${access} } while (${until});\n${after}`;
      const program = programOf([loop, body]);
      const near = search(program, models[name]!, 2);
      counted[near.limit === null ? 'decided' : 'open']++;
      if (near.limit === null) expect(near.states).toEqual(search(program, models[name]!, 7).states);
    }),
    { seed: 11, numRuns: 120 },
  );
  expect(counted.decided).toBeGreaterThan(30);
  expect(counted.open).toBeGreaterThan(30);
});
