/**
 * A drawing of d3-graphviz: shows a picture, moves from one to the next, and tells what a reader chose in it.
 *
 * Keys of nodes and edges (ids in the DOT text) are the same in all pictures of a model, so that a statement keeps its place and only what
 * differs moves. While one transition runs, of the pictures asked for only the last one is kept.
 */
import { type Datum, type Graphviz, graphviz } from 'd3-graphviz';
import { transition } from 'd3-transition';
import type { EdgeData, EdgeGroup, NodeData, PictureData } from '../page-data.js';

export type Choice =
  | { readonly kind: 'edge'; readonly edge: EdgeData }
  | { readonly kind: 'node'; readonly node: NodeData };

const DURATION = 400;
/** Pixels from an edge within which a click is meant for it, and where the edge is looked for. */
const REACH = 14;
const SAMPLES = 60;
/** Pixels for a point of the drawing: what is smaller is hard to read. A phone is held closer, but has little room for all. */
export const SMALLEST = matchMedia('(min-width: 40rem)').matches ? 0.65 : 0.8;

export class GraphView {
  private readonly drawer: Graphviz;
  private shown: PictureData | null = null;
  private wanted: PictureData | null = null;
  private isDrawing = true;
  private hidden: ReadonlySet<EdgeGroup> = new Set();
  private edges = new Map<string, EdgeData>();
  private nodes = new Map<string, NodeData>();

  constructor(
    private readonly host: HTMLElement,
    private readonly prefix: string,
    private readonly onChoice: (choice: Choice) => void,
  ) {
    this.drawer = graphviz(host, { useWorker: false })
      .keyMode('id')
      .fade(true)
      .growEnteringEdges(false)
      .tweenShapes(false)
      .width('100%')
      .height('100%')
      .fit(true)
      .zoomScaleExtent([0.5, 8])
      .attributer(attribute(this))
      .on('initEnd', () => this.isReady());
    host.addEventListener('click', (event) => {
      if (!this.choose(event.target)) this.choose(this.edgeNear(event));
    });
    host.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      if (this.choose(event.target)) event.preventDefault();
    });
    let width = host.clientWidth;
    new ResizeObserver(() => {
      if (host.clientWidth === width) return;
      width = host.clientWidth;
      this.refit();
    }).observe(host);
  }

  show(picture: PictureData): void {
    this.wanted = picture;
    if (!this.isDrawing) this.draw();
  }

  /** Hides the groups given and shows all others. */
  hide(groups: ReadonlySet<EdgeGroup>): void {
    this.hidden = groups;
    for (const element of this.host.querySelectorAll('g.node, g.edge')) this.markHidden(element);
  }

  /** Marks nodes and edges by their keys; none: takes the marks away. */
  select(keys: readonly string[], pressed: string | null): void {
    for (const element of this.host.querySelectorAll('g.node, g.edge')) {
      const key = this.keyOf(element);
      element.toggleAttribute('data-selected', keys.includes(key));
      element.setAttribute('aria-pressed', String(key === pressed));
    }
  }

  zoom(factor: number): void {
    this.drawer.zoomBehavior()?.scaleBy(this.drawer.zoomSelection(), factor);
  }

  fit(): void {
    this.host.removeAttribute('data-cropped');
    if (this.drawer.zoomBehavior() !== null) this.drawer.resetZoom();
  }

  /** For another width: a telephone that is turned, a window that is made wider. */
  private refit(): void {
    if (this.shown === null || this.isDrawing) return;
    this.fit();
    this.beLegible();
  }

  /** What d3-graphviz is to set beside Graphviz' own attributes: names for the keyboard and for screen readers. */
  describe({ attributes, key }: Datum): void {
    const edge = this.edges.get(key);
    const node = this.nodes.get(key);
    const label = edge?.title ?? (node === undefined ? null : `${node.name}: ${node.deeds.join(', ')}`);
    if (label === null) return;
    attributes.id = this.prefix + key;
    attributes.tabindex = '0';
    attributes.role = 'button';
    attributes['aria-label'] = label;
    attributes['aria-pressed'] = 'false';
    attributes['data-group'] = edge?.group ?? null;
    attributes['data-hidden'] = this.isHidden(key) ? '' : null;
  }

  private isReady(): void {
    this.isDrawing = false;
    if (this.wanted !== null) this.draw();
  }

  private draw(): void {
    const picture = this.wanted;
    if (picture === null || picture === this.shown) return;
    const isFirst = this.shown === null;
    this.shown = picture;
    this.isDrawing = true;
    this.host.setAttribute('aria-busy', 'true');
    this.edges = new Map(picture.edges.map((edge) => [edge.key, edge]));
    this.nodes = new Map(picture.nodes.map((node) => [node.key, node]));
    if (isFirst) this.host.replaceChildren();
    else if (!matchMedia('(prefers-reduced-motion: reduce)').matches)
      this.drawer.transition(() => transition(this.prefix).duration(DURATION));
    this.drawer.renderDot(picture.dot, () => {
      this.isDrawing = false;
      if (isFirst) {
        this.leaveScrolling();
        this.beLegible();
      }
      this.host.setAttribute('aria-busy', 'false');
      this.draw();
    });
  }

  /** The wheel and one finger scroll the page; the wheel with Ctrl, two fingers and dragging move the picture. */
  private leaveScrolling(): void {
    this.drawer
      .zoomBehavior()
      ?.filter((event) =>
        event.type === 'wheel' ? event.ctrlKey : event.type === 'dblclick' ? false : !event.button,
      );
  }

  /** Where there is little room, only a part is shown, from the left, to be moved. */
  private beLegible(): void {
    const svg = this.host.querySelector('svg');
    if (svg === null) return;
    const { width, height } = svg.viewBox.baseVal;
    const scale = Math.min(svg.clientWidth / width, svg.clientHeight / height);
    if (scale >= SMALLEST || scale <= 0) return;
    this.drawer.zoomBehavior()?.scaleBy(this.drawer.zoomSelection(), SMALLEST / scale, [0, height / 2]);
    this.host.setAttribute('data-cropped', '');
  }

  /** The shown edge that passes closest to a click beside all of them: lines are thin, and fingers are not. */
  private edgeNear({ clientX, clientY }: MouseEvent): Element | null {
    let nearest: Element | null = null;
    let least = REACH;
    for (const path of this.host.querySelectorAll<SVGPathElement>('g.edge:not([data-hidden]) > path')) {
      const toScreen = path.getScreenCTM();
      const length = path.getTotalLength();
      if (toScreen === null) continue;
      for (let at = 0; at <= SAMPLES; at++) {
        const { x, y } = path.getPointAtLength((length * at) / SAMPLES).matrixTransform(toScreen);
        const distance = Math.hypot(x - clientX, y - clientY);
        if (distance < least) [nearest, least] = [path, distance];
      }
    }
    return nearest;
  }

  private choose(target: EventTarget | null): boolean {
    const element = target instanceof Element ? target.closest('g.node, g.edge') : null;
    if (element === null) return false;
    const key = this.keyOf(element);
    const edge = this.edges.get(key);
    const node = this.nodes.get(key);
    if (edge !== undefined) this.onChoice({ kind: 'edge', edge });
    else if (node !== undefined) this.onChoice({ kind: 'node', node });
    return edge !== undefined || node !== undefined;
  }

  private keyOf(element: Element): string {
    return element.id.slice(this.prefix.length);
  }

  private markHidden(element: Element): void {
    element.toggleAttribute('data-hidden', this.isHidden(this.keyOf(element)));
  }

  private isHidden(key: string): boolean {
    const edge = this.edges.get(key);
    if (edge !== undefined) return this.hidden.has(edge.group);
    return this.nodes.get(key)?.isFence === true && this.hidden.has('fences');
  }
}

/** d3-graphviz calls this with the element as `this`. */
function attribute(view: GraphView): (this: Element, datum: Datum) => void {
  return (datum) => {
    if (datum.tag === 'g') view.describe(datum);
    // Graphviz' titles are keys, and would be shown as tooltips.
    else if (datum.tag === 'a') datum.attributes['xlink:title'] = null;
  };
}
