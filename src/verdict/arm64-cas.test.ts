/**
 * Which dependencies a CAS carries, from each of its registers and its read to its result and its write, if it succeeds and
 * if it fails: the verdicts that Arm's own tests of CAS list, on tests of the same shapes.
 *
 * LB: P0 reads x and releases y; P1 reads y and, after the CAS, writes x. MP: P0 writes x and releases y; P1 reads x last.
 * Rn is the address, Rs the register compared (and the result), Rt the one written, M memory.
 */
import { describe, expect, it } from 'vitest';
import { renderDiagnostics } from '../text/render.js';
import { defaultRunOptions, runTest } from './run-test.js';

type End = 'Rn' | 'Rs' | 'Rt' | 'M';

/** Z holds 0; a CAS that is to fail compares with something else. */
function lines(shape: 'LB' | 'MP', ok: boolean, from: End, to: 'Rs' | 'M'): readonly string[] {
  const expected = ok ? 0 : 5;
  const compared = `MOV W5,#${expected}`;
  const written = 'MOV W6,#1';
  const last = shape === 'LB' ? 'STR W9,[X0,W8,SXTW]' : 'LDR W10,[X0,W8,SXTW]';
  const carry = (register: string): string[] => [`EOR W8,${register},${register}`, last];
  // The CAS is what reads y, and so starts the chain.
  if (from === 'M') return [`MOV W5,#${ok ? 1 : 5}`, 'MOV W6,#2', 'CAS W5,W6,[X1]', ...carry('W5')];
  // The CAS is what writes x, and so ends the chain.
  const cell = shape === 'LB' && to === 'M' ? 'X0' : 'X2';
  const start = ['LDR W3,[X1]', 'EOR W4,W3,W3', compared, written, `MOV X7,${cell}`];
  const into = { Rn: 'ADD X7,X7,W4,SXTW', Rs: 'ADD W5,W5,W4', Rt: 'ADD W6,W6,W4' }[from];
  const cas = 'CAS W5,W6,[X7]';
  if (to === 'Rs') return [...start, into, cas, ...carry('W5')];
  return shape === 'LB' ? [...start, into, cas] : [...start, into, cas, 'LDR W11,[X2]', ...carry('W11')];
}

function observationOf(shape: 'LB' | 'MP', ok: boolean, from: End, to: 'Rs' | 'M'): string {
  const first = shape === 'LB' ? ['LDR W3,[X0]'] : ['STR W9,[X0]'];
  const writer = [...first, 'STLR W9,[X1]'];
  const reader = lines(shape, ok, from, to);
  const rows = Array.from({ length: Math.max(writer.length, reader.length) }, (_, row) => {
    return `${writer[row] ?? ''} | ${reader[row] ?? ''} ;`;
  });
  const read = from === 'M' ? '1:X5=1' : '1:X3=1';
  const question = shape === 'LB' ? `0:X3=1 /\\ ${read}` : `${read} /\\ 1:X10=0`;
  const registers = (thread: number): string =>
    `${thread}:X0=x; ${thread}:X1=y; ${thread}:X2=z; ${thread}:X9=1;`;
  const text = `AArch64 cas\n{ ${registers(0)} ${registers(1)} }\nP0 | P1 ;\n${rows.join('\n')}\nexists (${question})\n`;
  const observations = (['count', 'outcomes', 'verdict'] as const).map((mode) => {
    const report = runTest({ name: 'cas', text }, { ...defaultRunOptions, mode, models: 'own' });
    if (report.kind !== 'test') return renderDiagnostics(report.diagnostics);
    const [run] = report.models;
    return run?.kind === 'run' && run.result.limit === null ? run.verdict : 'failure';
  });
  expect(new Set(observations).size, text).toBe(1);
  return observations[0] === 'Never' ? 'Forbidden' : 'Allowed';
}

describe('dependencies through a CAS', () => {
  it.each([
    ['LB', 'ok', 'Rs', 'Rs', 'Allowed'],
    ['LB', 'no', 'Rs', 'Rs', 'Allowed'],
    ['LB', 'ok', 'Rs', 'M', 'Forbidden'],
    ['LB', 'ok', 'M', 'Rs', 'Forbidden'],
    ['LB', 'no', 'M', 'Rs', 'Forbidden'],
    ['LB', 'ok', 'Rn', 'M', 'Forbidden'],
    ['LB', 'ok', 'Rn', 'Rs', 'Forbidden'],
    ['LB', 'no', 'Rn', 'Rs', 'Forbidden'],
    ['LB', 'ok', 'Rt', 'Rs', 'Allowed'],
    ['LB', 'no', 'Rt', 'Rs', 'Allowed'],
    ['LB', 'ok', 'Rt', 'M', 'Forbidden'],
    ['MP', 'ok', 'Rs', 'Rs', 'Allowed'],
    ['MP', 'no', 'Rs', 'Rs', 'Allowed'],
    ['MP', 'ok', 'Rs', 'M', 'Allowed'],
    ['MP', 'no', 'Rs', 'M', 'Allowed'],
    ['MP', 'ok', 'Rt', 'M', 'Forbidden'],
    ['MP', 'no', 'Rt', 'M', 'Allowed'],
    ['MP', 'ok', 'Rn', 'Rs', 'Allowed'],
    ['MP', 'no', 'Rn', 'Rs', 'Forbidden'],
    ['MP', 'ok', 'Rn', 'M', 'Forbidden'],
    ['MP', 'no', 'Rn', 'M', 'Allowed'],
    ['MP', 'ok', 'M', 'Rs', 'Allowed'],
    ['MP', 'no', 'M', 'Rs', 'Forbidden'],
    ['MP', 'ok', 'Rt', 'Rs', 'Allowed'],
    ['MP', 'no', 'Rt', 'Rs', 'Allowed'],
  ] as const)('%s, %s: from %s to %s is %s', (shape, success, from, to, wanted) => {
    expect(observationOf(shape, success === 'ok', from, to)).toBe(wanted);
  });
});
