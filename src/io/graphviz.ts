/**
 * DOT to SVG with Graphviz's own layout, compiled to WebAssembly: no system package is needed.
 *
 * Loading it takes some 100 ms, so it is loaded at the first picture and kept.
 */

/** Draws pictures; a test may put its own in the place of Graphviz. */
export interface Drawer {
  /** The SVG document of a DOT graph. Rejects if the DOT text is not valid (our own bug). */
  readonly drawSvg: (dot: string) => Promise<string>;
}

export function createGraphvizDrawer(): Drawer {
  let loading: Promise<{ readonly dot: (source: string, format: 'svg') => string }> | null = null;
  return {
    async drawSvg(dot) {
      loading ??= import('@hpcc-js/wasm-graphviz').then(({ Graphviz }) => Graphviz.load());
      return (await loading).dot(dot, 'svg');
    },
  };
}
