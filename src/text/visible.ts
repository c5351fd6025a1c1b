/**
 * Text from files and names, made fit to be shown: characters that do something (move the cursor, change colours, turn the direction of
 * what follows) as what they are, not as what they do.
 */

/** C0 but for line ends and tabs, DEL, C1; marks, embeddings, overrides and isolates of direction (UAX 9); line separators. */
const active =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\r(?!\n)/g;

function escaped(character: string): string {
  const code = character.charCodeAt(0);
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** `\x1b` for an escape, `\u202e` for an override of direction. */
export function visible(text: string): string {
  return text.replace(active, escaped);
}

/** The same with one character for each, to keep columns. */
export function inColumns(text: string): string {
  return text.replace(active, '\ufffd');
}
