/**
 * What barriers.ts found, for people:
 *
 *                                       lkmm       arm64      x86
 *     as it is                          Never      Never      Never
 *
 *     P0:35 smp_wmb()                   needed on lkmm, arm64
 *       removed                         Sometimes  Sometimes  Never
 */
import { positionAt } from '../text/source.js';
import { displayWidth, padEnd, wrapWords } from '../verdict/text-layout.js';
import type { BarriersReport, Need, SiteReport } from './barriers.js';
import type { Site } from './site.js';
import type { Judgement } from './variants.js';

export interface BarriersTextOptions {
  /** Columns of the terminal. */
  readonly width: number;
}

const GAP = '  ';
/** No wider, so that the verdicts are still beside it in a mail. */
const WIDEST_LABEL = 48;

/** `P0:35`. */
export function placeOf({ thread, span }: Site): string {
  return `${thread}:${positionAt(span.file, span.start).line}`;
}

function lines(site: Site): string {
  const ends = site.ends.map(({ file, start }) => positionAt(file, start).line);
  return ends.length === 0 ? '' : ` ... ${[...new Set(ends)].join(', ')}`;
}

export function titleOf(site: Site): string {
  return `${placeOf(site)} ${site.statement}${lines(site)}`;
}

/** `a, b and c`. */
export function listed(words: readonly string[], last = 'and'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}

/** One word, or nearly; `held` are those of the models that could need it. */
export function describeNeed(need: Need, held: readonly string[], models: readonly string[]): string {
  switch (need.kind) {
    case 'redundant':
      return held.length === models.length ? 'redundant' : `redundant on ${listed(held)}`;
    case 'unknown':
      return 'not known: a limit was hit';
    case 'no-weaker-form':
      return 'has no weaker form';
    case 'needed': {
      const where = need.models.length === held.length ? 'needed' : `needed only on ${listed(need.models)}`;
      return need.enough.length === 0 ? where : `${where}; ${listed(need.enough, 'or')} is enough`;
    }
  }
}

export function trialLabel(to: string | null): string {
  return to === null ? 'removed' : to;
}

class Table {
  private readonly labelWidth: number;
  private readonly columns: readonly number[];

  constructor(private readonly report: BarriersReport) {
    const labels = report.sites.flatMap(({ site, trials }) => [
      titleOf(site),
      ...trials.map(({ change }) => `  ${trialLabel(change.to)}`),
    ]);
    const widths = ['as it is', ...labels].map(displayWidth).filter((width) => width <= WIDEST_LABEL);
    this.labelWidth = Math.max(...widths);
    this.columns = report.models.map((name) => Math.max(displayWidth(name), 'Sometimes'.length));
  }

  private cells(texts: readonly string[]): string {
    return texts.map((text, i) => padEnd(text, this.columns[i]!)).join(GAP);
  }

  private line(label: string, rest: string): string {
    return `${padEnd(label, this.labelWidth)}${GAP}${rest}`.trimEnd();
  }

  private verdicts(label: string, judgements: readonly Judgement[]): string {
    return this.line(label, this.cells(judgements.map(({ verdict }) => verdict)));
  }

  private site({ site, trials, need }: SiteReport): string[] {
    const { held, models } = this.report;
    const told = held.length === 0 ? '' : describeNeed(need, held, models);
    const head = this.line(titleOf(site), told);
    return [
      head,
      ...trials.map(({ change, judgements }) => this.verdicts(`  ${trialLabel(change.to)}`, judgements)),
    ];
  }

  render(): string[] {
    const { models, judgements, sites } = this.report;
    return [
      this.line('', this.cells(models)),
      this.verdicts('as it is', judgements),
      ...sites.flatMap((report) => ['', ...this.site(report)]),
    ];
  }
}

/** What is allowed as it is needs nothing. */
function allowedSentence({ judgements, held, models }: BarriersReport): string | null {
  const open = judgements.filter(({ verdict }) => verdict === 'Unknown' || verdict === 'Deadlock');
  const allowed = models.filter((name) => !held.includes(name) && !open.some(({ model }) => model === name));
  if (allowed.length === 0) return null;
  if (allowed.length === models.length)
    return 'The outcome is allowed as it is, so no barrier is needed for it: `fencepost repair` looks for what would exclude it.';
  return `On ${listed(allowed)} the outcome is allowed as it is, so nothing is needed there.`;
}

function alternativeSentences({ alternatives, held }: BarriersReport): string[] {
  return alternatives.map(({ sites, models }) => {
    const names = listed(
      sites.map((site) => `${placeOf(site)} ${site.primitive}`),
      'or',
    );
    const where = models.length === held.length ? '' : ` on ${listed(models)}`;
    return `One of ${names} suffices${where}, but one has to stay.`;
  });
}

/** What the table does not say. */
export function closing(report: BarriersReport): string[] {
  const { sites, redundantTogether, limit, held, models } = report;
  const redundant = sites.filter(({ need }) => need.kind === 'redundant');
  const stuck = report.judgements.filter(({ verdict }) => verdict === 'Deadlock').map(({ model }) => model);
  const sentences = [allowedSentence(report), ...alternativeSentences(report)];
  if (stuck.length > 0) sentences.push(`No execution completes under ${listed(stuck)}.`);
  if (sites.length === 0 && held.length === models.length)
    sentences.push('Nothing in this test orders memory but the accesses themselves.');
  if (redundantTogether === true) sentences.push('All that is redundant can go at once.');
  if (redundant.length > 0 && held.length > 0)
    sentences.push('"Redundant" is about the question of this test: other code may need the order.');
  if (limit !== null) sentences.push(`Incomplete: a limit was hit (${limit}).`);
  return sentences.filter((sentence) => sentence !== null);
}

export function renderBarriers(report: BarriersReport, options: BarriersTextOptions): string {
  const width = Math.min(options.width, 100);
  const wrapped = closing(report).flatMap((text) => wrapWords(text.split(' '), width));
  const table = new Table(report).render();
  const head = `${report.name}: ${report.condition}`;
  return `${[head, '', ...table, ...(wrapped.length > 0 ? ['', ...wrapped] : [])].join('\n')}\n`;
}
