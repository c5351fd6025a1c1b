/** Reports made by hand, for the tests of the formats: states that no small litmus test shows (limits, big integers). */
import { loadShippedModel } from '../model/shipped.js';
import type { Observable, Program, Quantifier } from '../program/ir.js';
import { INT32, type Location, type Value } from '../program/value.js';
import type { Execution, SearchResult, StateKinds } from '../search/execution.js';
import type { Expectation, ExpectedVerdict, ModelReport, ModelRun, TestReport } from './report.js';
import { decideVerdict } from './verdict.js';

export function sampleLocation(name: string): Location {
  return { kind: 'location', index: 0, name, type: INT32, role: 'int', initial: 0 };
}

/** `1:r0` is a register, everything else a location. */
function observe(display: string): Observable {
  const register = /^(\d+):(.*)$/.exec(display);
  if (register !== null)
    return { kind: 'register', thread: Number(register[1]), name: register[2] ?? '', display };
  return { kind: 'location', location: sampleLocation(display), display };
}

export interface SampleState {
  readonly values: readonly Value[];
  readonly satisfies?: boolean;
  readonly executions?: number;
}

export interface Sample {
  readonly model?: string;
  readonly observed: readonly string[];
  readonly states: readonly SampleState[];
  readonly quantifier?: Quantifier;
  readonly flags?: readonly string[];
  readonly limit?: string;
  /** The share of a search that was stopped. */
  readonly explored?: number;
  readonly candidates?: number;
  /** Known in spite of the limit. */
  readonly kinds?: StateKinds;
}

export function sampleResult(sample: Sample, program: Program): SearchResult {
  const execution: Execution = {
    program,
    events: [],
    base: new Map(),
    sets: new Map(),
    finals: [],
    chosen: [],
  };
  const witness = () => execution;
  const counted = sample.states.every((state) => state.executions !== undefined);
  const count = (satisfies: boolean) =>
    sample.states
      .filter((state) => (state.satisfies ?? false) === satisfies)
      .reduce((sum, state) => sum + (state.executions ?? 0), 0);
  return {
    states: sample.states.map((state) => ({
      values: state.values,
      satisfies: state.satisfies ?? false,
      executions: state.executions ?? null,
      witness,
    })),
    satisfying: sample.states.filter(({ satisfies }) => satisfies === true).length,
    positive: counted ? count(true) : null,
    negative: counted ? count(false) : null,
    flags: (sample.flags ?? []).map((name) => ({ name, witness })),
    limit: sample.limit ?? null,
    candidates: sample.candidates ?? 0,
    ...(sample.explored === undefined ? {} : { explored: sample.explored }),
    ...(sample.kinds === undefined ? {} : { kinds: sample.kinds }),
  };
}

export function sampleRun(sample: Sample): ModelRun {
  const quantifier = sample.quantifier ?? 'exists';
  const program: Program = {
    name: 'sample',
    dialect: 'lkmm',
    locations: [],
    threads: [],
    observed: sample.observed.map(observe),
    condition: {
      quantifier,
      proposition: { kind: 'constant', value: true },
      text: `${quantifier} (1:r0=1 /\\ 1:r1=0)`,
    },
    filter: null,
  };
  const result = sampleResult(sample, program);
  return {
    kind: 'run',
    model: sample.model ?? 'lkmm',
    program,
    compiled: loadShippedModel('sc'),
    result,
    enumerated: true,
    verdict: decideVerdict(result),
    diagnostics: [],
    seconds: 0.0042,
  };
}

export function sampleTest(
  models: readonly ModelReport[],
  expected: Readonly<Record<string, ExpectedVerdict>> = {},
): TestReport {
  return {
    kind: 'test',
    source: { name: 'sample.litmus', text: 'C sample\n' },
    name: 'sample',
    language: 'c',
    comment: '',
    expectations: new Map(
      Object.entries(expected).map(([model, verdict]): [string, Expectation] => [
        model,
        { verdict, dataRace: false, span: null },
      ]),
    ),
    diagnostics: [],
    models,
  };
}
