/** The part of a proof document that says which barriers the claim rests on, by weakening each of them: regress/barriers.ts in Markdown. */
import type { BarriersReport, SiteReport } from '../regress/barriers.js';
import { closing, describeNeed, placeOf, trialLabel } from '../regress/barriers-text.js';
import { showJudgement } from '../regress/variants.js';
import { positionAt } from '../text/source.js';
import { bullets, code, paragraph, sections } from './markdown.js';

/** Null if there is nothing to say: the model allows the outcome as it is, or nothing in the test orders memory. */
export function barriersSection(report: BarriersReport): string | null {
  if (report.held.length === 0 || report.sites.length === 0) return null;
  return sections([
    '## Barriers',
    paragraph(
      `Each primitive that orders memory, weakened step by step, and the verdict of ${report.models.map(code).join(', ')} then:`,
    ),
    bullets(report.sites.map((site) => siteText(site, report))),
    paragraph(...closing(report)),
  ]).trimEnd();
}

function siteText({ site, trials, need }: SiteReport, { held, models }: BarriersReport): string {
  const ends = [...new Set(site.ends.map(({ file, start }) => positionAt(file, start).line))];
  const upTo = ends.length === 0 ? '' : ` up to line ${ends.join(', ')}`;
  const tried = trials.map(
    ({ change, judgements }) =>
      `${change.to === null ? trialLabel(null) : code(change.to)}: ${judgements.map(showJudgement).join(', ')}`,
  );
  const verdicts = tried.length === 0 ? '' : ` (${tried.join('; ')})`;
  return `${placeOf(site)} ${code(site.statement)}${upTo}: **${describeNeed(need, held, models)}**${verdicts}.`;
}
