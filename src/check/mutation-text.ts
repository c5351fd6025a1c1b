/**
 * What weakening the barriers of tests showed, for people: what is unguarded first, then the declarations that are not true, those that
 * are, what notices nothing, and a line that sums up. Lines have at most 80 columns, but for paths.
 */
import { wrapWords } from '../verdict/text-layout.js';
import {
  type BarrierGuard,
  countsOf,
  type FormGuard,
  type IdleDeclaration,
  type MutationSummary,
} from './barrier-guards.js';
import type { BarrierName } from './barrier-name.js';
import type { Answer, MutatedBarrier, MutatedTest, Weakening } from './mutation.js';

export interface MutationTextOptions {
  /** Also what is noticed, and by which models. */
  readonly all: boolean;
}

const WIDTH = 80;

function wrapped(text: string, indent: string): string[] {
  return wrapWords(text.split(' '), WIDTH - indent.length).map((line) => indent + line);
}

function placeText({ place }: MutatedBarrier): string {
  return `${place.file}:${place.line}`;
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

function formText(to: string | null): string {
  return to === null ? 'removed' : `as ${to}`;
}

/** `try_to_wake_up()`, or the comment without its folder. */
function functionText(name: string): string {
  const comment = /^[^:]*: /.exec(name);
  return comment === null ? `${name}()` : `"${name.slice(comment[0].length)}"`;
}

/** `between the read of __state and the read of on_rq`. */
function whereText({ kind, before, after }: BarrierName): string | null {
  const nouns = (accesses: readonly string[]): string | null =>
    accesses.length === 0
      ? null
      : accesses.map((access) => `the ${access.replace(' ', ' of ')}`).join(' or ');
  const [early, late] = [nouns(before), nouns(after)];
  if (kind === 'section') return early === null ? null : `from ${early}`;
  if (early !== null && late !== null) return `between ${early} and ${late}`;
  return early === null ? late && `before ${late}` : `behind ${early}`;
}

function titleOf({ primitive, name }: MutatedBarrier): string {
  if (name === null) return primitive;
  const target = name.target === null ? null : `on ${name.target}`;
  const where = whereText(name);
  const functions = `in ${listed(name.functions.map(functionText))}`;
  return [primitive, target, functions, where].filter((part) => part !== null).join(' ');
}

/** `Never under lkmm and arm64, Sometimes under x86`. */
function shownAnswers(answers: readonly Answer[]): string {
  const groups = new Map<string, string[]>();
  for (const answer of answers) {
    const shown = answer.kind === 'open' ? `not known (${answer.limit})` : answer.shown;
    groups.set(shown, [...(groups.get(shown) ?? []), answer.model]);
  }
  return [...groups].map(([shown, models]) => `${shown} under ${listed(models)}`).join(', ');
}

function unnoticedText(barrier: MutatedBarrier, forms: readonly FormGuard[]): string[] {
  const isLost = (_: Weakening, i: number): boolean => forms[i]?.kind === 'unguarded';
  return barrier.weakenings.filter(isLost).map(({ to, answers }) => {
    if (answers.length === 0) return `${formText(to)}: the test expects nothing`;
    return `${formText(to)}: ${shownAnswers(answers)}, as expected`;
  });
}

/** Barriers that are the same by all that is known of them, so that one remedy will do. */
function groupsOf(guards: readonly BarrierGuard[]): BarrierGuard[][] {
  const groups = new Map<string, BarrierGuard[]>();
  for (const guard of guards) {
    const { name } = guard.barrier;
    const { place } = guard.barrier;
    const own = `${place.file}:${place.line}:${place.column}`;
    const key = name === null ? own : JSON.stringify([name, guard.barrier.primitive]);
    groups.set(key, [...(groups.get(key) ?? []), guard]);
  }
  return [...groups.values()];
}

function groupLines(group: readonly BarrierGuard[]): string[] {
  const lines: string[] = [...wrapped(titleOf(group[0]!.barrier), '')];
  let last = '';
  for (const { barrier, forms } of group) {
    lines.push(`  ${placeText(barrier)} ${barrier.thread} ${barrier.statement}`);
    const tried = unnoticedText(barrier, forms).flatMap((text) => wrapped(text, '    '));
    // said once of all that it is said of
    if (tried.join('\n') !== last) lines.push(...tried);
    last = tried.join('\n');
  }
  return [...lines, ''];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, '', ...lines, ...(lines.at(-1) === '' ? [] : [''])];
}

function unguardedLines({ guards }: MutationSummary): string[] {
  const lost = guards.filter(({ status }) => status === 'unguarded' || status === 'in-part');
  const title = `Unguarded: no expectation notices if ${lost.length === 1 ? 'this is' : 'these are'} weakened`;
  return section(title, groupsOf(lost).flatMap(groupLines));
}

function failingLines({ failing }: MutationSummary): string[] {
  const lines = failing.flatMap(({ file, failing: answers }) =>
    wrapped(`${file}: ${shownAnswers(answers)}`, '  '),
  );
  return section('Not as expected as they stand (`fencepost check`), so that nothing was tried:', lines);
}

function idleText({ declaration, barrier, kind, to, file }: IdleDeclaration): string {
  const { place } = declaration;
  const form = to === null ? 'its removal' : `the change to ${to}`;
  const where = `${place.file}:${place.line}: ${barrier.thread} ${barrier.statement}`;
  return kind === 'stale'
    ? `${where}: not true any more: the test notices ${form}. Remove the line.`
    : `${where}: needless: ${file} notices ${form}.`;
}

function declaredLines({ guards }: MutationSummary): string[] {
  return guards.flatMap(({ barrier, forms }) => {
    const reasons = new Set(
      forms.flatMap((form) => (form.kind === 'declared' ? [form.declaration.reason] : [])),
    );
    return [...reasons].flatMap((reason) => [
      `  ${placeText(barrier)} ${barrier.thread} ${barrier.statement}`,
      ...wrapped(reason, '    '),
    ]);
  });
}

function openLines({ guards }: MutationSummary): string[] {
  return guards.flatMap(({ barrier, forms }) => {
    const texts = barrier.weakenings.flatMap(({ to }, i) => {
      const form = forms[i]!;
      return form.kind === 'open' ? wrapped(`${formText(to)}: ${form.limit}`, '    ') : [];
    });
    const head = `  ${placeText(barrier)} ${barrier.thread} ${barrier.statement}`;
    return texts.length === 0 ? [] : [head, ...texts];
  });
}

function silentText({ file, models }: MutatedTest): string {
  return models.length === 0 ? `  ${file} (expects nothing)` : `  ${file}`;
}

function allLines({ guards, tests }: MutationSummary): string[] {
  return tests.flatMap((test) => {
    const mine = guards.filter((guard) => guard.test === test);
    const lines = mine.flatMap(({ barrier, forms }) =>
      barrier.weakenings.flatMap(({ to, answers }, i) => {
        const form = forms[i]!;
        const by =
          form.kind === 'elsewhere' ? `noticed by ${form.file}` : form.kind === 'own' ? 'noticed' : form.kind;
        const head = `${barrier.thread}:${barrier.place.line} ${barrier.statement} ${formText(to)}: ${by}`;
        return [...wrapped(head, '  '), ...wrapped(shownAnswers(answers), '    ')];
      }),
    );
    return section(test.file, lines);
  });
}

function summaryLines(summary: MutationSummary): string[] {
  const { barriers, weakenings, noticed } = countsOf(summary);
  const share = weakenings === 0 ? '' : ` (${Math.floor((100 * noticed) / weakenings)} %)`;
  const counted: readonly (readonly [number, string])[] = [
    [barriers.guarded, 'guarded'],
    [barriers['in-part'], 'guarded in part'],
    [barriers.unguarded, 'unguarded'],
    [barriers.declared, 'declared unguarded'],
    [barriers.open, 'not known for a limit'],
  ];
  const parts = counted.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
  const score = `${noticed} of ${count(weakenings, 'weakening')} noticed${share}.`;
  const total = `${count(summary.guards.length, 'barrier')} in ${count(summary.tests.length, 'test')}`;
  return wrapped(`${score} ${total}: ${parts.join(', ') || 'nothing to weaken'}.`, '');
}

export function renderMutation(summary: MutationSummary, { all }: MutationTextOptions): string {
  const { idle, silentTests, silentModels } = summary;
  const lines = [
    ...(all ? allLines(summary) : []),
    ...failingLines(summary),
    ...unguardedLines(summary),
    ...section(
      'Declarations in the comments of tests that are not true, or not needed:',
      idle.flatMap((each) => wrapped(idleText(each), '  ')),
    ),
    ...section('Not known, as a limit was hit:', openLines(summary)),
    ...section('Declared unguarded by the comments of their tests:', declaredLines(summary)),
    ...section('Tests that notice nothing:', silentTests.map(silentText)),
    ...(silentModels.length === 0 ? [] : [`Models that notice nothing: ${silentModels.join(', ')}`, '']),
    ...summaryLines(summary),
  ];
  return `${lines.join('\n')}\n`;
}
