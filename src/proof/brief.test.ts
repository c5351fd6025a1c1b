import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { defaultVariantOptions } from '../regress/variants.js';
import { defaultSearchOptions } from '../search/search.js';
import { defaultRunOptions, runTest } from '../verdict/run-test.js';
import { type Brief, briefOf } from './brief.js';

function brief(text: string, expired: (() => boolean) | null = null): Brief {
  const report = runTest({ name: 't.litmus', text }, defaultRunOptions);
  if (report.kind !== 'test') throw new Error('not a test');
  return briefOf(report, {
    search: { ...defaultSearchOptions, mode: 'outcomes', expired },
    variants: { ...defaultVariantOptions, expired },
    width: 80,
  });
}

function shipped(path: string): string {
  return readFileSync(fileURLToPath(new URL(`../../litmus/${path}.litmus`, import.meta.url)), 'utf8');
}

function test(p0: string, p1: string, condition: string): string {
  return `C t\n{}\nP0(int *x, int *y)\n{\n${p0}\n}\nP1(int *x, int *y)\n{\n${p1}\n}\n${condition}\n`;
}

/** The text on one line. */
function said({ text }: Brief): string {
  return text.replace(/\s+/g, ' ');
}

describe('the short answer to why', () => {
  it('says of the race what lets it in, who forbids it, and what would exclude it', () => {
    const text = said(brief(shipped('blocked-on-vs-state/race')));
    expect(text).toContain('lkmm and arm64 allow it: nothing orders P0:33');
    expect(text).toContain(
      'x86 and sc forbid it. Take an execution that would end so, in the terms of x86: P0:33',
    );
    expect(text).toContain(
      '- smp_wmb() before P0:34 WRITE_ONCE(p->__state, 1) (arm64: dmb ishst; x86: nothing)',
    );
    expect(text).toContain('- smp_store_release() for P0:34');
  });

  it('puts together the models that refute it by the same steps, and offers nothing against what is excluded', () => {
    const text = said(brief(shipped('blocked-on-vs-state/fix-release')));
    expect(text).toContain(
      'lkmm and arm64 forbid it. Take an execution that would end so, in the terms of lkmm: P0:29',
    );
    expect(text).toContain(
      'x86 and sc forbid it. Take an execution that would end so, in the terms of x86: P0:29',
    );
    expect(text).not.toContain('allow it');
    expect(text).not.toContain('to make it Never');
  });

  it.each(['race', 'fix-release', 'fix-wmb'])('ends no line of %s within a call', (name) => {
    const lines = brief(shipped(`blocked-on-vs-state/${name}`)).text.split('\n');
    expect(lines.filter((line) => /\w\([^()]*$/.test(line))).toEqual([]);
  });

  it('says that barriers cannot help', () => {
    const text = said(brief(test('WRITE_ONCE(*x, 1);', 'int r0 = READ_ONCE(*x);', 'exists (1:r0=1)')));
    expect(text).toContain('even interleaving the threads gives it');
    expect(text).toContain('barriers cannot help');
  });

  it('says why nothing can give the outcome, or completes', () => {
    const impossible = said(brief(test('WRITE_ONCE(*x, 1);', 'int r0 = READ_ONCE(*x);', 'exists (1:r0=7)')));
    expect(impossible).toContain('have no execution, allowed or forbidden, that ends with 1:r0=7');
    const stuck = test('while (READ_ONCE(*x) == 0);', 'int r0 = READ_ONCE(*y);', 'exists (1:r0=1)');
    expect(said(brief(stuck))).toContain('have no execution that completes');
  });

  it('tells of data races', () => {
    const text = said(brief(test('*x = 1;', 'int r0 = *x;', 'exists (1:r0=1)')));
    expect(text).toContain('lkmm raises the flag `data-race`');
  });

  it('leaves open what a limit leaves open', () => {
    const { text, limit } = brief(shipped('blocked-on-vs-state/race'), () => true);
    expect(limit).not.toBeNull();
    expect(text).not.toContain('no way');
    expect(text).toMatch(/limit|Not known/);
  });

  it.each([
    ['impossible', test('WRITE_ONCE(*x, 1);', 'int r0 = READ_ONCE(*x);', 'exists (1:r0=7)')],
    ['a deadlock', test('while (READ_ONCE(*x) == 0);', 'int r0 = READ_ONCE(*y);', 'exists (1:r0=1)')],
    ['refused', shipped('blocked-on-vs-state/fix-release')],
  ])('says that a limit kept the reason, of what is %s', (_, source) => {
    const { text, limit } = brief(source, () => true);
    expect(limit).not.toBeNull();
    expect(text.replace(/\s+/g, ' ')).toMatch(/not found out/);
  });
});
