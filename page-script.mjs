/**
 * The script of a report's page (src/page/browser), bundled with d3-graphviz and Graphviz' WebAssembly, for the build and for the
 * tests. It begins with the licences of what is in it, for the page is a copy of that.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/** Of the packages that the bundle takes files from: `name version`, and the licence's text. */
function licences(root, inputs) {
  const names = new Set();
  for (const path of inputs) {
    const [, name] = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path.replaceAll('\\', '/')) ?? [];
    if (name !== undefined) names.add(name);
  }
  const byText = new Map();
  for (const name of [...names].sort()) {
    const folder = join(root, 'node_modules', name);
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined) throw new Error(`${name} has no licence file`);
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const text = readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim();
    byText.set(text, [...(byText.get(text) ?? []), `${name} ${version}`]);
  }
  const parts = [...byText].map(([text, packages]) => `${packages.join(', ')}:\n\n${text}`);
  const graphviz =
    'The WebAssembly in @hpcc-js/wasm is Graphviz (licence: https://graphviz.org/license/, sources: ' +
    'https://gitlab.com/graphviz/graphviz) with Expat (MIT licence, sources: https://github.com/libexpat/libexpat).';
  return [...parts, graphviz].join(`\n\n${'-'.repeat(80)}\n\n`).replaceAll('*/', '* /');
}

/** The script's text. `root`: the project's folder. */
export async function bundlePageScript(root) {
  const result = await build({
    absWorkingDir: root,
    entryPoints: ['src/page/browser/main.ts'],
    bundle: true,
    format: 'iife',
    platform: 'browser',
    target: ['chrome109', 'firefox115', 'safari16'],
    minify: true,
    legalComments: 'inline',
    charset: 'utf8',
    metafile: true,
    write: false,
    logLevel: 'warning',
  });
  const notice = `/*! This script contains:\n\n${licences(root, Object.keys(result.metafile.inputs))}\n*/\n`;
  // What would end the element that the script stands in.
  return (
    notice + result.outputFiles[0].text.replace(/<\/(script|style)/gi, '<\\/$1').replaceAll('<!--', '<\\!--')
  );
}
