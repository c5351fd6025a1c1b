/** Breaks text into lines of a width that is kept whatever the text is. */

/**
 * Lines of at most `width`, the later ones indented by `indent` (less than `width`): broken at spaces, else before `->` and after
 * punctuation, else anywhere.
 */
export function wrapText(text: string, width: number, indent = 0): string[] {
  const lines: string[] = [];
  let rest = text.trimEnd();
  let margin = '';
  while (margin.length + rest.length > width) {
    const room = Math.max(1, width - margin.length);
    const at = breakAt(rest, room);
    lines.push(margin + rest.slice(0, at).trimEnd());
    rest = rest.slice(at).trimStart();
    margin = ' '.repeat(indent);
  }
  return [...lines, margin + rest];
}

/** The longest part of a text that `wrapText` breaks only if it must. */
export function longestPart(text: string): number {
  return Math.max(...text.split(/ |(?=->)|(?<=[,;)\]=.])/u).map((part) => part.length));
}

/** Where to end a line of at most `room` characters; not before a third of it is used. */
function breakAt(text: string, room: number): number {
  const least = Math.ceil(room / 3);
  for (const pattern of [/ (?=\S)/gu, /(?=->)|(?<=[,;)\]=.])/gu]) {
    const places = [...text.slice(0, room + 3).matchAll(pattern)].map(({ index }) => index);
    const last = places.findLast((place) => place >= least && place <= room);
    if (last !== undefined) return last;
  }
  return room;
}
