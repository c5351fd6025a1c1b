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
import { type Judgement, showJudgement } from './variants.js';

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
      const isEverywhere =
        need.models.length === held.length && held.every((name) => need.models.includes(name));
      const where = isEverywhere ? 'needed' : `needed only on ${listed(need.models)}`;
      const why = need.flags.length === 0 ? where : `${where}: without it, ${listed(need.flags)}`;
      return need.enough.length === 0 ? why : `${why}; ${listed(need.enough, 'or')} is enough`;
    }
  }
}

/** What a limit leaves open, and what raises it. */
export function incomplete(limit: string): string {
  const hint = /unroll bound/.test(limit) ? '; --unroll raises it' : '';
  return `Incomplete: a limit was hit (${limit}${hint}).`;
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
    const rows = [
      report.judgements,
      ...report.sites.flatMap(({ trials }) => trials.map((t) => t.judgements)),
    ];
    this.columns = report.models.map((name, i) =>
      Math.max(
        ...[name, 'Sometimes', ...rows.map((row) => showJudgement(row[i]!))].map((text) =>
          displayWidth(text),
        ),
      ),
    );
  }

  private cells(texts: readonly string[]): string {
    return texts.map((text, i) => padEnd(text, this.columns[i]!)).join(GAP);
  }

  private line(label: string, rest: string): string {
    return `${padEnd(label, this.labelWidth)}${GAP}${rest}`.trimEnd();
  }

  private verdicts(label: string, judgements: readonly Judgement[]): string {
    return this.line(label, this.cells(judgements.map(showJudgement)));
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
function allowedSentence({ judgements, held, models, condition }: BarriersReport): string | null {
  const open = judgements.filter(({ verdict }) => verdict === 'Unknown' || verdict === 'Deadlock');
  const allowed = models.filter((name) => !held.includes(name) && !open.some(({ model }) => model === name));
  if (allowed.length === 0) return null;
  const isAll = allowed.length === models.length;
  if (condition.startsWith('forall')) {
    if (!isAll) return `On ${listed(allowed)} the forall fails as it is, so nothing is needed there.`;
    return 'The forall fails as it is, so no barrier is needed for it: `fencepost repair` looks for what would make it hold.';
  }
  if (isAll)
    return 'The outcome is allowed as it is, so no barrier is needed for it: `fencepost repair` looks for what would exclude it.';
  return `On ${listed(allowed)} the outcome is allowed as it is, so nothing is needed there.`;
}

/** What the test raises as it is. */
function flagSentence(judgements: readonly Judgement[]): string | null {
  const flags = [...new Set(judgements.flatMap((judgement) => judgement.flags))];
  if (flags.length === 0) return null;
  const models = judgements.filter((judgement) => judgement.flags.length > 0).map(({ model }) => model);
  return `The test raises ${listed(flags)} under ${listed(models)} as it is, which is not counted: \`fencepost repair\` looks for what ends it.`;
}

/** Models of architectures judge a test as it is compiled statement by statement, which no compiler promises. */
function compilerSentence({ plainAccess, sites, models }: BarriersReport): string | null {
  const isOfCode = (name: string): boolean => name === 'arm64' || name === 'x86';
  const compiled = models.filter(isOfCode);
  const isConcerned = ({ need }: SiteReport): boolean =>
    need.kind === 'redundant' ||
    (need.kind === 'needed' && compiled.some((name) => !need.models.includes(name)));
  if (plainAccess === null || compiled.length === 0 || !sites.some(isConcerned)) return null;
  const verb = compiled.length === 1 ? 'judges' : 'judge';
  return `${listed(compiled)} ${verb} the test as compiled statement by statement, and may keep an order that the compiler need not: it may move plain accesses (${plainAccess}) wherever no barrier stands.`;
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
  const sentences: (string | null)[] = [allowedSentence(report), ...alternativeSentences(report)];
  if (stuck.length > 0) sentences.push(`No execution completes under ${listed(stuck)}.`);
  if (sites.length === 0 && held.length === models.length)
    sentences.push('Nothing in this test orders memory but the accesses themselves.');
  if (redundantTogether === true) {
    const where = held.length === models.length ? '' : ` on ${listed(held)}`;
    sentences.push(`All that is redundant${where} can go at once.`);
  }
  if (redundant.length > 0 && held.length > 0)
    sentences.push('"Redundant" is about the question of this test: other code may need the order.');
  sentences.push(flagSentence(report.judgements), compilerSentence(report));
  if (limit !== null) sentences.push(incomplete(limit));
  return sentences.filter((sentence) => sentence !== null);
}

export function renderBarriers(report: BarriersReport, options: BarriersTextOptions): string {
  const width = Math.min(options.width, 100);
  const wrapped = closing(report).flatMap((text) => wrapWords(text.split(' '), width));
  const table = new Table(report).render();
  const head = `${report.name}: ${report.condition}`;
  return `${[head, '', ...table, ...(wrapped.length > 0 ? ['', ...wrapped] : [])].join('\n')}\n`;
}
