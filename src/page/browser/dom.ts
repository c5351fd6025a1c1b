/** Elements from the page's script. Text goes in as text: nothing here parses HTML. */

import { arrow, isShort } from '../html.js';

type Child = Node | string | null;

/** Attributes as they are written; null leaves one out. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | null>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(name, value);
  made.append(...children.filter((child) => child !== null));
  return made;
}

export function button(label: string, attributes: Readonly<Record<string, string>>, act: () => void) {
  const made = el('button', { type: 'button', ...attributes }, label);
  made.addEventListener('click', act);
  return made;
}

/** `text` between backquotes as code; an arrow is not torn from what it points to. */
export function prose(text: string): Child[] {
  return text.split('`').flatMap((part, at): Child[] => {
    if (at % 2 === 1) return [el('code', { class: isShort(part) ? 'whole' : null }, part)];
    return part.split(arrow).map((word, i) => (i % 2 === 1 ? el('span', { class: 'whole' }, word) : word));
  });
}
