import { describe, expect, test } from 'vitest';
import { handMadeExecution } from '../explain/hand-made-execution.js';
import { sentenceMarker } from './code-spans.js';
import { bullets, fenced, numbered, paragraph, plain } from './markdown.js';

describe('sentences as Markdown', () => {
  const mark = sentenceMarker(
    handMadeExecution('P0: lock p->l | W p->b=1 | smp_wmb | W a=1 release\nP1: R a=1 | R p->b=0'),
  );
  const cases: readonly [string, string][] = [
    ['P0:1 spin_lock(&p->l) is before', 'P0:1 `spin_lock(&p->l)` is before'],
    ['P1:2 reads p->b=0, the initial value', 'P1:2 reads `p->b=0`, the initial value'],
    ['it writes p->b and a', 'It writes `p->b` and a'],
    ['smp_wmb() between them', '`smp_wmb()` between them'],
    ['in the end, 1:r_0=-1 and 1:r1=&lock', 'In the end, `1:r_0=-1` and `1:r1=&lock`'],
    ['at line 2 [Wmb] of `po_1` and *x', 'At line 2 (`Wmb`) of `po_1` and \\*x'],
    ['p->blocked stays', 'P->blocked stays'],
  ];
  test.each(cases)('%s', (text, expected) => {
    expect(mark(text)).toBe(expected);
  });
});

describe('Markdown', () => {
  test('does not take text for markup', () => {
    expect(plain('a_b *c* [d](e) <f> \\ `g_h`')).toBe('a\\_b \\*c\\* \\[d\\](e) \\<f> \\\\ `g_h`');
  });

  test('fences what has fences', () => {
    expect(fenced('```\nx\n````\n', 'c')).toBe('`````c\n```\nx\n````\n`````');
  });

  test('numbers lines from 1, at one width', () => {
    expect(numbered('a\n\nb\n'.repeat(3)).split('\n').slice(0, 3)).toEqual(['1  a', '2', '3  b']);
    expect(numbered('x\n'.repeat(10)).split('\n')[8]).toBe(' 9  x');
  });

  test('breaks lines between words, and not in code', () => {
    const words = Array.from({ length: 40 }, () => 'word').join(' ');
    for (const line of paragraph(words).split('\n')) expect(line.length).toBeLessThanOrEqual(100);
    expect(paragraph(words, null, words).split(/\s/).length).toBe(80);
    expect(bullets([words]).split('\n')[1]).toMatch(/^ {2}word/);
    const code = `\`${words}\``;
    expect(paragraph('so', code, 'then')).toBe(`so\n${code}\nthen`);
  });
});
