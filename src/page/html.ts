/**
 * HTML as values that are escaped once: a string is text, whatever it contains, and only what `element` built is markup.
 *
 * Everything of the page is made here, so that a test's name or comment cannot be more than text.
 */

/** Markup. Nothing but this file makes one from a string. */
export interface Html {
  readonly markup: string;
}

export type Content = Html | string | null | readonly Content[];

/** Null: without that attribute; true: without a value. */
export type Attributes = Readonly<Record<string, string | number | boolean | null>>;

const VOID = new Set(['meta', 'input', 'br', 'hr', 'link']);

export function element(tag: string, attributes: Attributes = {}, ...content: readonly Content[]): Html {
  const shown = Object.entries(attributes).map(([name, value]) => {
    if (value === null || value === false) return '';
    return value === true ? ` ${name}` : ` ${name}="${escapeText(String(value))}"`;
  });
  const open = `<${tag}${shown.join('')}>`;
  return { markup: VOID.has(tag) ? open : `${open}${markupOf(content)}</${tag}>` };
}

/** What HTML text and quoted attributes need; control characters, which HTML has no way to write, become blanks. */
export function escapeText(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is replaced
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, ' ')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#39;')
  );
}

/** Data in a `<script>`, as base64. */
export function dataElement(id: string, base64: string): Html {
  return element('script', { type: 'application/gzip', id }, base64);
}

/** The page's own script or style, whose text is ours. Throws if the text would end the element, or be read as another one. */
export function ownText(tag: 'script' | 'style', text: string): Html {
  if (/<\/(script|style)|<!--|[\r\0]/i.test(text)) throw new Error(`the page's ${tag} would end its element`);
  return { markup: `<${tag}>${text}</${tag}>` };
}

/** An SVG drawing of ours, in which Graphviz has escaped what comes from tests. */
export function drawing(svg: string): Html {
  return { markup: svg };
}

/** `text` between backquotes as code; an arrow is not torn from what it points to. */
export function prose(text: string): Content[] {
  return text
    .split('`')
    .flatMap((part, at) =>
      at % 2 === 1
        ? [element('code', { class: isShort(part) ? 'whole' : null }, part)]
        : part.split(arrow).map(wordOrText),
    );
}

/** A short word with an arrow. */
export const arrow = /((?<!\S)(?=\S*->)\S{1,34}(?!\S))/;

/** Short enough for a line of its own on a phone. */
export function isShort(text: string): boolean {
  return text.length <= 34;
}

function wordOrText(text: string, at: number): Content {
  return at % 2 === 1 ? element('span', { class: 'whole' }, text) : text;
}

export function markupOf(content: Content): string {
  if (content === null) return '';
  if (typeof content === 'string') return escapeText(content);
  if ('markup' in content) return content.markup;
  return content.map(markupOf).join('');
}
