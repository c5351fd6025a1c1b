import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyRun, reportOf, sampleChecks, summaryOf } from './sample-checks.js';

describe('the report as Markdown', () => {
  it('fences what was found', async () => {
    expect(await reportOf('markdown', sampleChecks.slice(0, 3), summaryOf(sampleChecks.slice(0, 3)))).toBe(`\
## fencepost check: failed

3 tests: 1 as expected, 1 different, 1 cannot be read or judged

\`\`\`text
tests/wake.litmus:3:4: error: expected Never, found Sometimes under lkmm

  P0            P1
   a: [W] x = 1  b: [R] y = 1

  hint: smp_wmb() is gone from line 14
\`\`\`

\`\`\`text
tests/wake.litmus: error: arm64 allows 1:r0=1; 1:r1=0, which the baseline has not
  compared with the baseline, tests/baseline.json:12:5

  P0            P1
   a: [W] x = 1  b: [R] y = 1
\`\`\`

\`\`\`text
tests/torn.litmus:20:9: error: unknown name \`r9\`
  hint: did you mean \`r0\`?
\`\`\`
`);
  });

  it('has nothing of a test outside of fences', () =>
    fc.assert(
      fc.asyncProperty(anyRun, async ({ checks, summary }) => {
        const text = await reportOf('markdown', checks, summary);
        let fence: string | null = null;
        const outside: string[] = [];
        for (const line of text.split('\n')) {
          const [, opened] = /^(`{3,})text$/.exec(line) ?? [];
          // CommonMark: a fence is closed by one as long or longer, indented by at most three spaces.
          if (fence !== null && new RegExp(`^ {0,3}${fence}\`*\\s*$`).test(line)) fence = null;
          else if (fence === null && opened !== undefined) fence = opened;
          else if (fence === null && line !== '') outside.push(line);
        }
        expect(fence).toBeNull();
        expect(outside.length).toBe(summary.open > 0 ? 3 : 2);
      }),
      { seed: 7, numRuns: 200 },
    ));
});
