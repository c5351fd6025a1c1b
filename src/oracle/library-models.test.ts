/** The library's coherence files: a model that makes its own coherence order finds what the predefined order finds. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileModel, noIncludes } from '../model/compile.js';
import type { CompiledModel } from '../model/dag.js';
import type { Dialect, Program } from '../program/ir.js';
import { searchProgram } from '../search/search.js';
import { renderDiagnostics } from '../text/render.js';
import { stateKey } from './compare-results.js';
import { randomProgram } from './random-programs.js';

function compiled(text: string, dialect: Dialect): CompiledModel {
  const { value, diagnostics } = compileModel({ name: 'm.cat', text }, noIncludes, [dialect]);
  expect(renderDiagnostics(diagnostics)).toBe('');
  return value!;
}

function facts(program: Program, model: CompiledModel) {
  const { states, positive, negative, limit } = searchProgram(program, model, {
    mode: 'count',
    unroll: 2,
    expired: null,
  });
  return { states: states.map((s) => stateKey(s.values)).sort(), counts: [positive, negative], limit };
}

// The second set of writes is the same set, but the compiler cannot know.
const own = 'let W = W & M ';
const order = 'acyclic po-loc | rf | co | fr as coherence empty rmw & (fre ; coe) as atomic';

test.each<[string, Dialect, string]>([
  ['cos.cat', 'x86', `${order} acyclic (po \\ (W * R)) | rfe | co | fr as tso`],
  ['cos-opt.cat', 'x86', `${order} acyclic (po & (R * M)) | rfe | coe | fre as weak`],
  ['cos-opt.cat', 'lkmm', 'acyclic rfe | co | fr | data as weak'],
  ['cos.cat', 'arm64', 'acyclic po & (M * W) | rf | coi as weak'],
])('%s for %s: %s', (file, dialect, checks) => {
  const predefined = compiled(`include "${file}" ${checks}`, dialect);
  const generated = compiled(`${own} include "${file}" ${checks}`, dialect);
  expect(predefined.coherence).toBe(null);
  expect(generated.coherence).not.toBe(null);
  let forbidding = 0;
  fc.assert(
    fc.property(randomProgram(dialect), (program) => {
      const found = facts(program, predefined);
      expect(facts(program, generated)).toEqual(found);
      const free = facts(program, compiled('empty 0', dialect));
      if (free.states.length > found.states.length) forbidding++;
    }),
    { seed: 7, numRuns: 25 },
  );
  expect(forbidding).toBeGreaterThan(2);
});
