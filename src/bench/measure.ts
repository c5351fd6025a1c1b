/**
 * Measures one size of a family in one mode, from its text to the result: what was found, whether that is right, and CPU time.
 *
 * To be run in a fresh process (child-process.ts): code that other rows made hot, and their garbage, would change the time.
 */
import { defaultLowerOptions } from '../lower/lower.js';
import { loadShippedModel } from '../model/shipped.js';
import type { SearchResult } from '../search/execution.js';
import { defaultSearchOptions, searchProgram } from '../search/search.js';
import { invariant } from '../text/diagnostic.js';
import { renderDiagnostics } from '../text/render.js';
import { dialectFor } from '../verdict/model-choice.js';
import { prepareTest, programIn } from '../verdict/prepare-test.js';
import { decideVerdict, type Verdict } from '../verdict/verdict.js';
import { familyNamed } from './families.js';
import type { Family } from './family.js';
import type { RowKey } from './targets.js';

export interface RowRequest extends RowKey {
  /** CPU seconds after which the search is stopped. */
  readonly limit: number;
}

export interface Measured {
  /** Events of an execution; 0 if there is none. */
  readonly events: number;
  readonly candidates: number;
  /** Executions that the model allows; null unless counting. */
  readonly allowed: number | null;
  readonly states: number;
  readonly verdict: Verdict;
  /** CPU seconds. */
  readonly seconds: number;
  /** Whether the limit stopped it; what was found is then not all. */
  readonly stopped: boolean;
  /** What differs from what it must be, or null. */
  readonly wrong: string | null;
}

function differences(family: Family, { size, mode }: RowKey, found: Omit<Measured, 'wrong'>): string[] {
  const differ = (what: string, is: unknown, must: unknown) =>
    is === must ? [] : [`${what} ${is}, expected ${must}`];
  const verdict = differ('verdict', found.verdict, family.verdict);
  if (mode === 'verdict') return verdict;
  return [
    ...(mode === 'count' ? differ('allowed', found.allowed, family.allowed(size)) : []),
    ...differ('states', found.states, family.states(size)),
    ...verdict,
  ];
}

function describe(result: SearchResult): Pick<Measured, 'events' | 'candidates' | 'allowed' | 'states'> {
  const { positive, negative } = result;
  return {
    events: result.states.at(0)?.witness().events.length ?? 0,
    candidates: result.candidates,
    allowed: positive === null || negative === null ? null : positive + negative,
    states: result.states.length,
  };
}

/** The search of a test's text under a model; `expired` as in SearchOptions. */
function searchText(family: Family, { size, mode }: RowKey, expired: () => boolean): () => SearchResult {
  const source = { name: `${family.name} ${size}`, text: family.text(size) };
  const dialect = dialectFor(family.model, family.language);
  return () => {
    const test = prepareTest(source);
    invariant(test.value !== null, renderDiagnostics(test.diagnostics));
    const program = programIn(test.value, dialect, defaultLowerOptions);
    invariant(program.value !== null, renderDiagnostics(program.diagnostics));
    const unroll = family.unroll ?? defaultSearchOptions.unroll;
    const options = { ...defaultSearchOptions, mode, unroll, expired };
    return searchProgram(program.value, loadShippedModel(family.model), options);
  };
}

/** `cpu`: CPU seconds of this process. */
export function measure(request: RowRequest, cpu: () => number): Measured {
  const family = familyNamed(request.family);
  let stopped = false;
  let start = 0;
  const search = searchText(family, request, () => {
    stopped ||= cpu() - start > request.limit;
    return stopped;
  });
  start = cpu();
  const result = search();
  const seconds = cpu() - start;
  const found = { ...describe(result), verdict: decideVerdict(result), seconds, stopped };
  // A loop that is cut at its bound is all that was asked for; any other limit is none of the family's.
  const cut = result.limit !== null && !stopped && family.unroll === null ? [`limit: ${result.limit}`] : [];
  const wrong = stopped ? [] : [...differences(family, request, found), ...cut];
  return { ...found, wrong: wrong.length === 0 ? null : wrong.join('; ') };
}
