/** Faults that never happen: an address or a value that could only be wrong if it came from itself. */
import { expect, it } from 'vitest';
import { defaultRunOptions, runTest } from '../verdict/run-test.js';

const TEST = `C cycle
{ int *p = x; }
P0(int *x, int *y)
{
  int r0 = READ_ONCE(*x);
  int *q1 = r0 ? x : y;
  int r1 = READ_ONCE(*q1);
  int *q2 = r1 ? x : y;
  WRITE_ONCE(*q2, r1 < 2);
}
P1(int *y, int **p)
{
  int r0 = READ_ONCE(*y);
  int *q1 = READ_ONCE(*p);
  WRITE_ONCE(*q1, r0);
}
exists (0:r0=7)
`;

it('a comparison of an address that only its own result would make it read leaves no answer open', () => {
  const report = runTest({ name: 'cycle', text: TEST }, defaultRunOptions);
  if (report.kind !== 'test') throw new Error('a test');
  const verdicts = report.models.map((run) =>
    run.kind === 'run' ? `${run.model} ${run.verdict}` : run.model,
  );
  expect(verdicts).toEqual(['lkmm Never', 'arm64 Never', 'x86 Never', 'sc Never']);
});
