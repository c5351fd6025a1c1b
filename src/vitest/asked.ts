/**
 * What each model says of what a matcher asks: yes, no, or neither, with the words and the picture that a failure shows.
 *
 * `open` is what fails whether it was negated or not: a text that is no test, a model that does not judge it, a limit, a deadlock, and
 * a data race, where the model promises nothing. So a test of a barrier can not pass by accident.
 */
import {
  type Judged,
  judgeInput,
  type LitmusOptions,
  OUTCOME,
  type Outcome,
  searchOf,
} from '../api/judge-input.js';
import { pictureOfFlag } from '../compare/state-picture.js';
import { explainRun } from '../explain/explain-run.js';
import { explanationText } from '../explain/explanation-text.js';
import { pictureOfRun } from '../graph/picture-of-run.js';
import { toText } from '../graph/text.js';
import { showProposition } from '../program/condition-text.js';
import { firstPlainAccess } from '../regress/variants.js';
import type { Mode } from '../search/execution.js';
import { renderDiagnostics } from '../text/render.js';
import type { ModelReport, ModelRun } from '../verdict/report.js';
import { proseWords, wrapWords } from '../verdict/text-layout.js';
import type { Verdict } from '../verdict/verdict.js';
import type { LitmusTest } from './litmus.js';

/** What one model says. */
export interface Said {
  readonly holds: 'yes' | 'no' | 'open';
  /** The name of the model; empty: it is about the test itself. */
  readonly model: string;
  /** What was asked about: `1:r0=1 /\ 1:r1=0`; absent where that is not known. */
  readonly outcome?: string;
  /** What is the case: `it is allowed (Sometimes)`. */
  readonly fact: string;
  /** Lines that show it; made when they are needed. */
  readonly show: () => string;
}

/** Bound before anybody replaces the clock of a test by one that stands still. */
const now = performance.now.bind(performance);

const WIDTH = 80;

const nothing = (): string => '';

function open(model: string, fact: string, show: () => string = nothing): Said {
  return { holds: 'open', model, fact, show };
}

/** How to ask of a test; the time runs from here on. */
function optionsOf({ models, options, seconds }: LitmusTest, outcome: Outcome | undefined): LitmusOptions {
  const end = now() + seconds * 1000;
  return {
    ...options,
    models: models ?? 'own',
    expired: () => now() >= end,
    ...(outcome === undefined ? {} : { outcome }),
  };
}

/** A model's run, for a matcher to decide what it means. */
export interface Answered {
  readonly test: LitmusTest;
  readonly judged: Judged;
  readonly run: ModelRun;
}

/** Asks every model; `decide` says what its run means. */
export function askModels(
  test: LitmusTest,
  outcome: Outcome | undefined,
  mode: Mode,
  decide: (answered: Answered) => Said,
): readonly Said[] {
  const judged = judgeInput(test, optionsOf(test, outcome), { mode });
  const { report } = judged;
  const said = renderDiagnostics(judged.diagnostics.map(judged.placed));
  if (report === null) return [open('', unjudged(judged), () => said)];
  const names = (test.models ?? []).map((model) => (typeof model === 'string' ? model : model.name));
  const missing = names.filter((name) => report.models.every(({ model }) => model !== name));
  return [
    ...missing.map((name) => open(name, 'it does not judge tests in this language', () => said)),
    ...report.models.map((model) => ofModel(model, test, judged, decide)),
  ];
}

/** Of a mistake: whether it is the caller's, in the arguments, or in the test. */
function unjudged({ settings, diagnostics, placed }: Judged): string {
  if (settings === null) return 'it is asked in a way that is not known';
  const errors = diagnostics.filter(({ severity }) => severity === 'error').map(placed);
  const isOutcome = errors.length > 0 && errors.every(({ span }) => span?.file.name === OUTCOME);
  return isOutcome ? 'what was given is no outcome of it' : 'the test cannot be judged';
}

function ofModel(
  report: ModelReport,
  test: LitmusTest,
  judged: Judged,
  decide: (answered: Answered) => Said,
): Said {
  const { model } = report;
  if (report.kind === 'failure')
    return open(model, 'it cannot judge the test', () =>
      renderDiagnostics(report.diagnostics.map(judged.placed)),
    );
  if (report.kind === 'unfinished') return open(model, unknown(report.limit, test));
  const { condition, observed } = report.program;
  const outcome = showProposition(condition.proposition, observed);
  return { outcome, ...decide({ test, judged, run: report }) };
}

function unknown(limit: string | null, { seconds }: LitmusTest): string {
  if (limit !== 'time limit') return `it is not known: a limit was hit (${limit ?? 'unknown'})`;
  return `it is not known: the search took more than ${seconds} s; .within(${10 * seconds}) allows more, as the timeout of the test must`;
}

/**
 * `wanted`: the verdicts that mean yes. Deadlock and Unknown are neither yes nor no. `promises`: whether a data race, which voids the
 * model's promises, leaves open what would be yes (or, of `no`, what would be no).
 */
export function byVerdict(
  { test, judged, run }: Answered,
  wanted: readonly string[],
  voidedByRace: 'yes' | 'no',
  words: Readonly<Record<'Never' | 'Sometimes' | 'Always', string>>,
): Said {
  const { model, verdict } = run;
  if (verdict === 'Unknown') return open(model, unknown(run.result.limit, test));
  const isAbout = isAboutOutcome(wanted, verdict);
  const show = (): string =>
    showRun(judged, asking(run, isAbout), () => isInterleaving(test, judged, isAbout));
  if (verdict === 'Deadlock') return open(model, 'no execution completes (Deadlock)', show);
  const holds = wanted.includes(verdict) ? 'yes' : 'no';
  const race = holds === voidedByRace ? raceOf(test, run) : null;
  if (race !== null) return race;
  return { holds, model, fact: `${words[verdict]} (${verdict})`, show };
}

function hasRaces({ program, compiled }: ModelRun): boolean {
  const isFlagged = compiled.checks.some(({ flag, name }) => flag && name === 'data-race');
  return isFlagged && firstPlainAccess(program) !== null;
}

/** Null: what the model says holds, as no plain accesses race. A search for a verdict does not look for races: another one does. */
function raceOf(test: LitmusTest, run: ModelRun): Said | null {
  if (test.ignoresDataRaces || !hasRaces(run)) return null;
  const only: LitmusTest = {
    ...test,
    models: (test.models ?? []).filter(
      (model) => (typeof model === 'string' ? model : model.name) === run.model,
    ),
  };
  const asked = only.models?.length === 0 ? { ...only, models: null } : only;
  const [said] = askModels(asked, undefined, 'outcomes', ({ run: whole }) => raceIn(test, whole));
  return said?.holds === 'no' ? null : (said ?? null);
}

/** `open` for a race, or where a limit leaves it open; `no` where there is none. */
export function raceIn(test: LitmusTest, run: ModelRun): Said {
  const { model, result } = run;
  if (result.flags.some(({ name }) => name === 'data-race'))
    return open(
      model,
      'plain accesses race, and where they do the model promises nothing; mark them (READ_ONCE(), WRITE_ONCE()), or ask .ignoringDataRaces()',
      () => pictureOfFlag(run, run.program.name, 'data-race') ?? '',
    );
  if (result.limit !== null) return open(model, unknown(result.limit, test));
  return { holds: 'no', model, fact: 'no plain accesses race', show: nothing };
}

/** Whether plain accesses race. */
export function byRace({ test, run }: Answered): Said {
  const { model, compiled } = run;
  if (!compiled.checks.some(({ flag, name }) => flag && name === 'data-race'))
    return open(model, 'it knows no data races: ask lkmm');
  const said = raceIn(test, run);
  const isRace = said.holds === 'open' && run.result.flags.some(({ name }) => name === 'data-race');
  return isRace ? { ...said, holds: 'yes', fact: 'plain accesses race' } : said;
}

/**
 * Which executions tell what was found from what was not: those with the outcome, or those without. That it always happens is about one
 * without it, which is allowed or is not.
 */
function isAboutOutcome(wanted: readonly string[], found: Verdict): boolean {
  const isOnly = (verdict: Verdict): boolean => wanted.length === 1 && wanted[0] === verdict;
  return !isOnly('Always') && !(isOnly('Sometimes') && found === 'Always');
}

/** The run as one that is asked for executions with the outcome, or without it, whatever the test's own question. */
function asking(run: ModelRun, withOutcome: boolean): ModelRun {
  const quantifier = withOutcome ? 'exists' : 'forall';
  return { ...run, program: { ...run.program, condition: { ...run.program.condition, quantifier } } };
}

/** Whether interleaving the threads gives such an execution, too, so that no order could forbid them all; as far as that is known. */
function isInterleaving(test: LitmusTest, { source }: Judged, withOutcome: boolean): boolean {
  const { report } = judgeInput(
    source,
    { ...optionsOf(test, undefined), models: ['sc'] },
    { mode: 'verdict' },
  );
  const [run] = report?.models ?? [];
  return run?.kind === 'run' && run.result.states.some(({ satisfies }) => satisfies === withOutcome);
}

/** The execution that proves the answer, or the cycle that forbids it; what would forbid it, or why nothing leads there. */
function showRun({ settings }: Judged, run: ModelRun, isInterleaved: () => boolean): string {
  if (settings === null) return '';
  const search = searchOf(settings);
  const graph = pictureOfRun(run, run.program.name, run.compiled, search);
  const explanation = explainRun(run, { search, arguments: 1 });
  if (graph === null) return explanationText(explanation, { depth: 0, width: WIDTH });
  const { explained } = explanation;
  const missing = explained.kind === 'allowed' ? explained.story.missing : [];
  const remarks = missing.map(({ sentences }) => sentences.map(({ text }) => text).join('; '));
  const said =
    remarks.length > 0 && isInterleaved()
      ? [`interleaving the threads gives ${explanation.outcome}, too: no barrier would forbid it`]
      : remarks;
  const lines = said.flatMap(inLines);
  return [toText(graph), ...(lines.length === 0 ? [] : [`${lines.join('\n')}\n`])].join('\n');
}

/** Lines after the first are further in. */
function inLines(text: string): string[] {
  const [first = '', ...rest] = wrapWords(proseWords(text, WIDTH - 4), WIDTH);
  const others = wrapWords(proseWords(rest.join(' '), WIDTH - 4), WIDTH - 4);
  return [first, ...(rest.length === 0 ? [] : others.map((line) => `    ${line}`))];
}
