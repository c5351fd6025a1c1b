import pc from 'picocolors';
import { expect, test } from 'vitest';
import { guardedTerminal, type Terminal } from './terminal.js';
import { plainTerminal } from './test-terminal.js';

function writing(width: number): { readonly terminal: Terminal; readonly written: string[] } {
  const written: string[] = [];
  const write = (text: string) => void written.push(text);
  return { terminal: guardedTerminal({ ...plainTerminal, out: write, err: write, width }), written };
}

const hostile = 'name\u001b]0;title\u0007 \u001b[2J \u001b[8m \r';

test('text of files does nothing to a terminal', () => {
  const { terminal, written } = writing(80);
  terminal.out(hostile);
  terminal.err(hostile);
  const shown = 'name\\x1b]0;title\\x07 \\x1b[2J \\x1b[8m \\x0d';
  expect(written).toEqual([shown, shown]);
});

test('our own colours and progress lines are let through', () => {
  const { terminal, written } = writing(80);
  const paint = pc.createColors(true);
  const own = `\r\u001b[K${[paint.bold, paint.yellow, paint.green, paint.red, paint.dim, paint.cyan]
    .map((colour) => colour('x'))
    .join('')}${paint.bold(paint.red('both'))}`;
  terminal.out(own);
  terminal.err(own);
  expect(written).toEqual([own, own]);
});

test('what goes to a file or a pipe stays as it is', () => {
  const { terminal, written } = writing(Number.POSITIVE_INFINITY);
  terminal.out(hostile);
  expect(written).toEqual([hostile]);
});
