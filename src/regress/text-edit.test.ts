import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spanOf } from '../text/source.js';
import { applyEdits, insertAt, overlap, removeStatement, replaceSpan } from './text-edit.js';
import { unifiedDiff } from './unified-diff.js';

const file = (text: string) => ({ name: 't.litmus', text });

function without(text: string, statement: string): string {
  const source = file(text);
  const start = text.indexOf(statement);
  return applyEdits(source, [removeStatement(spanOf(source, start, start + statement.length))]).text;
}

describe('edits', () => {
  it('are made together, in any order', () => {
    const source = file('a b c');
    const edits = [insertAt(5, '!'), replaceSpan(spanOf(source, 2, 3), 'B'), insertAt(0, '(')];
    expect(applyEdits(source, edits).text).toBe('(a B c!');
  });

  it('overlap only where they touch the same characters', () => {
    expect(overlap([insertAt(2, 'x')], [insertAt(2, 'y')])).toBe(false);
    expect(overlap([{ start: 0, end: 2, text: '' }], [{ start: 1, end: 3, text: 'x' }])).toBe(true);
    expect(overlap([{ start: 0, end: 2, text: '' }], [insertAt(2, 'y')])).toBe(false);
  });

  it('remove once what two of them remove', () => {
    const source = file('abcdef');
    const edits = [replaceSpan(spanOf(source, 1, 4), ''), replaceSpan(spanOf(source, 2, 5), '')];
    expect(overlap([edits[0]!], [edits[1]!])).toBe(false);
    expect(applyEdits(source, edits).text).toBe('af');
  });

  it.each([
    ['\ta;\n\tsmp_mb();\n\tb;\n', 'smp_mb();', '\ta;\n\tb;\n'],
    ['\ta;\n\tsmp_mb(); /* pairs with b */\n\tb;\n', 'smp_mb();', '\ta;\n\tb;\n'],
    ['\ta; smp_mb(); b;\n', 'smp_mb();', '\ta; b;\n'],
    ['\tsmp_mb(); b;\n', 'smp_mb();', '\tb;\n'],
    ['smp_mb();', 'smp_mb();', ''],
  ])('remove a statement from %j', (text, statement, expected) => {
    expect(without(text, statement)).toBe(expected);
  });
});

describe('a unified diff', () => {
  it('is empty between equal texts', () => {
    expect(unifiedDiff('a', 'x\ny', 'x\ny')).toBe('');
  });

  it('shows three lines around a change', () => {
    const before = '1\n2\n3\n4\n5\n6\n7\n8\n9\n';
    expect(unifiedDiff('./d/t.litmus', before, before.replace('5\n', 'five\nand\n'))).toBe(
      '--- a/d/t.litmus\n+++ b/d/t.litmus\n@@ -2,7 +2,8 @@\n 2\n 3\n 4\n-5\n+five\n+and\n 6\n 7\n 8\n',
    );
  });

  it('says that a last line has no line break', () => {
    expect(unifiedDiff('t', 'a', 'a\nb')).toBe(
      '--- a/t\n+++ b/t\n@@ -1 +1,2 @@\n-a\n\\ No newline at end of file\n+a\n+b\n\\ No newline at end of file\n',
    );
  });

  it('turns one text into the other, as git applies it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'fencepost-diff-'));
    try {
      const line = fc.constantFrom('a\n', 'b\n', 'c\n', '\n', '\tx;\r\n');
      const text = fc
        .tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom('', 'end'))
        .map(([lines, end]) => lines.join('') + end);
      fc.assert(
        fc.property(text, text, (before, after) => {
          fc.pre(before !== after && before !== '' && after !== '');
          writeFileSync(join(folder, 't.litmus'), before);
          writeFileSync(join(folder, 'change.diff'), unifiedDiff('t.litmus', before, after));
          execFileSync('git', ['apply', '--unidiff-zero', '--whitespace=nowarn', 'change.diff'], {
            cwd: folder,
          });
          expect(readFileSync(join(folder, 't.litmus'), 'utf8')).toBe(after);
        }),
        { seed: 6, numRuns: 40 },
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
