/**
 * A TestDiff for people:
 *
 *     race.litmus: exists (1:r1=1 /\ 1:r2=0)
 *
 *     P0:34: smp_wmb() was removed
 *
 *             before  after
 *     lkmm    Never   Sometimes  1 outcome appeared
 *     x86     Never   Never      no difference
 *
 *     lkmm: 1:r1=1; 1:r2=0 appeared, which the condition asks for
 *
 * then the execution as a picture. The earlier one comes first in all that is said.
 */
import { listed } from '../regress/barriers-text.js';
import { displayWidth, padEnd, wrapWords } from '../verdict/text-layout.js';
import type { OutcomeSet } from './outcomes.js';
import type { CodeReport, DiffSide, ModelDiff, PicturedOutcome, TestDiff } from './test-diff.js';

export interface DiffTextOptions {
  readonly width: number;
  /** Whether the same picture is shown under each model; else under the first. */
  readonly pictures: boolean;
}

/** More outcomes than this are counted, not listed; all, if pictures are asked for. */
const MOST_LISTED = 12;

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

function verdictOf({ outcomes }: DiffSide): string {
  return outcomes === null ? 'not judged' : [outcomes.verdict, ...outcomes.flags].join(', ');
}

function observes({ observed }: OutcomeSet): string {
  return observed.length === 0 ? 'nothing' : listed(observed);
}

/** Whether two models are compared, not two versions. */
function isOfModels({ before, after }: ModelDiff): boolean {
  return before.model !== after.model;
}

/** What became of outcomes that only one side has, for people. */
function wordsOf(diff: ModelDiff): { readonly appeared: string; readonly vanished: string } {
  if (!isOfModels(diff)) return { appeared: 'appeared', vanished: 'vanished' };
  return { appeared: `only under ${diff.after.model}`, vanished: `only under ${diff.before.model}` };
}

/** What the row of a model says at its end. */
export function summaryOf(diff: ModelDiff): string {
  const { before, after, change, status } = diff;
  if (change === null) {
    const { reason } = before.outcomes === null ? before : after;
    return reason ?? '';
  }
  const { observedBefore, observedAfter, appeared, vanished, flagsAppeared, flagsVanished, verdict } = change;
  const parts: string[] = [];
  const words = wordsOf(diff);
  if (observedBefore.length + observedAfter.length > 0) parts.push('the outcomes cannot be compared');
  if (appeared.length > 0) parts.push(`${plural(appeared.length, 'outcome')} ${words.appeared}`);
  if (vanished.length > 0) parts.push(`${plural(vanished.length, 'outcome')} ${words.vanished}`);
  if (flagsAppeared.length > 0) parts.push(`${listed(flagsAppeared)} ${words.appeared}`);
  if (flagsVanished.length > 0) parts.push(`${listed(flagsVanished)} ${words.vanished}`);
  if (parts.length === 0 && verdict !== null) parts.push('the same outcomes, another question');
  if (change.open !== null)
    parts.push(`${status === 'open' ? 'not known' : 'not all known'} (limit: ${change.open})`);
  return parts.length === 0 ? 'no difference' : parts.join(', ');
}

/** Which names are asked for, where that is not the same on both sides: said once, of the first model. */
function namesLines(models: readonly ModelDiff[]): string[] {
  const other = models.find(
    ({ change }) => change !== null && change.observedBefore.length + change.observedAfter.length > 0,
  );
  if (other === undefined) return [];
  const [before, after] = [observes(other.before.outcomes!), observes(other.after.outcomes!)];
  return [`Outcomes are values of ${before} before, and of ${after} after.`];
}

/** Lines of a table; the last column is wrapped to the width. */
function tableLines(rows: readonly (readonly string[])[], width: number): string[] {
  const columns = Math.max(...rows.map((row) => row.length)) - 1;
  const widths = Array.from({ length: columns }, (_, i) =>
    Math.max(...rows.map((row) => displayWidth(row[i] ?? ''))),
  );
  const margin = widths.reduce((sum, each) => sum + each + 2, 2);
  return rows.flatMap((row) => {
    const head = widths.map((each, i) => padEnd(row[i] ?? '', each)).join('  ');
    const [first = '', ...more] = wrapWords((row[columns] ?? '').split(' '), Math.max(24, width - margin));
    return [`  ${head}  ${first}`.trimEnd(), ...more.map((line) => ' '.repeat(margin) + line)];
  });
}

function modelRows(models: readonly ModelDiff[]): string[][] {
  const [two] = models.filter(isOfModels);
  if (two !== undefined)
    return [
      [two.before.model, two.after.model, ''],
      [verdictOf(two.before), verdictOf(two.after), summaryOf(two)],
    ];
  const rows = models.map((model) => [
    model.before.model,
    verdictOf(model.before),
    verdictOf(model.after),
    summaryOf(model),
  ]);
  return [['', 'before', 'after', ''], ...rows];
}

/** `P0:34 smp_wmb() alone is enough`. */
function setText(set: readonly number[], { changes }: CodeReport): string {
  if (set.length === changes.length && set.length > 1) return 'Only all of these changes together make';
  const subjects = set.flatMap((at) => changes[at]?.subject ?? []);
  return subjects.length === 1 ? `${subjects[0]} alone makes` : `${listed(subjects)} together make`;
}

/** Which changes decide, model by model where they differ. */
function decidingLines(models: readonly ModelDiff[], code: CodeReport): string[] {
  const known = models.filter(({ deciding }) => deciding !== null);
  const byText = new Map<string, string[]>();
  for (const { deciding, after } of known)
    for (const set of deciding ?? []) {
      const text = setText(set, code);
      byText.set(text, [...(byText.get(text) ?? []), after.model]);
    }
  return [...byText].map(([text, names]) => `${text} the difference under ${listed(names)}.`);
}

function codeLines({ code, models, before, after }: TestDiff): string[] {
  const question =
    before.condition === after.condition
      ? []
      : [`the question was ${before.condition}`, `the question is  ${after.condition}`];
  if (code === null) {
    const isSameFile = before.file === after.file;
    const foreign = isSameFile
      ? []
      : ['The tests are in different languages, so their code is not compared.'];
    const gap = question.length > 0 && foreign.length > 0 ? [''] : [];
    return [...question.map((text) => `  ${text}`), ...gap, ...foreign];
  }
  const { changes, otherwise } = code;
  const ordering = changes.filter(({ isOrdering }) => isOrdering);
  const others = changes.filter(({ isOrdering }) => !isOrdering);
  const rest =
    otherwise.length === 0 ? [] : [`${listed(otherwise)} changed${changes.length > 0 ? ', too' : ''}`];
  const told = [...ordering, ...others].map(({ text }) => text);
  if (told.length + rest.length + question.length === 0) return ['The code is the same.'];
  const deciding = decidingLines(models, code);
  return [
    ...told.map((text) => `  ${text}`),
    ...[...rest, ...question].map((text) => `  ${text}`),
    ...(deciding.length === 0 ? [] : ['', ...deciding]),
  ];
}

/** More changes of one test than this are counted. */
const MOST_CHANGES = 3;

/** A test that was changed and is judged as before, in one line: `mp.litmus: no outcome changed, but P0:6: smp_mb() became smp_wmb()`. */
export function unchangedLine({ after, before, code }: TestDiff): string {
  const { changes, otherwise } = code ?? { changes: [], otherwise: [] };
  const [ordering, others] = [true, false].map((kind) =>
    changes.filter(({ isOrdering }) => isOrdering === kind),
  );
  const told = [
    ...[...(ordering ?? []), ...(others ?? [])].map(({ text }) => text),
    ...(otherwise.length === 0 ? [] : [`${listed(otherwise)} changed`]),
    ...(before.condition === after.condition ? [] : ['the question changed']),
  ];
  const more = told.length - MOST_CHANGES;
  const shown = [...told.slice(0, MOST_CHANGES), ...(more > 0 ? [`${more} more`] : [])];
  const same = code === null ? '' : ', nor did the code';
  return `${after.file}: no outcome changed${told.length === 0 ? same : `, but ${shown.join('; ')}`}`;
}

/** An outcome, and the models that it is news of. */
interface News {
  readonly text: string;
  readonly isAsked: boolean;
  readonly models: string[];
  readonly pictures: string[];
}

function newsOf(models: readonly ModelDiff[], key: 'appeared' | 'vanished' | 'flagsAppeared'): News[] {
  const all = new Map<string, News>();
  for (const model of models)
    for (const { outcome, isAsked, picture } of model[key] as readonly PicturedOutcome[]) {
      const news = all.get(outcome) ?? { text: outcome, isAsked, models: [], pictures: [] };
      all.set(outcome, news);
      news.models.push(model.after.model);
      if (picture !== null) news.pictures.push(picture);
    }
  return [...all.values()].sort((a, b) => Number(b.isAsked) - Number(a.isAsked));
}

/** `says`: what is said of an outcome under these models. */
function newsBlocks(
  news: readonly News[],
  word: string,
  says: (models: readonly string[]) => string,
  options: DiffTextOptions & { readonly asked: string },
): string[][] {
  const most = options.pictures ? Number.POSITIVE_INFINITY : MOST_LISTED;
  const blocks = news.slice(0, most).map(({ text, isAsked, models, pictures }) => {
    const asked = isAsked ? options.asked : '';
    const what = text === '' ? 'a completed execution' : text;
    const head = `${what} ${says(models)}${asked}`;
    const shown = pictures.slice(0, options.pictures ? undefined : 1);
    return [head, ...shown.flatMap((picture) => ['', ...indented(picture)])];
  });
  const more = news.length - blocks.length;
  return more > 0 ? [...blocks, [`and ${more} more ${word}; --pictures shows them all`]] : blocks;
}

function indented(picture: string): string[] {
  return picture
    .trimEnd()
    .split('\n')
    .map((line) => (line === '' ? '' : `    ${line}`));
}

/** Blocks of lines with an empty line between them; blocks without a picture stand together. */
function joinBlocks(blocks: readonly (readonly string[])[]): string[] {
  return blocks.flatMap((block, i) => {
    const isTight = i > 0 && block.length === 1 && blocks[i - 1]!.length === 1;
    return i === 0 || isTight ? block : ['', ...block];
  });
}

/** `a.litmus (before) and b.litmus (after)`; of one test, its file. */
function titleOf({ before, after }: TestDiff): string {
  if (before.file === after.file) return `${after.file}: ${after.condition}`;
  const head = `before: ${before.file}\nafter:  ${after.file}`;
  return before.condition === after.condition ? `${head}\n${after.condition}` : head;
}

/** Ends in a line break. */
export function renderDiff(diff: TestDiff, options: DiffTextOptions): string {
  const width = Math.min(options.width, 100);
  const two = diff.models.find(isOfModels);
  const isForall = diff.after.condition.startsWith('forall');
  const shown = {
    ...options,
    asked: isForall ? ', where the forall fails' : ', which the condition asks for',
  };
  const says = (of: string, models: string | undefined) => (names: readonly string[]) =>
    models === undefined ? `${of} under ${listed(names)}` : models;
  const [before, after] = [two?.before.model, two?.after.model];
  const alone = (model: string | undefined, word: string) =>
    model === undefined ? undefined : `is ${word} ${model} alone`;
  const news = [
    ...newsBlocks(
      newsOf(diff.models, 'appeared'),
      'such outcomes',
      says('appeared', alone(after, 'allowed by')),
      shown,
    ),
    ...newsBlocks(
      newsOf(diff.models, 'flagsAppeared'),
      'flags',
      says('is raised now', alone(after, 'raised by')),
      shown,
    ),
    ...newsBlocks(
      newsOf(diff.models, 'vanished'),
      'such outcomes',
      says('vanished', alone(before, 'allowed by')),
      shown,
    ),
  ];
  const code = codeLines(diff);
  const sections = [
    [titleOf(diff)],
    ...(code.length === 0 ? [] : [code]),
    [...tableLines(modelRows(diff.models), width), ...namesLines(diff.models)],
    ...(news.length === 0 ? [] : [joinBlocks(news)]),
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}
