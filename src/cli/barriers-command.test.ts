/** `fencepost barriers` and `fencepost repair` as a shell runs them. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { STANDARD_INPUT } from '../io/read-source.js';
import { diffPath } from './repair-command.js';
import { fencepost } from './test-terminal.js';

const test = (path: string): string => fileURLToPath(new URL(`../../litmus/${path}.litmus`, import.meta.url));
const assembly = test('assembly/arm64-race');
const fixed = test('assembly/arm64-race-dmb-ishst');

describe('fencepost barriers', () => {
  it('prints a table, or JSON', async () => {
    const table = await fencepost(['barriers', fixed]);
    expect(table.code).toBe(0);
    expect(table.out).toContain('P0:20 DMB ISHST  needed\n  removed        Sometimes\n');
    const json = await fencepost(['barriers', fixed, '--format', 'json']);
    expect(JSON.parse(json.out)).toMatchObject({ models: ['arm64'], limit: null, redundantTogether: null });
  });

  it('looks at the models that it is told to', async () => {
    const { out, code } = await fencepost(['barriers', fixed, '--model', 'sc']);
    expect(code).toBe(0);
    expect(out).toContain('P0:20 DMB ISHST  redundant');
  });

  it('says once why a test is not compiled', async () => {
    const { code, err } = await fencepost(['barriers', test('rcu/publish')]);
    expect([code, err]).toEqual([0, '']);
    const waiting = await fencepost(['barriers', test('rcu/grace-period')]);
    expect(waiting.err.match(/warning: /g)).toHaveLength(1);
    expect(waiting.err).toContain('to AArch64 or X86_64: ');
  });

  it('says what is wrong with its input', async () => {
    expect((await fencepost(['barriers', test('no-such-test')])).code).toBe(2);
    const misfit = await fencepost(['barriers', fixed, '--model', 'x86']);
    expect(misfit.code).toBe(2);
    expect(misfit.err).toContain('does not judge tests in this language');
  });

  it('ends with 3 if a limit leaves something open', async () => {
    const { code, out } = await fencepost(['barriers', fixed, '--timeout', '0.000001']);
    expect(code).toBe(3);
    expect(out).toContain('Incomplete: a limit was hit (arm64: time limit)');
  });
});

describe('fencepost repair', () => {
  it('prints diffs, or JSON', async () => {
    const { out, code } = await fencepost(['repair', assembly]);
    expect(code).toBe(0);
    expect(out).toContain(
      '2 ways to make it Never under arm64, the cheapest on arm64 first (by ranks, not cycles):\n',
    );
    expect(out).toContain('\n+ DMB ISHST   |             ;\n');
    const json = await fencepost(['repair', assembly, '--format', 'json']);
    const report = JSON.parse(json.out) as { outcome: string; repairs: readonly { costs: object }[] };
    expect(report.outcome).toBe('repairs');
    expect(report.repairs[0]?.costs).toEqual({ arm64: { rank: 3, instructions: 'dmb ishst' } });
  });

  it('names a file so that its diff applies from here, or says from where', async () => {
    expect(diffPath('a/../t.litmus', '/home/me')).toEqual({ path: 't.litmus', note: null });
    expect(diffPath('/home/me/tests/t.litmus', '/home/me').path).toBe('tests/t.litmus');
    expect(diffPath('..t.litmus', '/home/me')).toEqual({ path: '..t.litmus', note: null });
    expect(diffPath('../t.litmus', '/home/me')).toEqual({
      path: '/home/t.litmus',
      note: 'The paths in the diffs are from the root: patch -p1 -d / < DIFF.',
    });
    expect(diffPath(STANDARD_INPUT, '/home/me').note).toContain('patch FILE < DIFF');
    const { out } = await fencepost(['repair', assembly]);
    expect(out).toContain('\n--- a/litmus/assembly/arm64-race.litmus\n');
  });

  it('takes a model file, of which it assumes nothing', async () => {
    const model = fileURLToPath(new URL('../model/arm64.cat', import.meta.url));
    const { out, code } = await fencepost(['repair', assembly, '--model', model, '--max-changes', '1']);
    expect(code).toBe(0);
    expect(out).toContain('1. DMB ISHST before P0:22');
    expect(out).toContain('2. STLR for P0:22');
    expect(out).not.toContain('alone is enough');
  });

  it('says that there is nothing to do, or nothing to be done', async () => {
    const done = await fencepost(['repair', fixed]);
    expect(done.code).toBe(0);
    expect(done.out).toContain('excluded as it is, under arm64: there is nothing to repair');
    const logic = await fencepost(['repair', test('assembly/arm64-pair-torn')]);
    expect(logic.code).toBe(0);
    expect(logic.out).toContain('Even interleaving (sc) allows the outcome: barriers cannot help.');
  });

  it('ends with 3 if a limit leaves something open', async () => {
    const { code, out } = await fencepost(['repair', assembly, '--timeout', '0.000001']);
    expect(code).toBe(3);
    expect(out).toContain('Not known');
  });

  it('refuses numbers that are none', async () => {
    const { code, err } = await fencepost(['repair', assembly, '--max-changes', 'many']);
    expect(code).toBe(2);
    expect(err).toContain('--max-changes must be a positive integer');
  });
});
