/**
 * What repair.ts found, as one JSON object. Stable: fields are added, never changed.
 *
 * file, test, condition, models, verdicts   as of barriers (barriers-json.ts)
 * maxChanges   how many changes a set may have
 * outcome      `nothing-to-do`, `flags-stay`, `deadlock`, `interleaving`, `repairs`, `none`, `unknown`
 * repairs      [{changes, threads, costs, verdicts, diff}], the cheapest on the first architecture first: `changes` in words, `costs`
 *              {arm64: {rank, instructions}}, ranks being ordinal; minimal sets, each verified
 * larger       if there is none of up to maxChanges: one of more changes, each of which is needed; or null
 * uselessAlone threads in which no order is enough by itself
 * flags        as of barriers; each repair has its own: those that stay
 * marksApart   whether marks of plain accesses were not counted as changes
 * uncovered    threads that could have order where no place for it was found: there may be more ways, and uselessAlone leaves them out
 * limit        why the list may not be all, or null
 */

import type { Verdict } from '../verdict/verdict.js';
import { flagsOf, verdictsOf } from './barriers-json.js';
import type { Repair, RepairReport } from './repair.js';

/** A set of changes that excludes the outcome: minimal, and judged. */
export interface RepairObject {
  /** In words. */
  readonly changes: readonly string[];
  readonly threads: readonly string[];
  /** By architecture; ranks are ordinal, not cycles. */
  readonly costs: Readonly<Record<string, { readonly rank: number; readonly instructions: string }>>;
  /** By model, of the changed test. */
  readonly verdicts: Readonly<Record<string, Verdict>>;
  readonly flags: Readonly<Record<string, readonly string[]>>;
  /** A unified diff of the test's file. */
  readonly diff: string;
}

/** What would exclude a test's outcome. */
export interface RepairsObject {
  readonly file: string;
  readonly test: string;
  readonly condition: string;
  readonly models: readonly string[];
  /** By model, as the test stands. */
  readonly verdicts: Readonly<Record<string, Verdict>>;
  readonly flags: Readonly<Record<string, readonly string[]>>;
  readonly maxChanges: number;
  readonly outcome:
    | 'nothing-to-do'
    | 'flags-stay'
    | 'deadlock'
    | 'interleaving'
    | 'repairs'
    | 'none'
    | 'unknown';
  readonly repairs: readonly RepairObject[];
  readonly larger: RepairObject | null;
  readonly uselessAlone: readonly string[];
  readonly marksApart: boolean;
  readonly uncovered: readonly string[];
  readonly limit: string | null;
}

function repairObject({ changes, threads, costs, judgements, diff }: Repair): RepairObject {
  return {
    changes: changes.map(({ what }) => what),
    threads,
    costs: Object.fromEntries(
      costs.map(({ target, rank, instructions }) => [target, { rank, instructions }]),
    ),
    verdicts: verdictsOf(judgements),
    flags: flagsOf(judgements),
    diff,
  };
}

/** Plain data for JSON.stringify. */
export function repairObjectOf(report: RepairReport): RepairsObject {
  const { outcome } = report;
  return {
    file: report.source.name,
    test: report.name,
    condition: report.condition,
    models: report.models,
    verdicts: verdictsOf(report.judgements),
    flags: flagsOf(report.judgements),
    maxChanges: report.maxChanges,
    outcome: outcome.kind,
    repairs: outcome.kind === 'repairs' ? outcome.repairs.map(repairObject) : [],
    larger: outcome.kind === 'none' && outcome.larger !== null ? repairObject(outcome.larger) : null,
    uselessAlone: outcome.kind === 'repairs' ? outcome.uselessAlone : [],
    marksApart: outcome.kind === 'repairs' && outcome.marksApart,
    uncovered: report.uncovered,
    limit: report.limit,
  };
}
