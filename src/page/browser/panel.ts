/** The words beside a picture: why the model says what it says of the execution, of an edge, of an event. */
import type { Chapter, EdgeData, NodeData, PictureData, Reason, Said } from '../page-data.js';
import { el, prose } from './dom.js';

export interface PanelActions {
  /** Points at these nodes, and at their lines. */
  readonly point: (nodes: readonly string[]) => void;
  /** The address of a line of the source. */
  readonly lineAddress: (line: number) => string;
}

/** The story of an execution, and after it what is to be said of the model's verdict. */
export function executionPanel(
  picture: PictureData,
  notes: readonly Chapter[],
  actions: PanelActions,
): HTMLElement[] {
  const chapters = [...picture.story, ...notes].flatMap((chapter) => chapterElements(chapter, actions));
  return [el('p', { class: 'headline' }, ...prose(picture.headline)), ...chapters];
}

function chapterElements({ heading, said, isOrdered, conclusion }: Chapter, actions: PanelActions) {
  const items = said.map((one) => saidItem(one, actions));
  const list = el(isOrdered ? 'ol' : 'ul', { class: 'said' }, ...items);
  const last = conclusion === null ? [] : [el('p', {}, ...prose(conclusion))];
  return [el('h4', {}, ...prose(heading)), list, ...last];
}

export function edgePanel(edge: EdgeData, actions: PanelActions): HTMLElement[] {
  const list = el(
    'ul',
    { class: 'said' },
    ...edge.said.map((said) => {
      const item = saidItem(said, actions);
      const details = item.querySelector('details');
      if (details !== null) details.open = true;
      return item;
    }),
  );
  return [el('h4', {}, ...prose(edge.title)), list];
}

export function nodePanel(node: NodeData, { lineAddress }: PanelActions): HTMLElement[] {
  const line =
    node.line === null
      ? null
      : el('p', {}, 'Source: ', el('a', { href: lineAddress(node.line) }, `line ${node.line}`));
  const deeds = el('p', {}, ...prose(`${node.deeds.join('; ')}.`));
  return [el('h4', {}, ...prose(node.name)), deeds, ...(line === null ? [] : [line])];
}

function saidItem({ text, nodes, reasons }: Said, { point }: PanelActions): HTMLLIElement {
  if (reasons.length === 0) return el('li', {}, ...prose(text));
  const details = el('details', {}, el('summary', {}, ...prose(text)), reasonList(reasons));
  details.addEventListener('toggle', () => {
    if (details.open && details.isConnected) point(nodes);
  });
  return el('li', { class: 'reasons' }, details);
}

/** Each reason unfolds to its own reasons. */
function reasonList(reasons: readonly Reason[]): HTMLElement {
  return el(
    'ul',
    {},
    ...reasons.map(({ text, parts }) =>
      el(
        'li',
        {},
        ...(parts.length === 0
          ? prose(text)
          : [el('details', {}, el('summary', {}, ...prose(text)), reasonList(parts))]),
      ),
    ),
  );
}
