/**
 * What makes a finding true, for people: the execution as text of at most 80 columns, why the model allows it, and which statement
 * to look at.
 */

import { stateText } from '../compare/outcomes.js';
import { pictureOfFlag } from '../compare/state-picture.js';
import type { Sentence } from '../explain/explanation.js';
import { explainFlag } from '../explain/flags.js';
import { findRefusedExecution } from '../explain/refused-execution.js';
import { plainOf } from '../explain/remedies.js';
import { tellStory } from '../explain/story.js';
import { viewedGraph } from '../graph/from-execution.js';
import { toText, usualText } from '../graph/text.js';
import { usualView } from '../graph/view.js';
import type { Execution, SearchOptions } from '../search/execution.js';
import type { ExpectedVerdict, ModelRun } from '../verdict/report.js';
import type { Verdict } from '../verdict/verdict.js';
import type { Place } from './check-report.js';
import { placeOf } from './expected.js';

/** An execution that ends as the proposition says, or otherwise; allowed, or with what forbids it. */
interface Wanted {
  readonly satisfies: boolean;
  readonly allowed: boolean;
}

/**
 * What tells the found verdict from the expected one: an execution that should not be allowed, or one that should. Of a deadlock,
 * nothing: it has no execution.
 */
export function telling(expected: ExpectedVerdict, found: Verdict): Wanted | null {
  if (found === 'Deadlock' || found === 'Unknown') return null;
  if (expected === 'Always') return { satisfies: false, allowed: true };
  if (expected === 'Never') return { satisfies: true, allowed: true };
  if (expected === 'Sometimes') return { satisfies: found === 'Never', allowed: false };
  // Deadlock: any execution
  return { satisfies: found !== 'Never', allowed: true };
}

export interface Shown {
  readonly picture: string | null;
  readonly reasons: readonly string[];
  /** Null: no statement in particular. */
  readonly code: Place | null;
}

const nothingShown: Shown = { picture: null, reasons: [], code: null };

/** The statement of an event; null of what is initially there. */
function statementPlace({ events }: Execution, id: number | undefined): Place | null {
  const source = events.find((event) => event.id === id)?.source ?? null;
  return source === null ? null : placeOf(source.span);
}

/** What is the matter, what stands between the two and does not help, and the remedy; of what stands around them, nothing. */
function gist(sentences: readonly Sentence[]): readonly string[] {
  const ends = sentences[0]?.events ?? [];
  const isAboutBoth = ({ events }: Sentence): boolean => ends.every((id) => events.includes(id));
  return sentences.filter(isAboutBoth).map(({ text }) => text);
}

/** Of an allowed execution that interleaving would not give: the orders that are missing. The later access is where a barrier would help. */
function reasonsFor(run: ModelRun, execution: Execution): Pick<Shown, 'reasons' | 'code'> {
  const { missing } = tellStory(execution, run.compiled);
  return {
    reasons: missing.flatMap(({ sentences }) => gist(sentences)),
    code: statementPlace(execution, missing[0]?.to),
  };
}

function drawn(
  run: ModelRun,
  test: string,
  verdict: 'allowed' | 'forbidden',
  execution: Execution,
  cycle: Parameters<typeof viewedGraph>[2] = null,
): string {
  const caption = { test, model: run.model, verdict };
  const whole = { ...execution, program: run.program };
  return toText(viewedGraph(whole, caption, cycle, { model: run.compiled, view: usualView }), usualText);
}

/** A final state that the model allows; `state` as `stateText` writes it. */
export function shownState(run: ModelRun, test: string, state: string): Shown {
  const { observed } = run.program;
  const found = run.result.states.find(({ values }) => stateText(observed, values) === state);
  if (found === undefined) return nothingShown;
  const execution = found.witness();
  return { picture: drawn(run, test, 'allowed', execution), ...reasonsFor(run, execution) };
}

export function shownFlag(run: ModelRun, test: string, flag: string): Shown {
  const found = run.result.flags.find(({ name }) => name === flag);
  if (found === undefined) return nothingShown;
  const { execution, sentences } = explainFlag(flag, found.witness(), run.compiled);
  const events = sentences[0]?.events ?? [];
  // of two that race, the one to mark
  const isPlain = (id: number): boolean => plainOf([{ from: id, to: id }], execution).length > 0;
  return {
    picture: pictureOfFlag(run, test, flag),
    reasons: gist(sentences),
    code: statementPlace(execution, events.find(isPlain) ?? events[0]),
  };
}

/** The final state that makes the verdict another than expected; null: none does, or it is one that is missing. */
export function tellingState(run: ModelRun, expected: ExpectedVerdict): string | null {
  const wanted = telling(expected, run.verdict);
  if (wanted === null || !wanted.allowed) return null;
  const found = run.result.states.find(({ satisfies }) => satisfies === wanted.satisfies);
  return found === undefined ? null : stateText(run.program.observed, found.values);
}

/** What makes the verdict another than expected. `options`: for the search of an execution that is forbidden. */
export function shownVerdict(
  run: ModelRun,
  test: string,
  expected: ExpectedVerdict,
  options: SearchOptions,
): Shown {
  const wanted = telling(expected, run.verdict);
  const state = tellingState(run, expected);
  if (state !== null) return shownState(run, test, state);
  if (wanted === null || wanted.allowed) return nothingShown;
  const { satisfies } = wanted;
  const refusal = findRefusedExecution({ program: run.program, satisfies }, run.compiled, options);
  if (refusal === null) return nothingShown;
  return { ...nothingShown, picture: drawn(run, test, 'forbidden', refusal.execution, refusal.cycle) };
}
