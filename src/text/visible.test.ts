import { expect, test } from 'vitest';
import { errorAt } from './diagnostic.js';
import { renderDiagnostic } from './render.js';
import { spanOf } from './source.js';
import { inColumns, visible } from './visible.js';

test.each([
  ['plain text, \t tabs\nand lines\r\n', 'plain text, \t tabs\nand lines\r\n'],
  ['\u001b[31mred\u001b]0;title\u0007', '\\x1b[31mred\\x1b]0;title\\x07'],
  ['over\rwritten', 'over\\x0dwritten'],
  ['\u009b2J \u007f \u0000', '\\x9b2J \\x7f \\x00'],
  ['a\u202eb\u2066c\u2028', 'a\\u202eb\\u2066c\\u2028'],
  ['\u00e9 \u4e2d \ud83d\ude00', '\u00e9 \u4e2d \ud83d\ude00'],
])('%j is shown as %j', (text, shown) => {
  expect(visible(text)).toBe(shown);
  expect(visible(shown)).toBe(shown);
  expect(inColumns(text).length).toBe(text.length);
  expect(visible(inColumns(text))).toBe(inColumns(text));
});

test('a diagnostic does nothing to a terminal, whatever is wrong', () => {
  const file = { name: 'a\u001b[2J.cat', text: 'let \u001b[31mx\u202e = \r(' };
  const diagnostic = errorAt(spanOf(file, 4, 9), 'syntax', 'unexpected `\u001b`', {
    hint: 'not \u009b',
    notes: [{ message: 'here \u0007', span: spanOf(file, 0, 3) }],
  });
  const text = renderDiagnostic(diagnostic);
  expect(text).toBe(visible(text));
  expect(text).toContain('a\\x1b[2J.cat:1:5: error: unexpected `\\x1b`');
  expect(text).toContain('1 | let \ufffd[31mx\ufffd = \ufffd(');
});
