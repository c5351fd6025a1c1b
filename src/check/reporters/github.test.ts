/** Workflow commands, compared with what @actions/core, GitHub's own library, writes. */
import { EOL } from 'node:os';
import { error, warning } from '@actions/core';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { messageText } from './finding-text.js';
import { ownPlace } from './reporter-setup.js';
import { anyRun, reportOf, sampleChecks, summaryOf } from './sample-checks.js';
import { visibleLine } from './visible-text.js';

/** What GitHub's library prints. */
function printed(action: () => void): string {
  let text = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  try {
    action();
  } finally {
    write.mockRestore();
  }
  return text.replaceAll(EOL, '\n');
}

describe("GitHub's annotations", () => {
  it('stand at the line of the test', async () => {
    expect(await reportOf('github', sampleChecks.slice(0, 2))).toBe(
      [
        '::error title=fencepost%3A wake,file=tests/wake.litmus,line=3,endLine=3,col=4,endColumn=16::' +
          'expected Never, found Sometimes under lkmm%0A%0A  P0            P1%0A   a: [W] x = 1  b: [R] y = 1' +
          '%0A%0A  hint: smp_wmb() is gone from line 14',
        '::error title=fencepost%3A wake,file=tests/wake.litmus::' +
          'arm64 allows 1:r0=1; 1:r1=0, which the baseline has not%0A' +
          '  compared with the baseline, tests/baseline.json:12:5%0A%0A  P0            P1%0A   a: [W] x = 1  b: [R] y = 1',
        '',
      ].join('\n'),
    );
  });

  it('say that an interrupt left tests open', async () => {
    expect(await reportOf('github', [], summaryOf([], { open: 1 }))).toBe(
      '::error title=fencepost::interrupted: 1 test is not judged\n',
    );
  });

  it("are what GitHub's library writes, whatever stands in them", () =>
    fc.assert(
      fc.asyncProperty(anyRun, async ({ checks, summary }) => {
        const report = await reportOf('github', checks, { ...summary, findings: [], open: 0 });
        const expected = printed(() => {
          for (const check of checks)
            for (const finding of check.findings) {
              const own = ownPlace(check, finding);
              const lines = own === null ? {} : { startLine: own.line, endLine: own.endLine };
              const isOneLine = own !== null && own.line === own.endLine;
              const endColumn = Math.max(own?.column ?? 0, (own?.endColumn ?? 0) - 1);
              const write = finding.severity === 'error' ? error : warning;
              write(messageText(finding, own), {
                title: visibleLine(`fencepost: ${check.test ?? check.file}`),
                file: visibleLine(check.file),
                ...lines,
                ...(isOneLine ? { startColumn: own.column, endColumn } : {}),
              });
            }
        });
        expect(report).toBe(expected);
      }),
      { seed: 7, numRuns: 200 },
    ));
});
