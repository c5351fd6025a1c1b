/**
 * Text that any terminal, log and file format can hold: tests and models are other people's, and so are the names in them.
 *
 * XML 1.0 cannot hold control characters at all, a terminal obeys them, UTF-8 has no lone surrogates. Each is replaced by one
 * character that can be seen, so that columns stay straight: those below U+0020 by their control pictures (U+2400 ...), the
 * others by U+FFFD; so are those that turn the direction of what follows (UAX 9), which would let a name look like another. What XML 1.0 allows (its production 2, Char) and YAML 1.2 prints (c-printable) contains all that is left.
 */

const CONTROL_PICTURES = 0x2400;
const DELETE = 0x7f;

function picture(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(CONTROL_PICTURES + code);
  return code === DELETE ? '\u2421' : '\ufffd';
}

/** U+FEFF: a byte order mark, which readers take away. */
const unseen =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is replaced
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]|\p{Surrogate}/gu;

/** Of several lines: only line breaks (`\n`, `\r\n` counts as one) and tabs are left as they are. */
export function visibleText(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(unseen, picture);
}

/** As one line: line breaks and tabs become spaces. */
export function visibleLine(text: string): string {
  return visibleText(text)
    .replace(/[\t\n]+/g, ' ')
    .trim();
}
