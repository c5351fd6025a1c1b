/**
 * The report as Markdown, for a job's summary ($GITHUB_STEP_SUMMARY) or a comment.
 *
 * All that comes from tests stands in code fences longer than any run of backquotes in it, where Markdown and HTML mean nothing.
 */
import type { Reporter } from '../check-report.js';
import { findingText, otherFindingText } from './finding-text.js';
import { openText, summaryText, unaskedText } from './reporter-setup.js';

function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `\n${fence}text\n${text}\n${fence}\n`;
}

export function markdownReporter(): Reporter {
  const found: string[] = [];
  return {
    begin: () => '',
    test(check) {
      found.push(...check.findings.map((finding) => fenced(findingText(check, finding))));
      return '';
    },
    end(summary) {
      const open = openText(summary);
      const unasked = unaskedText(summary);
      const others = summary.findings.map((finding) => fenced(otherFindingText(finding)));
      const isGood = summary.exitCode === 0;
      const head = `## fencepost check: ${isGood ? 'passed' : 'failed'}\n\n${summaryText(summary)}\n`;
      return [
        head,
        ...(unasked === null ? [] : [fenced(unasked)]),
        ...(open === null ? [] : [`\n**${open}**\n`]),
        ...found,
        ...others,
      ].join('');
    },
  };
}
