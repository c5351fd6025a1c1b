/** Characters that make a test look like another one, or do something to a terminal, wherever they stand. */
import { expect, test } from 'vitest';
import { renderDiagnostics } from '../text/render.js';
import { parseLitmus } from './parse.js';

const withCharacter = (character: string) =>
  `C t\n(* a ${character} comment *)\n{}\nP0(int *x) { WRITE_ONCE(*x, 1); }\nexists (x=1)\n`;

test.each(['\u0000', '\u001b', '\u007f', '\u009b', '\u0090', '\u202e', '\u2066', '\u2069'])(
  '%j is refused',
  (character) => {
    const { value, diagnostics } = parseLitmus({ name: 't', text: withCharacter(character) });
    expect(value).toBeNull();
    const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    expect(renderDiagnostics(diagnostics)).toMatch(
      new RegExp(`^t:2:6: error: .*U\\+${code}.*\\[not-text\\]`),
    );
  },
);

test.each(['\t', '\u0085', '\u00a0', '\u00e9', '\u200e', '\u4e2d', '\ud83d\ude00'])(
  '%j is read',
  (character) => {
    expect(parseLitmus({ name: 't', text: withCharacter(character) }).diagnostics).toEqual([]);
  },
);
