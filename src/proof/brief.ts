/**
 * The short answer to "why?", for `fencepost run --explain`: the picture, what lets the outcome in or keeps it out, and what would
 * exclude it.
 *
 * Models that say the same for the same reason are spoken of together: that is so if the same statements lack an order, or if the
 * same steps between the same statements refute the outcome. The rest is left to `explain`, `repair` and `barriers`.
 */
import type { Cycle } from '../explain/cycle.js';
import { explainRun, openLimit, outcomeText } from '../explain/explain-run.js';
import type {
  Argument,
  Explanation,
  FlagExplanation,
  OutcomeExplanation,
  Story,
} from '../explain/explanation.js';
import { conclusionOf } from '../explain/explanation-text.js';
import { speechOf } from '../explain/speech.js';
import { viewedGraph } from '../graph/from-execution.js';
import type { Caption } from '../graph/graph-model.js';
import { toText, usualText } from '../graph/text.js';
import { usualView } from '../graph/view.js';
import { listed } from '../regress/barriers-text.js';
import { DEFAULT_MAX_CHANGES, findRepairs, type Repair, type RepairReport } from '../regress/repair.js';
import { costLine, opening } from '../regress/repair-text.js';
import type { VariantOptions } from '../regress/variants.js';
import type { Execution, SearchOptions } from '../search/execution.js';
import { isRun, type ModelRun, type TestReport } from '../verdict/report.js';
import { wrapProse } from '../verdict/text-layout.js';

export interface BriefOptions {
  /** For the search of reasons. */
  readonly search: SearchOptions;
  /** For the search of repairs. */
  readonly variants: VariantOptions;
  readonly width: number;
}

export interface Brief {
  /** Lines, the last with its end. */
  readonly text: string;
  /** What was left open by a limit of this search; null: nothing. */
  readonly limit: string | null;
}

/** One model's reason, in a form that equals that of a model with the same reason. */
interface Reason {
  readonly model: string;
  readonly key: string;
  /** What follows "lkmm and arm64". */
  readonly text: (subject: string, plural: boolean) => string;
}

/** Repairs that are named; `fencepost repair` lists them all. */
const MOST_REPAIRS = 3;

export function briefOf(report: TestReport, options: BriefOptions): Brief {
  const runs = report.models.filter(isRun);
  const width = Math.min(options.width, 100);
  const explained = runs.map((run) => explainRun(run, { search: options.search, arguments: 1 }));
  const reasons = explained.map((explanation, at) => reasonOf(explanation, runs[at]!));
  const picture = pictureFor(runs, explained, report.name, options.width);
  const wrapped = (text: string): string => wrapProse(text, width).join('\n');
  const paragraphs = [
    ...(picture === null ? [] : [picture.trimEnd()]),
    ...together(reasons).map(wrapped),
    ...flagsOf(explained).map(wrapped),
  ];
  const isAllowed = explained.some(({ explained: { kind } }) => kind === 'allowed');
  const repairs = isAllowed
    ? findRepairs(report.source, { ...options.variants, maxChanges: DEFAULT_MAX_CHANGES }).report
    : null;
  if (repairs !== null) paragraphs.push(repairText(repairs, width));
  const limits = [...explained.map(openLimit), repairs?.limit ?? null];
  return { text: `${paragraphs.join('\n\n')}\n`, limit: limits.find((limit) => limit !== null) ?? null };
}

/** Of what the text tells of the first model that allows the outcome; else of the first that refutes it. */
function pictureFor(
  runs: readonly ModelRun[],
  explained: readonly Explanation[],
  test: string,
  width: number,
): string | null {
  const at = (kind: string): number => explained.findIndex((each) => each.explained.kind === kind);
  const index = at('allowed') >= 0 ? at('allowed') : at('forbidden');
  const [run, explanation] = [runs[index], explained[index]];
  if (run === undefined || explanation === undefined) return null;
  const told = toldExecution(explanation.explained);
  if (told === null) return null;
  const caption: Caption = { test, model: run.model, verdict: explanation.explained.kind };
  const graph = viewedGraph(told.execution, caption, told.cycle, { model: run.compiled, view: usualView });
  return toText(graph, { ...usualText, width: Math.min(usualText.width, width) });
}

function toldExecution(
  explained: OutcomeExplanation,
): { readonly execution: Execution; readonly cycle: Cycle | null } | null {
  if (explained.kind === 'allowed') return { execution: explained.story.execution, cycle: null };
  return explained.kind === 'forbidden' ? (explained.arguments[0] ?? null) : null;
}

function reasonOf(explanation: Explanation, { program }: ModelRun): Reason {
  const { model, explained, outcome } = explanation;
  switch (explained.kind) {
    case 'allowed':
      return allowed(model, explained.story);
    case 'forbidden': {
      const argument = explained.arguments[0];
      if (argument !== undefined) return forbidden(model, argument);
      return plain(model, (verb) => `${verb('forbids')} it; why was not found out in the time for it.`);
    }
    case 'impossible':
      return plain(
        model,
        (verb) =>
          `${verb('has')} no execution, allowed or forbidden, that ends with ${outcome}: ${reasonsFor(explained)}.`,
      );
    case 'deadlock':
      return plain(
        model,
        (verb) =>
          `${verb('has')} no execution that completes${program.filter === null ? '' : ' and passes the filter'}: ${reasonsFor(explained)}.`,
      );
    case 'unknown':
      return plain(model, (verb) => `${verb('leaves')} it open: a limit was hit (${explained.limit}).`);
  }
}

/** Of what is said of all executions. */
function reasonsFor({
  sentences,
  limit,
}: Extract<OutcomeExplanation, { kind: 'impossible' | 'deadlock' }>): string {
  const open = limit === null ? [] : [{ text: `why was not found out before a limit was hit (${limit})` }];
  return joined([...sentences, ...open]);
}

function joined(sentences: readonly { readonly text: string }[]): string {
  return sentences.map(({ text }) => text).join('; ');
}

const plurals: ReadonlyMap<string, string> = new Map([
  ['forbids', 'forbid'],
  ['allows', 'allow'],
  ['has', 'have'],
  ['leaves', 'leave'],
]);

function plain(model: string, text: (verb: (singular: string) => string) => string): Reason {
  const withSubject = (subject: string, plural: boolean): string =>
    `${subject} ${text((singular) => (plural ? (plurals.get(singular) ?? singular) : singular))}`;
  return { model, key: text((singular) => singular), text: withSubject };
}

function allowed(model: string, story: Story): Reason {
  const { place } = speechOf(story.execution);
  const pairs = story.missing.map(({ from, to }) => `${place(from)} ${place(to)}`);
  const why = story.isInterleaving
    ? 'even interleaving the threads gives it'
    : story.missing.map(({ sentences }) => joined(sentences)).join('; and ');
  // the subject says under which
  const here = why.replaceAll(` under ${model}:`, ':');
  const text = (subject: string, plural: boolean): string =>
    `${subject} ${plural ? 'allow' : 'allows'} it${here === '' ? '' : `: ${here}`}.`;
  return { model, key: `allowed ${story.isInterleaving} ${pairs.join(', ')}`, text };
}

function forbidden(model: string, argument: Argument): Reason {
  const speech = speechOf(argument.execution);
  const steps = argument.cycle.edges.map(
    ({ from, to, kind }) => `${speech.place(from)} ${kind} ${speech.place(to)}`,
  );
  const end = conclusionOf(argument, speech).replace(/\.$/, '');
  const why = [...argument.sentences.map(({ text }) => text), lowerFirst(end)].join('; ');
  const text = (subject: string, plural: boolean): string =>
    `${subject} ${plural ? 'forbid' : 'forbids'} it. Take an execution that would end so${plural ? `, in the terms of ${model}` : ''}: ${why}.`;
  return { model, key: `forbidden ${steps.join(', ')}`, text };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** One paragraph for each reason, in the words of the first model that has it. */
function together(reasons: readonly Reason[]): string[] {
  const groups = new Map<string, Reason[]>();
  for (const reason of reasons) groups.set(reason.key, [...(groups.get(reason.key) ?? []), reason]);
  return [...groups.values()].map((group) =>
    group[0]!.text(listed(group.map(({ model }) => model)), group.length > 1),
  );
}

/** Each flag once, with the first model that raises it. */
function flagsOf(explained: readonly Explanation[]): string[] {
  const seen = new Map<string, { readonly model: string; readonly flag: FlagExplanation }>();
  for (const { model, flags } of explained)
    for (const flag of flags) if (!seen.has(flag.name)) seen.set(flag.name, { model, flag });
  return [...seen.values()].map(
    ({ model, flag }) => `${model} raises the flag \`${flag.name}\`: ${joined(flag.sentences)}.`,
  );
}

function repairText(report: RepairReport, width: number): string {
  const { outcome } = report;
  const lead = opening(report).map((text) => wrapProse(text, width).join('\n'));
  if (outcome.kind !== 'repairs') return lead.join('\n');
  const shown = outcome.repairs.slice(0, MOST_REPAIRS).flatMap((repair) => repairLines(repair, width));
  const more = outcome.repairs.length - MOST_REPAIRS;
  const rest = more > 0 ? [`  ... and ${more} more: fencepost repair`] : [];
  return [...lead, ...shown, ...rest].join('\n');
}

function repairLines(repair: Repair, width: number): string[] {
  const what = repair.changes.map((change) => change.what).join(', and ');
  const costs = repair.costs.length === 0 ? '' : ` (${costLine(repair)})`;
  const lines = wrapProse(`${what}${costs}`, width - 4);
  return lines.map((line, at) => (at === 0 ? `  - ${line}` : `    ${line}`));
}

/** `Why 1:r0=1 /\ 1:r1=0 ...`: what the paragraphs call "it". */
export function briefTitle(report: TestReport): string | null {
  const run = report.models.find(isRun);
  return run === undefined ? null : `Why: ${outcomeText(run.program)}`;
}
