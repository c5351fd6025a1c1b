/** What repair.ts found, for people: each set of changes with what it costs, and the diff that makes it. */
import { wrapWords } from '../verdict/text-layout.js';
import { incomplete, listed } from './barriers-text.js';
import type { Repair, RepairReport } from './repair.js';

export interface RepairTextOptions {
  /** Columns of the terminal. */
  readonly width: number;
  /** How many repairs are shown; the rest is counted. */
  readonly most: number;
  /** How the diffs are to be applied, if there is something to be said. */
  readonly note?: string | null;
}

export function costLine({ costs }: Repair): string {
  return costs.map(({ target, instructions }) => `${target}: ${instructions}`).join('; ');
}

function renderRepair(repair: Repair, index: number): string {
  const [first, ...rest] = repair.changes.map(({ what }) => what);
  const head = [`${index + 1}. ${first}`, ...rest.map((what) => `   and ${what}`)];
  const costs = repair.costs.length === 0 ? [] : [`   costs on ${costLine(repair)}`];
  return `${[...head, ...costs].join('\n')}\n\n${repair.diff}`;
}

function verdictsOf({ judgements }: RepairReport): string {
  return judgements
    .map(({ model, verdict, flags }) =>
      [model, verdict, ...(flags.length > 0 ? [`(${flags.join(', ')})`] : [])].join(' '),
    )
    .join(', ');
}

function changesUpTo(count: number): string {
  return count === 1 ? 'no single change' : `no set of up to ${count} changes`;
}

function cheapestFirst(repairs: readonly Repair[]): string {
  const first = repairs[0]?.costs[0];
  return repairs.length > 1 && first !== undefined
    ? `, the cheapest on ${first.target} first (by ranks, not cycles)`
    : '';
}

function goal({ models, condition, flags, endsFlags }: RepairReport): string {
  const wanted = condition.startsWith('forall') ? 'Always' : 'Never';
  const free = flags.length > 0 && endsFlags ? `, and free of ${listed(flags, 'or')},` : '';
  return `${wanted}${free} under ${listed(models)}`;
}

function isForall({ condition }: RepairReport): boolean {
  return condition.startsWith('forall');
}

/** Said where there are others. */
function triedPlaces({ uncovered }: RepairReport): string {
  return uncovered.length === 0 ? '' : ' at the places that were tried';
}

/** What the test raises as it is, and that nothing found ends it. */
function flagSentence({ flags, endsFlags, judgements, outcome }: RepairReport): string[] {
  if (flags.length === 0 || endsFlags || outcome.kind === 'flags-stay') return [];
  const models = judgements.filter((judgement) => judgement.flags.length > 0).map(({ model }) => model);
  return [
    `The flag stays: ${listed(flags)} under ${listed(models)}. No marks and barriers that were tried end it; \`fencepost explain\` says where it comes from.`,
  ];
}

export function opening(report: RepairReport): string[] {
  const { outcome, maxChanges, models } = report;
  switch (outcome.kind) {
    case 'nothing-to-do':
      return [
        isForall(report)
          ? `The forall holds as it is, under ${listed(models)}: there is nothing to repair.`
          : `The outcome is excluded as it is, under ${listed(models)}: there is nothing to repair.`,
      ];
    case 'flags-stay':
      return [
        `${isForall(report) ? 'The forall holds' : 'The outcome is excluded'} as it is, but the test raises ${listed(report.flags)}: no marks and barriers that were tried end that. \`fencepost explain\` says where it comes from.`,
      ];
    case 'deadlock':
      return [`No execution completes under ${listed(outcome.models)}: barriers do not change that.`];
    case 'interleaving':
      return [
        isForall(report)
          ? 'Even interleaving (sc) makes the forall fail: barriers cannot help. The logic has to change: what is read and written, or under which locks and RCU sections.'
          : 'Even interleaving (sc) allows the outcome: barriers cannot help. The logic has to change: what is read and written, or under which locks and RCU sections.',
      ];
    case 'unknown':
      return ['Not known: a limit was hit before anything was found.'];
    case 'none':
      if (outcome.hopeless)
        return [
          `No barriers and no ordered accesses${triedPlaces(report)} make it ${goal(report)}: even all of them at once do not.`,
        ];
      return [
        `There is ${changesUpTo(maxChanges)}${triedPlaces(report)} that makes it ${goal(report)}.`,
        ...(outcome.larger === null ? [] : ['A larger one does; each of its parts is needed:']),
      ];
    case 'repairs': {
      const { repairs } = outcome;
      const ways = repairs.length === 1 ? 'One way' : `${repairs.length} ways`;
      const marks = outcome.marksApart ? '. Marks of plain accesses are not counted as changes' : '';
      return [`${ways} to make it ${goal(report)}${cheapestFirst(repairs)}${marks}:`];
    }
  }
}

function closing(report: RepairReport, hidden: number): string[] {
  const { outcome, limit } = report;
  const sentences: string[] = [];
  sentences.push(...flagSentence(report));
  if (hidden > 0) sentences.push(`${hidden} more, which cost more: --all shows them.`);
  if (outcome.kind === 'repairs') {
    sentences.push(
      `Each was judged as a test of its own, and so was every part of it, which is not enough: for the question of this test, where other code may need more. Stronger primitives in the same places ${report.isMonotone ? 'do as well and ' : ''}are not listed; statements moved and new locks were not tried.`,
    );
    if (outcome.repairs.some(({ costs }) => costs.some(({ instructions }) => /\bldap/.test(instructions))))
      sentences.push('ldapr is an instruction of Armv8.3 (FEAT_LRCPC): older cores do not have it.');
    const [first, ...rest] = outcome.uselessAlone;
    if (first !== undefined)
      sentences.push(`No order in ${listed([first, ...rest], 'or')} alone is enough, however strong.`);
  }
  if (report.uncovered.length > 0 && outcome.kind !== 'unknown')
    sentences.push(
      `Not tried, as no barrier fits there by itself: an order between accesses of ${listed(report.uncovered)} that one statement makes, or of plain ones that have no mark for it. There may be more ways.`,
    );
  if (limit !== null) sentences.push(incomplete(limit));
  return sentences;
}

export function renderRepairs(report: RepairReport, options: RepairTextOptions): string {
  const { outcome } = report;
  const width = Math.min(options.width, 100);
  const wrapped = (texts: readonly string[]): string =>
    texts.map((text) => `${wrapWords(text.split(' '), width).join('\n')}\n`).join('');
  const found =
    outcome.kind === 'repairs'
      ? outcome.repairs
      : outcome.kind === 'none' && outcome.larger !== null
        ? [outcome.larger]
        : [];
  const shown = found.slice(0, options.most).map(renderRepair);
  const head = `${report.name}: ${report.condition}\nas it is: ${verdictsOf(report)}\n`;
  const note = shown.length > 0 && typeof options.note === 'string' ? [options.note] : [];
  const last = wrapped([...closing(report, found.length - shown.length), ...note]);
  return [head, wrapped(opening(report)), ...shown, ...(last === '' ? [] : [last])].join('\n');
}
