/**
 * What was found model by model, as few findings as there are things to look at: a weakened barrier lets the same final state
 * appear under several models, against several expectations.
 *
 * Findings that say the same of different models are one. A verdict that another final state makes, and that state itself where the
 * baseline has it not, are one, too. Nothing is left out: every model, verdict and state stands in the message.
 */
import { listOf } from '../explain/narration.js';
import type { Finding } from './check-report.js';
import type { Shown } from './finding-picture.js';

export interface Draft {
  readonly finding: Finding;
  /** The message, for ` under lkmm and arm64`; null: it is about no model that others could join. */
  readonly text: ((under: string) => string) | null;
  /** Looks for what is to be shown, which takes time; null: there is nothing. */
  readonly show: (() => Shown) | null;
}

/** A finding that nothing is to be done about. */
export function plainDraft(finding: Finding): Draft {
  return { finding, text: null, show: null };
}

/** Findings that are one. */
export interface Joined {
  readonly finding: Finding;
  readonly show: Draft['show'];
  /** Whether the baseline has something to do with it, and whether an expectation has. */
  readonly isRecorded: boolean;
  readonly isExpected: boolean;
}

/** The same of several models. */
interface Group {
  readonly drafts: readonly [Draft, ...Draft[]];
  readonly models: readonly string[];
}

function grouped<T>(items: readonly T[], keyOf: (item: T, at: number) => string): (readonly [T, ...T[]])[] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const [at, item] of items.entries()) {
    const key = keyOf(item, at);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

function sameOfModels(drafts: readonly Draft[]): readonly Group[] {
  const groups = grouped(drafts, ({ finding, text }, at) => {
    const { kind, severity, by, expected, found, state, hint } = finding;
    const what = text === null ? at : text('');
    return JSON.stringify([kind, severity, by, expected, found, state, hint, what]);
  });
  return groups.map((drafts) => ({
    drafts,
    models: [...new Set(drafts.flatMap(({ finding }) => finding.model ?? []))],
  }));
}

function messageOf({ drafts: [{ finding, text }], models }: Group): string {
  return text === null ? finding.message : text(` under ${listOf(models)}`);
}

const isOf =
  (kind: Finding['kind']) =>
  ({ drafts: [{ finding }] }: Group): boolean =>
    finding.kind === kind;

/** Groups with this key are about the same final state, which is allowed now, or is not allowed any more. */
function stateKey({ drafts: [{ finding }] }: Group, at: number): string {
  const { kind, severity, state, found } = finding;
  const isChange = kind === 'verdict' || kind === 'appeared' || kind === 'vanished';
  if (state === undefined || severity !== 'error' || !isChange) return JSON.stringify(at);
  const isGone = kind === 'vanished' || (kind === 'verdict' && found === 'Never');
  return JSON.stringify([isGone ? 'gone' : 'new', state]);
}

/** `expected Never, found Sometimes under lkmm; was Never, is Sometimes under arm64: new outcome 1:r0=1; 1:r1=0`. */
function wholeMessage(verdicts: readonly Group[], change: Group | undefined): string {
  const head = verdicts.map(messageOf).join('; ');
  if (change === undefined) return head;
  if (head === '') return messageOf(change);
  const judged = new Set(verdicts.flatMap(({ models }) => models));
  const isSame = judged.size === change.models.length && change.models.every((model) => judged.has(model));
  if (!isSame) return `${head}; ${messageOf(change)}`;
  const [{ finding, text }] = change.drafts;
  return `${head}: ${text === null ? finding.message : text('').replace(': ', ' ')}`;
}

function joinGroups(groups: readonly [Group, ...Group[]], order: readonly string[]): Joined {
  // an expectation is somebody's word; the baseline, what was found before
  const verdicts = groups
    .filter(isOf('verdict'))
    .toSorted(
      (a, b) => Number(a.drafts[0].finding.by === 'baseline') - Number(b.drafts[0].finding.by === 'baseline'),
    );
  const change = groups.find((group) => isOf('appeared')(group) || isOf('vanished')(group));
  const { drafts } = verdicts[0] ?? groups[0];
  const [first] = drafts;
  const all = groups.flatMap((group) => group.drafts);
  const models = order.filter((model) => groups.some((group) => group.models.includes(model)));
  const message = groups.length === 1 ? messageOf(groups[0]) : wholeMessage(verdicts, change);
  return {
    finding: {
      ...first.finding,
      message,
      ...(models.length < 2 ? {} : { model: models[0]!, models }),
    },
    show: first.show ?? all.find(({ show }) => show !== null)?.show ?? null,
    isRecorded: all.some(({ finding }) => finding.by === 'baseline'),
    isExpected: all.some(({ finding }) => finding.by === 'comment' || finding.by === 'project'),
  };
}

/** In the order of the first of each. `models`: all, in the order of the columns. */
export function joinDrafts(drafts: readonly Draft[], models: readonly string[]): readonly Joined[] {
  return grouped(sameOfModels(drafts), stateKey).map((groups) => joinGroups(groups, models));
}
