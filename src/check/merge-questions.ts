/** A test that observes other names than its record does so under every model: that is said once, of all of them. */
import type { Finding } from './check-report.js';

/** Keeps the first of each such finding, in its place. */
export function mergeQuestions(findings: readonly Finding[]): readonly Finding[] {
  const questions = findings.filter(({ kind }) => kind === 'question');
  const alike = (finding: Finding): readonly Finding[] =>
    questions.filter(({ message }) => message === finding.message);
  return findings.flatMap((finding) => {
    if (finding.kind !== 'question') return [finding];
    const same = alike(finding);
    if (same[0] !== finding) return [];
    return [same.length === 1 ? finding : { ...finding, model: null }];
  });
}
