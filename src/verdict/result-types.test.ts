/** What an atomic operation returns has the type of the local that takes it, under each model: ours of C, and those of compiled code. */
import { expect, it } from 'vitest';
import { invariant } from '../text/diagnostic.js';
import { isRun } from './report.js';
import { runTest } from './run-test.js';

const value = (type: string, bits: number) => (type.startsWith('s') ? -1n : (1n << BigInt(bits)) - 1n);

it.each([8, 16, 32, 64])('of %s bits', (bits) => {
  for (const [cell, local] of [
    [`u${bits}`, `s${bits}`],
    [`s${bits}`, `u${bits}`],
    [`s${bits}`, `s${bits}`],
  ] as const) {
    const initial = value(cell, bits);
    const text = `C t
{ ${cell} x = ${initial}; ${cell} y = ${initial}; ${cell} z = ${initial}; }
P0(${cell} *x, ${cell} *y, ${cell} *z)
{
	${local} a; ${local} b; ${local} c; int negative = 0;
	a = xchg(x, 0);
	b = cmpxchg(y, 1, 2);
	c = READ_ONCE(*z);
	if (a < 0)
		negative = 1;
}
locations [0:a; 0:b; 0:c;]
exists (0:negative=1)
`;
    const report = runTest({ name: 't.litmus', text });
    invariant(report.kind === 'test', JSON.stringify(report.diagnostics.map(({ message }) => message)));
    const wanted = value(local, bits);
    for (const run of report.models.filter(isRun)) {
      const states = run.result.states.map(({ values }) => values.map(String).sort().join(' '));
      const negative = wanted < 0n ? '1' : '0';
      expect(states, `${cell} to ${local} under ${run.model}`).toEqual([
        [`${wanted}`, `${wanted}`, `${wanted}`, negative].sort().join(' '),
      ]);
    }
    expect(report.models.filter(isRun).length).toBeGreaterThan(2);
  }
});
