/** What the page uses of d3-graphviz and of the parts of d3 that it brings; neither ships types. */

declare module 'd3-graphviz' {
  /** An element of the drawing, as d3-graphviz read it from Graphviz' SVG. */
  export interface Datum {
    readonly tag: string;
    readonly key: string;
    /** Null removes the attribute. */
    readonly attributes: Record<string, string | null>;
    readonly parent?: Datum;
    text?: string;
  }

  export interface Graphviz {
    keyMode(mode: 'id' | 'title'): this;
    fade(isOn: boolean): this;
    growEnteringEdges(isOn: boolean): this;
    tweenShapes(isOn: boolean): this;
    width(width: string): this;
    height(height: string): this;
    fit(isOn: boolean): this;
    /** Called for each element before its attributes are set; may change the datum's. */
    attributer(change: (this: Element, datum: Datum) => void): this;
    transition(make: () => unknown): this;
    zoomScaleExtent(extent: readonly [number, number]): this;
    zoomBehavior(): ZoomBehavior | null;
    zoomSelection(): unknown;
    resetZoom(transition?: unknown): this;
    onerror(tell: (message: string) => void): this;
    on(event: 'initEnd' | 'end' | 'renderEnd', act: () => void): this;
    renderDot(dot: string, done?: () => void): this;
  }

  export interface ZoomBehavior {
    filter(accept: (event: Event & { ctrlKey: boolean; button?: number }) => boolean): this;
    /** `point`: what stays in its place, in the coordinates of the drawing. */
    scaleBy(selection: unknown, factor: number, point?: readonly [number, number]): void;
  }

  export function graphviz(element: Element, options: { useWorker: boolean }): Graphviz;
}

declare module 'd3-transition' {
  export interface Transition {
    duration(milliseconds: number): this;
  }
  export function transition(name: string): Transition;
}
