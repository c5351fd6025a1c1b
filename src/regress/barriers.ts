/**
 * Which of a test's barriers, locks and ordered accesses its answer depends on: each is weakened, step by step, and the test is
 * judged again.
 *
 * A primitive is *redundant* if even its weakest form leaves every verdict as it is and raises no flag: a lock that only keeps plain
 * accesses from racing is needed. That is about the test's own question, and about
 * one primitive at a time: what is redundant only while another one stays is found by weakening them together. Models that allow
 * the unwanted outcome to begin with need nothing, and do not count.
 */

import type { Diagnostic } from '../text/diagnostic.js';
import type { SourceFile } from '../text/source.js';
import { type Judge, judgeName } from '../verdict/judge.js';
import type { Change, Site } from './site.js';
import { defaultSiteOptions, findSites } from './sites.js';
import { overlap } from './text-edit.js';
import {
  allowsUnwanted,
  excludesUnwanted,
  firstPlainAccess,
  type Judgement,
  newFlags,
  VariantJudge,
  type VariantOptions,
} from './variants.js';

/** A primitive in a weaker form, and the verdicts then: one for each model, in their order. */
export interface Trial {
  readonly change: Change;
  readonly judgements: readonly Judgement[];
}

export type Need =
  /**
   * `models`: where a weaker form changes the verdict or raises a flag. `enough`: the forms that change nothing, if some but not all do.
   * `flags`: what is raised if that is all that changes; else empty.
   */
  | {
      readonly kind: 'needed';
      readonly models: readonly string[];
      readonly enough: readonly string[];
      readonly flags: readonly string[];
    }
  | { readonly kind: 'redundant' }
  /** Nothing is weaker and does the same. */
  | { readonly kind: 'no-weaker-form' }
  | { readonly kind: 'unknown' };

export interface SiteReport {
  readonly site: Site;
  readonly trials: readonly Trial[];
  readonly need: Need;
}

/** Primitives that are redundant one by one, but not all of them together: one has to stay, where `models` are concerned. */
export interface Alternatives {
  readonly sites: readonly Site[];
  readonly models: readonly string[];
}

export interface BarriersReport {
  readonly source: SourceFile;
  readonly name: string;
  readonly condition: string;
  readonly models: readonly string[];
  /** The test as it is. */
  readonly judgements: readonly Judgement[];
  /** The models that exclude the unwanted outcome, so that something may be needed. */
  readonly held: readonly string[];
  readonly sites: readonly SiteReport[];
  /** The first access without a mark, as `P0:5`; null if there is none. The compiler may move it. */
  readonly plainAccess: string | null;
  /** Minimal sets, of up to three. */
  readonly alternatives: readonly Alternatives[];
  /** Whether all that is redundant can go at once; null if there is less than two, or it was not found out. */
  readonly redundantTogether: boolean | null;
  /** Why something is not known; null if all is. */
  readonly limit: string | null;
}

export interface BarriersResult {
  readonly report: BarriersReport | null;
  readonly diagnostics: readonly Diagnostic[];
}

export interface BarriersOptions extends VariantOptions {
  /** Whether READ_ONCE() and WRITE_ONCE() are made plain accesses, too. */
  readonly plain: boolean;
}

/** More redundant primitives than this are not weakened in pairs and threes. */
const MOST_COMBINED = 16;

class Analysis {
  /** The first limit that left a trial open. */
  limit: string | null = null;

  constructor(
    private readonly variants: VariantJudge,
    private readonly models: readonly Judge[],
    private readonly base: readonly Judgement[],
    private readonly held: ReadonlySet<string>,
  ) {}

  trial(change: Change): Trial {
    return { change, judgements: this.judgements([change]) };
  }

  private judgements(changes: readonly Change[]): Judgement[] {
    return this.models.map((judge) => this.variants.judge(changes, judge));
  }

  private verdictChanges({ model, verdict }: Judgement): boolean {
    return this.held.has(model) && verdict !== this.base.find((b) => b.model === model)?.verdict;
  }

  /** The models that held and do not any more, or raise a flag that they did not; null if one is open. */
  broken(judgements: readonly Judgement[]): readonly string[] | null {
    const isOpen = ({ model, verdict, limit }: Judgement): boolean =>
      this.held.has(model) && (verdict === 'Unknown' || limit !== null);
    const open = judgements.find(isOpen);
    if (open !== undefined) {
      this.limit ??= `${open.model}: ${open.limit ?? 'not decided'}`;
      return null;
    }
    return judgements
      .filter((now) => this.verdictChanges(now) || newFlags(now, this.base).length > 0)
      .map(({ model }) => model);
  }

  need(trials: readonly Trial[]): Need {
    if (trials.length === 0) return { kind: 'no-weaker-form' };
    const broken = trials.map(({ judgements }) => this.broken(judgements));
    const all = new Set(broken.flatMap((models) => models ?? []));
    if (all.size === 0) return broken.includes(null) ? { kind: 'unknown' } : { kind: 'redundant' };
    const enough = trials.filter((_, i) => broken[i]?.length === 0).map(({ change }) => change.to ?? '');
    const models = this.models.map(judgeName).filter((name) => all.has(name));
    const judgements = trials.flatMap((trial) => trial.judgements);
    const flags = judgements.some((now) => this.verdictChanges(now))
      ? []
      : [...new Set(judgements.flatMap((now) => newFlags(now, this.base)))];
    return { kind: 'needed', models, enough, flags };
  }

  /** The models that break if all of the changes are made; null if that is not known or they exclude each other. */
  together(changes: readonly Change[]): readonly string[] | null {
    const clash = changes.some((a, i) => changes.slice(i + 1).some((b) => overlap(a.edits, b.edits)));
    return clash ? null : this.broken(this.judgements(changes));
  }
}

interface Combined {
  readonly alternatives: readonly Alternatives[];
  readonly together: boolean | null;
}

/** Sets of two, then three redundant primitives of which one has to stay, none a part of another. */
function combine(redundant: readonly SiteReport[], analysis: Analysis): Combined {
  const weakest = (report: SiteReport): Change => report.trials.at(-1)!.change;
  if (redundant.length < 2 || redundant.length > MOST_COMBINED) return { alternatives: [], together: null };
  const all = analysis.together(redundant.map(weakest));
  if (all !== null && all.length === 0) return { alternatives: [], together: true };
  const alternatives: Alternatives[] = [];
  const isKnown = (sites: readonly Site[]): boolean =>
    alternatives.some((known) => known.sites.every((site) => sites.includes(site)));
  const look = (reports: readonly SiteReport[]): void => {
    const sites = reports.map(({ site }) => site);
    if (isKnown(sites)) return;
    const models = analysis.together(reports.map(weakest));
    if (models !== null && models.length > 0) alternatives.push({ sites, models });
  };
  for (const [i, a] of redundant.entries()) for (const b of redundant.slice(i + 1)) look([a, b]);
  if (alternatives.length === 0)
    for (const [i, a] of redundant.entries())
      for (const [j, b] of redundant.slice(i + 1).entries())
        for (const c of redundant.slice(i + j + 2)) look([a, b, c]);
  return { alternatives, together: all === null ? null : false };
}

function firstLimit(judgements: readonly Judgement[]): string | null {
  const open = judgements.find(({ verdict, limit }) => verdict === 'Unknown' || limit !== null);
  return open === undefined ? null : `${open.model}: ${open.limit ?? 'not decided'}`;
}

/** Weakens everything in a test that orders memory. */
export function findBarriers(source: SourceFile, options: BarriersOptions): BarriersResult {
  const variants = new VariantJudge(source, options);
  const { test, models, judgements, diagnostics } = variants.base();
  const sites = findSites(source, { ...defaultSiteOptions(options.macros), plain: options.plain }).value;
  if (test === null || sites === null || models.length === 0) return { report: null, diagnostics };
  const { quantifier, text } = test.program.condition;
  const held = judgements.filter(({ verdict }) => excludesUnwanted(verdict, quantifier)).map((j) => j.model);
  const analysis = new Analysis(variants, models, judgements, new Set(held));
  const isPointless = judgements.every(
    ({ verdict }) => verdict === 'Deadlock' || allowsUnwanted(verdict, quantifier),
  );
  const reports = (isPointless ? [] : sites).map((site): SiteReport => {
    // without its mark, an access may not tell the type of what it accesses
    const weaker = site.weaker.filter((change) => !change.plain || variants.preparedWith([change]) !== null);
    const trials = weaker.map((change) => analysis.trial(change));
    return { site, trials, need: analysis.need(trials) };
  });
  const redundant = reports.filter(({ need }) => need.kind === 'redundant');
  const { alternatives, together } = held.length === 0 ? nothingCombined : combine(redundant, analysis);
  const all = [...judgements, ...reports.flatMap(({ trials }) => trials.flatMap((t) => t.judgements))];
  const report: BarriersReport = {
    source,
    name: test.name,
    condition: text,
    models: models.map(judgeName),
    judgements,
    held,
    sites: reports,
    plainAccess: test.language === 'c' ? firstPlainAccess(test.program) : null,
    alternatives,
    redundantTogether: together,
    limit: firstLimit(all) ?? analysis.limit,
  };
  return { report, diagnostics };
}

const nothingCombined: Combined = { alternatives: [], together: null };
