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

import { flagsOf } from './barriers-json.js';
import type { Repair, RepairReport } from './repair.js';
import type { Judgement } from './variants.js';

function verdicts(judgements: readonly Judgement[]): Record<string, string> {
  return Object.fromEntries(judgements.map(({ model, verdict }) => [model, verdict]));
}

function repairObject({ changes, threads, costs, judgements, diff }: Repair) {
  return {
    changes: changes.map(({ what }) => what),
    threads,
    costs: Object.fromEntries(
      costs.map(({ target, rank, instructions }) => [target, { rank, instructions }]),
    ),
    verdicts: verdicts(judgements),
    flags: flagsOf(judgements),
    diff,
  };
}

/** Plain data for JSON.stringify. */
export function repairObjectOf(report: RepairReport) {
  const { outcome } = report;
  return {
    file: report.source.name,
    test: report.name,
    condition: report.condition,
    models: report.models,
    verdicts: verdicts(report.judgements),
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
