/**
 * How `.ohm` and `.cat` files become modules, for the build (esbuild) and for the tests (vite).
 *
 * `import { grammar } from '../../grammar/cat.ohm'` is an ohm grammar: it is compiled to ohm's recipe here, so that no grammar
 * text is parsed at start-up, and built from the recipe when it is first used. `import { text } from './sc.cat'` is the file's text.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as ohm from 'ohm-js';

const lazyGrammar = fileURLToPath(new URL('./src/syntax/lazy-grammar.ts', import.meta.url));

/** A recipe without the grammar's text and its intervals: no message shows them, and building them is half of the work. */
function withoutSource(recipe) {
  const drop = (key, value) => (key === 'source' || key === 'sourceInterval' ? undefined : value);
  return JSON.stringify(JSON.parse(recipe), drop);
}

function moduleFor(path) {
  const text = readFileSync(path, 'utf8');
  if (path.endsWith('.cat')) return `export const text = ${JSON.stringify(text)};`;
  const recipe = withoutSource(ohm.grammar(text).toRecipe());
  return `
    import { makeRecipe } from 'ohm-js';
    import { lazyGrammar } from ${JSON.stringify(lazyGrammar)};
    export const grammar = lazyGrammar(() => makeRecipe(${recipe}));
  `;
}

/** ohm's own grammar, which it needs only to read grammar text. */
function lazyRecipe(path) {
  const text = readFileSync(path, 'utf8').replace(
    'export default makeRecipe(',
    'export default lazyGrammar(() => makeRecipe(',
  );
  return `import { lazyGrammar } from ${JSON.stringify(lazyGrammar)};\n${text.trimEnd().replace(/;$/, ');')}`;
}

/** What ohm makes of its own grammars as it loads: without their text, as ours. */
function leanRecipe(path) {
  const text = readFileSync(path, 'utf8');
  return text.replace(/(?<=makeRecipe\()\[.*\](?=\))/s, withoutSource);
}

export const esbuildPlugin = {
  name: 'fencepost-languages',
  setup(build) {
    build.onLoad({ filter: /\.(ohm|cat)$/ }, ({ path }) => ({ contents: moduleFor(path), loader: 'js' }));
    build.onLoad({ filter: /ohm-js[\\/]dist[\\/]ohm-grammar\.js$/ }, ({ path }) => ({
      contents: lazyRecipe(path),
      loader: 'js',
    }));
    build.onLoad(
      { filter: /ohm-js[\\/]dist[\\/](built-in-rules|operations-and-attributes)\.js$/ },
      ({ path }) => ({
        contents: leanRecipe(path),
        loader: 'js',
      }),
    );
  },
};

export function vitePlugin() {
  return {
    name: 'fencepost-languages',
    enforce: 'pre',
    load(id) {
      const path = id.split('?')[0];
      return /\.(ohm|cat)$/.test(path) ? moduleFor(path) : null;
    },
  };
}
