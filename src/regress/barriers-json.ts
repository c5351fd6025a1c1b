/**
 * What barriers.ts found, as one JSON object. Stable: fields are added, never changed.
 *
 * file, test, condition   the path as given, the name in the header, the condition's normal text
 * models                  their names, in the order of all lists of verdicts
 * verdicts                of the test as it is: {model: verdict}
 * sites                   [{thread, line, ends, statement, primitive, summary, needed, enough, weaker}]: `summary` is `needed`, `redundant`,
 *                         `no-weaker-form` or `unknown`; `needed` the models whose verdict the weakest form changes, `enough` the weaker
 *                         forms that change none (if it is needed); `weaker` [{to, verdicts}], `to` null for its removal
 * alternatives            [{sites: [{thread, line, primitive}], models}]: redundant one by one, but one of them has to stay
 * redundantTogether       whether all that is redundant can go at once; null: less than two, or not known
 * flags                   {model: names} of the flags that the test raises as it is, where it does; each of `weaker` has its own
 * withoutIt               of a site: the flags that a weaker form raises, if that is all that changes
 * limit                   why something is not known, or null
 */
import { positionAt } from '../text/source.js';
import type { Verdict } from '../verdict/verdict.js';
import type { BarriersReport, SiteReport } from './barriers.js';
import type { Site } from './site.js';
import type { Judgement } from './variants.js';

/** A primitive that orders memory, and whether the test's answer needs it. */
export interface SiteObject {
  readonly thread: string;
  /** From 1. */
  readonly line: number;
  readonly primitive: string;
  /** Lines of the unlocks, of a lock. */
  readonly ends: readonly number[];
  readonly statement: string;
  readonly summary: 'needed' | 'redundant' | 'no-weaker-form' | 'unknown';
  readonly needed: readonly string[];
  readonly enough: readonly string[];
  readonly withoutIt: readonly string[];
  readonly weaker: readonly {
    /** Null: its removal. */
    readonly to: string | null;
    /** By model. */
    readonly verdicts: Readonly<Record<string, Verdict>>;
    readonly flags: Readonly<Record<string, readonly string[]>>;
  }[];
}

/** What weakening each primitive of a test showed. */
export interface BarriersObject {
  readonly file: string;
  readonly test: string;
  readonly condition: string;
  readonly models: readonly string[];
  /** By model, as the test stands. */
  readonly verdicts: Readonly<Record<string, Verdict>>;
  readonly flags: Readonly<Record<string, readonly string[]>>;
  readonly sites: readonly SiteObject[];
  readonly alternatives: readonly {
    readonly sites: readonly Pick<SiteObject, 'thread' | 'line' | 'primitive'>[];
    readonly models: readonly string[];
  }[];
  readonly redundantTogether: boolean | null;
  readonly limit: string | null;
}

export function verdictsOf(judgements: readonly Judgement[]): Record<string, Verdict> {
  return Object.fromEntries(judgements.map(({ model, verdict }) => [model, verdict]));
}

export function flagsOf(judgements: readonly Judgement[]): Record<string, readonly string[]> {
  const raised = judgements.filter(({ flags }) => flags.length > 0);
  return Object.fromEntries(raised.map(({ model, flags }) => [model, flags]));
}

function place({ thread, span, primitive }: Site) {
  return { thread, line: positionAt(span.file, span.start).line, primitive };
}

function siteObject({ site, trials, need }: SiteReport): SiteObject {
  return {
    ...place(site),
    ends: site.ends.map(({ file, start }) => positionAt(file, start).line),
    statement: site.statement,
    summary: need.kind,
    needed: need.kind === 'needed' ? need.models : [],
    enough: need.kind === 'needed' ? need.enough : [],
    withoutIt: need.kind === 'needed' ? need.flags : [],
    weaker: trials.map(({ change, judgements }) => ({
      to: change.to,
      verdicts: verdictsOf(judgements),
      flags: flagsOf(judgements),
    })),
  };
}

/** Plain data for JSON.stringify. */
export function barriersObject(report: BarriersReport): BarriersObject {
  return {
    file: report.source.name,
    test: report.name,
    condition: report.condition,
    models: report.models,
    verdicts: verdictsOf(report.judgements),
    flags: flagsOf(report.judgements),
    sites: report.sites.map(siteObject),
    alternatives: report.alternatives.map(({ sites, models }) => ({ sites: sites.map(place), models })),
    redundantTogether: report.redundantTogether,
    limit: report.limit,
  };
}
