/**
 * The search with techniques switched on and off against the naive enumerator (and the machine of sequential consistency), on random
 * programs under random and shipped models, in all modes. What each technique saves is counted: one that does nothing here is not tested.
 */
import fc from 'fast-check';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { loadShippedModel } from '../model/shipped.js';
import type { Dialect, Program } from '../program/ir.js';
import type { Mode, SearchResult } from '../search/execution.js';
import { SearchProgress } from '../search/progress.js';
import { allTechniques, type Techniques, techniqueNames } from '../search/techniques.js';
import { compileText, enumerate, expectNothingLost, expectSameStates, searchAll } from './agreement.js';
import { compareResults } from './compare-results.js';
import { runSc } from './operational-sc.js';
import { randomChoosingModelText, randomModelText } from './random-models.js';
import { randomLongProgram, randomProgram, randomSymmetricProgram } from './random-programs.js';
import { judgeNaively, mayFault } from './reference.js';
import { orderingFor } from './reference-choices.js';

type Name = keyof Techniques;

/** Which techniques a search uses; `about`: the one that sets it apart from all or from none. */
interface Switches {
  readonly techniques: Techniques;
  readonly eager: boolean;
  readonly about: { readonly name: Name; readonly on: boolean } | null;
}

function only(names: readonly Name[]): Techniques {
  const chosen = techniqueNames.map((name) => [name, names.includes(name)] as const);
  return { ...allTechniques, ...Object.fromEntries(chosen) };
}

function allBut(name: Name): Techniques {
  return { ...allTechniques, [name]: false };
}

const everything: Switches = { techniques: allTechniques, eager: true, about: null };
const nothing: Switches = { techniques: only([]), eager: true, about: null };

function show({ techniques, eager }: Switches): string {
  return `${eager ? 'eager ' : ''}${techniqueNames.filter((name) => techniques[name]).join(' ') || 'nothing'}`;
}

const someTechnique = fc.constantFrom(...techniqueNames);

const switches: fc.Arbitrary<Switches> = fc
  .oneof(
    {
      weight: 3,
      arbitrary: someTechnique.map((name) => ({ techniques: allBut(name), about: { name, on: false } })),
    },
    {
      weight: 3,
      arbitrary: someTechnique.map((name) => ({ techniques: only([name]), about: { name, on: true } })),
    },
    {
      weight: 2,
      arbitrary: fc.subarray([...techniqueNames]).map((names) => ({ techniques: only(names), about: null })),
    },
    { weight: 1, arbitrary: fc.constant({ techniques: allTechniques, about: null }) },
  )
  .chain((chosen) =>
    fc.boolean().map((lazy) => {
      const found = { ...chosen, eager: chosen.about !== null || !lazy };
      return Object.defineProperty(found, fc.toStringMethod, { value: () => `\n${show(found)}` });
    }),
  );

/** A random model's text, or a shipped model's name. */
function modelOf(dialect: Dialect): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 5, arbitrary: fc.noBias(randomModelText(dialect)) },
    { weight: 2, arbitrary: fc.noBias(randomChoosingModelText(dialect)) },
    { weight: 2, arbitrary: fc.constant(dialect) },
    { weight: 1, arbitrary: fc.constant('sc') },
  );
}

const totals = { programs: 0, forbidding: 0, machines: 0 };
const shown = new Map<Name, number>(techniqueNames.map((name) => [name, 0]));

/** Choices that searches made: reads-from, orders, paths. */
const choices = vi.spyOn(SearchProgress.prototype, 'enter');

/** Functions that were generated: what code generation does has no other sign. */
let generated = 0;
vi.stubGlobal(
  'Function',
  new Proxy(Function, {
    construct: (of, texts) => {
      generated++;
      return Reflect.construct(of, texts);
    },
  }),
);

interface Run {
  readonly found: { readonly [M in Mode]: SearchResult };
  readonly choices: number;
  readonly generated: number;
}

const modes: readonly Mode[] = ['count', 'outcomes', 'verdict'];

/** Whether the first search made fewer choices than the other, or looked at fewer candidates in some mode. */
function isCheaper(one: Run, other: Run): boolean {
  return (
    one.choices < other.choices ||
    modes.some((mode) => one.found[mode].candidates < other.found[mode].candidates)
  );
}

/** Whether a technique did something, by a run with it and one that differs only in being without. */
function showsIn(name: Name, withIt: Run, without: Run): boolean {
  return name === 'codegen' ? withIt.generated > without.generated : isCheaper(withIt, without);
}

function expectSame(program: Program, text: string, tried: readonly Switches[]): void {
  const model = text.startsWith('"') ? compileText(text, program.dialect) : loadShippedModel(text);
  const { executions, limit } = enumerate(program, orderingFor(model));
  const naive = judgeNaively(program, model, executions, limit);
  const breaksOff = limit !== null || mayFault(program, 2);
  const run = (by: Switches): Run => {
    const before = { choices: choices.mock.calls.length, generated };
    const found = searchAll(program, model, by);
    const difference = compareResults(program, model, found, naive);
    if (difference !== null) throw new Error(`with ${show(by)}: ${difference}`);
    const limited = modes.find((mode) => found[mode].limit !== null);
    if (limited !== undefined && !breaksOff) throw new Error(`with ${show(by)}: ${found[limited].limit}`);
    const made = choices.mock.calls.length - before.choices;
    return { found, choices: made, generated: generated - before.generated };
  };
  const [most, least] = [run(everything), run(nothing)];
  if (limit !== null && most.found.count.limit === null) expectNothingLost(program, model, naive);
  for (const by of tried) {
    const ran = run(by);
    if (by.about === null) continue;
    const { name, on } = by.about;
    if (on ? showsIn(name, ran, least) : showsIn(name, most, ran)) shown.set(name, shown.get(name)! + 1);
  }
  choices.mockClear();
  totals.programs++;
  if (naive.positive! + naive.negative! < naive.candidates && naive.states.length > 0) totals.forbidding++;
  const isPaired = program.threads.some(({ code }) => code.some((instruction) => 'beside' in instruction));
  if (text !== 'sc' || isPaired) return;
  totals.machines++;
  expectSameStates(runSc(program), most.found.count);
}

const arbitrary: readonly { readonly dialect: Dialect; readonly seed: number; readonly runs: number }[] = [
  { dialect: 'lkmm', seed: 401, runs: 60 },
  { dialect: 'arm64', seed: 402, runs: 60 },
  { dialect: 'x86', seed: 403, runs: 40 },
];

describe.each(arbitrary)('$dialect programs', ({ dialect, seed, runs }) => {
  const size = { maxCandidates: 120, maxAccesses: 8 };
  test.each([
    ['random', randomProgram(dialect, size), runs],
    ['symmetric', randomSymmetricProgram(dialect, size), runs],
    ['long', randomLongProgram(dialect, { maxCandidates: 12, maxAccesses: 5 }), Math.ceil(runs / 8)],
  ])('%s: whatever is switched off, the answer is the same', (_, programs, numRuns) => {
    const tried = fc.array(switches, { minLength: 2, maxLength: 2 });
    fc.assert(fc.property(programs, modelOf(dialect), tried, expectSame), { seed, numRuns });
  });
});

afterAll(() => {
  expect(totals.forbidding).toBeGreaterThan(totals.programs / 8);
  expect(totals.machines).toBeGreaterThan(20);
  const idle = [...shown].filter(([, runs]) => runs === 0);
  expect(idle).toEqual([]);
});
