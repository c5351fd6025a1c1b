/** The viewer of one test: which model, which execution, which relations; the picture, and the words beside it. */
import {
  type EdgeGroup,
  edgeGroups,
  lineId,
  type ModelData,
  type PictureData,
  sectionId,
  type TestData,
} from '../page-data.js';
import { button, el } from './dom.js';
import { type Choice, GraphView, SMALLEST } from './graph-view.js';
import { edgePanel, executionPanel, nodePanel, type PanelActions } from './panel.js';

/** The part of the width that pictures have beside the source, and what goes off for the frame (page-style.ts). */
const STAGE = 0.6;
const FRAME = 50;

export class Viewer {
  readonly element: HTMLElement;
  private readonly canvas = el('div', { class: 'canvas' });
  private readonly where = el('span', { class: 'where' });
  private readonly legend = el('div', { class: 'legend' });
  private readonly executionBox = el('div', { class: 'panel', 'data-part': 'execution' });
  private readonly choiceBox = el('div', { class: 'panel', 'data-part': 'choice' });
  private readonly previous: HTMLButtonElement;
  private readonly next: HTMLButtonElement;
  private readonly zoom: HTMLElement;
  private readonly graph: GraphView;
  private readonly actions: PanelActions;
  private readonly hidden = new Set<EdgeGroup>();
  /** The key of the chosen edge or event. */
  private pressed: string | null = null;
  private model = 0;
  private picture = 0;

  constructor(
    private readonly test: TestData,
    private readonly index: number,
    private readonly section: HTMLElement,
    private readonly announce: (text: string) => void,
  ) {
    this.previous = button('\u25c0 Previous', { 'data-step': '-1' }, () => this.step(-1));
    this.next = button('Next \u25b6', { 'data-step': '1' }, () => this.step(1));
    this.actions = {
      point: (nodes) => this.point(nodes, this.pressed),
      lineAddress: (line) => `#${lineId(index, line)}`,
    };
    const drawing = el('div', { class: 'drawn', role: 'group', 'aria-label': 'Execution graph' });
    drawing.style.height = '100%';
    this.zoom = el(
      'div',
      { class: 'zoom' },
      button('+', { 'aria-label': 'Zoom in' }, () => this.graph.zoom(1.4)),
      button('\u2212', { 'aria-label': 'Zoom out' }, () => this.graph.zoom(1 / 1.4)),
      button('Fit', { 'aria-label': 'Fit the picture' }, () => this.graph.fit()),
    );
    this.canvas.append(drawing);
    this.graph = new GraphView(drawing, `${sectionId(index)}-`, (choice) => this.choose(choice));
    this.element = this.build();
    this.makeRoom();
    this.element.addEventListener('keydown', (event) => this.key(event));
    for (const link of this.cells()) link.addEventListener('click', (event) => this.follow(event, link));
    const main = test.models.findIndex(({ pictures }) => pictures.length > 0);
    this.show(Math.max(main, 0), mainPicture(test.models[Math.max(main, 0)]));
    this.scrollToCode();
  }

  /** Shows an execution, and says so. */
  show(model: number, picture: number): void {
    const data = this.test.models[model];
    const shown = data?.pictures[picture];
    if (data === undefined) return;
    this.model = model;
    this.picture = picture;
    const radio = this.element.querySelector<HTMLInputElement>(`input[data-model="${model}"]`);
    if (radio !== null) radio.checked = true;
    if (shown === undefined) return;
    this.sizeCanvas(data);
    this.graph.show(shown);
    this.tellWhere(data, shown);
    this.showLegend(data);
    this.executionBox.replaceChildren(...executionPanel(shown, data.notes, this.actions));
    this.clearChoice();
    this.previous.disabled = picture === 0;
    this.next.disabled = picture === data.pictures.length - 1;
    for (const link of this.cells()) link.setAttribute('aria-current', String(isCell(link, model, picture)));
  }

  private build(): HTMLElement {
    const models = el('fieldset', {}, el('legend', {}, 'Model'));
    for (const [at, { model, pictures }] of this.test.models.entries()) {
      const radio = el('input', {
        type: 'radio',
        name: `${sectionId(this.index)}-model`,
        'data-model': String(at),
      });
      radio.disabled = pictures.length === 0;
      radio.addEventListener('change', () => this.show(at, this.sameState(at)));
      models.append(el('label', {}, radio, model));
    }
    const hint = el(
      'p',
      { class: 'hint' },
      el('kbd', {}, '\u2190'),
      ' ',
      el('kbd', {}, '\u2192'),
      ' step through the executions. Choose an edge to read why it is there, an event to see its line; ',
      el('kbd', {}, 'Tab'),
      ' and ',
      el('kbd', {}, 'Enter'),
      ' do so without a mouse. Drag to move the picture, Ctrl and the wheel to zoom.',
    );
    return el(
      'div',
      { class: 'viewer', role: 'group', 'aria-label': `Executions of ${this.test.name}` },
      models,
      el('div', { class: 'bar' }, this.previous, this.next, this.where, this.zoom),
      this.canvas,
      el(
        'p',
        { class: 'hint cropped' },
        'This is a part of the picture: drag it, or choose Fit to see it all.',
      ),
      this.legend,
      this.choiceBox,
      this.executionBox,
      hint,
    );
  }

  private step(by: number): void {
    const at = this.picture + by;
    if (this.test.models[this.model]?.pictures[at] !== undefined) this.show(this.model, at);
  }

  /** The arrow keys are those of an input or of a box that scrolls, where they begin there. */
  private key(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target instanceof HTMLInputElement && event.target.type === 'radio') return;
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    this.step(by);
  }

  /** The execution of another model that ends as the one shown does, if there is one. */
  private sameState(model: number): number {
    const state = this.test.models[this.model]?.pictures[this.picture]?.state;
    const same = this.test.models[model]?.pictures.findIndex((picture) => picture.state === state) ?? -1;
    return same >= 0 ? same : mainPicture(this.test.models[model]);
  }

  private tellWhere({ model, pictures }: ModelData, shown: PictureData): void {
    const word = shown.isAllowed ? 'allowed' : 'forbidden';
    const place = `${this.picture + 1} of ${pictures.length}`;
    this.where.replaceChildren(
      `${place}: `,
      el('code', {}, shown.state),
      ' ',
      el('span', { class: `verdict-word ${word}` }, word),
    );
    this.announce(`${model}, execution ${place}: ${shown.state}, ${word}`);
  }

  /** Pictures that could not be read beside the source stand below it. */
  private makeRoom(): void {
    const bench = this.section.querySelector('.bench');
    const boxes = this.test.models.flatMap(({ pictures }) => pictures.map(({ dot }) => boundingBox(dot)));
    const width = Math.max(0, ...boxes.map((box) => box.width));
    const room = (bench?.clientWidth ?? 0) * STAGE - FRAME;
    bench?.classList.toggle('wide', width * SMALLEST > room);
  }

  /** High enough for the highest picture of the model, as wide as there is room or as can be read. */
  private sizeCanvas({ pictures }: ModelData): void {
    const boxes = pictures.map(({ dot }) => boundingBox(dot));
    const width = Math.max(...boxes.map((box) => box.width), 1);
    const height = Math.max(...boxes.map((box) => box.height), 1);
    const { style } = this.canvas;
    style.maxWidth = `${width * 1.6}px`;
    style.aspectRatio = `${width} / ${height}`;
    style.minHeight = `min(${height * SMALLEST}px, 75vh)`;
    style.maxHeight = `max(${height * SMALLEST}px, 85vh)`;
  }

  private showLegend({ pictures }: ModelData): void {
    const present = new Set(pictures.flatMap(({ edges }) => edges.map(({ group }) => group)));
    const focused = this.legend.contains(document.activeElement)
      ? document.activeElement?.getAttribute('data-group')
      : null;
    const set = el('fieldset', {}, el('legend', {}, 'Show'));
    for (const { group, label } of edgeGroups) {
      if (!present.has(group)) continue;
      const box = el('input', { type: 'checkbox', 'data-group': group });
      box.checked = !this.hidden.has(group);
      box.addEventListener('change', () => this.toggle(group, box.checked));
      const sample = el('span', { class: 'sample', 'data-group': group });
      set.append(el('label', { class: group }, box, sample, label));
    }
    this.legend.replaceChildren(set);
    if (focused != null) this.legend.querySelector<HTMLElement>(`input[data-group=${focused}]`)?.focus();
  }

  private toggle(group: EdgeGroup, isShown: boolean): void {
    if (isShown) this.hidden.delete(group);
    else this.hidden.add(group);
    this.graph.hide(this.hidden);
    this.announce(`${group} ${isShown ? 'shown' : 'hidden'}`);
  }

  private choose(choice: Choice): void {
    if (choice.kind === 'edge') {
      const { edge } = choice;
      this.choiceBox.replaceChildren(...edgePanel(edge, this.actions));
      this.point([edge.from, edge.to], edge.key);
      this.announce(edge.said.map(({ text }) => text).join(' '));
    } else {
      const { node } = choice;
      this.choiceBox.replaceChildren(...nodePanel(node, this.actions));
      this.point([node.key], node.key);
      this.announce(`${node.name}${node.line === null ? '' : `, line ${node.line}`}`);
    }
  }

  private clearChoice(): void {
    this.choiceBox.replaceChildren(el('p', { class: 'hint' }, 'No edge or event is chosen.'));
    this.pressed = null;
    this.light([]);
  }

  private point(keys: readonly string[], pressed: string | null): void {
    this.pressed = pressed;
    this.graph.select(keys, pressed);
    const nodes = this.test.models[this.model]?.pictures[this.picture]?.nodes ?? [];
    this.light(nodes.flatMap(({ key, line }) => (keys.includes(key) && line !== null ? [line] : [])));
  }

  /** Marks lines, and scrolls the first of them into the box of the source; the page stays where it is. */
  private light(lines: readonly number[]): void {
    for (const lit of this.section.querySelectorAll('.source li.lit')) lit.classList.remove('lit');
    for (const line of lines) document.getElementById(lineId(this.index, line))?.classList.add('lit');
    const first = this.section.querySelector<HTMLElement>('.source li.lit');
    const box = first?.parentElement;
    if (first == null || box == null) return;
    const isSeen =
      first.offsetTop >= box.scrollTop &&
      first.offsetTop + first.offsetHeight <= box.scrollTop + box.clientHeight;
    if (!isSeen) box.scrollTop = first.offsetTop - box.clientHeight / 3;
  }

  /** Long comments stand before the code: the source begins with the first thread, if not all of it is to be seen. */
  private scrollToCode(): void {
    const box = this.section.querySelector<HTMLElement>('.source ol');
    const nodes = this.test.models[this.model]?.pictures[this.picture]?.nodes ?? [];
    const lines = nodes.flatMap(({ line }) => (line === null ? [] : [line]));
    const place = (line: number): number => document.getElementById(lineId(this.index, line))?.offsetTop ?? 0;
    if (box === null || place(Math.max(...lines)) < box.clientHeight) return;
    box.scrollTop = place(Math.min(...lines) - 3);
  }

  private cells(): NodeListOf<HTMLAnchorElement> {
    return this.section.querySelectorAll<HTMLAnchorElement>('.states a[data-picture]');
  }

  private follow(event: Event, link: HTMLAnchorElement): void {
    event.preventDefault();
    this.show(Number(link.dataset.model), Number(link.dataset.picture));
    this.element.scrollIntoView({ block: 'nearest' });
  }
}

function isCell(link: HTMLElement, model: number, picture: number): boolean {
  return link.dataset.model === String(model) && link.dataset.picture === String(picture);
}

function mainPicture(model: ModelData | undefined): number {
  return Math.max(model?.pictures.findIndex(({ isAsked }) => isAsked) ?? 0, 0);
}

/** In points, as the DOT text gives it. */
function boundingBox(dot: string): { readonly width: number; readonly height: number } {
  const [, width, height] = /\bbb="0,0,([\d.]+),([\d.]+)"/.exec(dot) ?? [];
  return { width: Number(width ?? 0), height: Number(height ?? 0) };
}
