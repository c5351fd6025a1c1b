/**
 * What libraries do while they load and need not, left out of the bundles: yargs' and ohm's start-up, a fifth of a small run.
 *
 * - string-width, which yargs lays its help out with, makes an Intl.Segmenter (25 ms). Ours measures help text as well.
 * - node:assert takes 4 ms to load; yargs compares two values with it.
 * - yargs looks in every folder up from the user's for a package.json to take a version and settings from: ours are in the code.
 * - yargs' messages go through y18n, which reads a file of translations: ours are in English.
 * - yargs renders the help of each command that has run, in case that it fails; ours says something else then.
 * - yargs parses a text at each call that says which arguments it takes, and compares; the compiler has checked ours.
 * - ohm makes a regular expression for each category of Unicode.
 * - ohm checks the rules of a grammar when it builds it; ours have been, before they were made recipes (bundling.mjs).
 */
import { readFileSync } from 'node:fs';

const modules = {
  'string-width': `
    import { displayWidth } from './src/verdict/text-layout.js';
    export default (text) => displayWidth(text);
  `,
  assert: `
    const check = (holds, message) => { if (!holds) throw new Error(message); };
    export const strictEqual = (a, b, message) => check(Object.is(a, b), message);
    export const notStrictEqual = (a, b, message) => check(!Object.is(a, b), message);
  `,
  'escalade/sync': 'export default () => undefined;',
  y18n: `
    import { format } from 'node:util';
    const __n = (one, many, count, ...rest) => {
      const text = count === 1 ? one : many;
      return format(text, ...(text.includes('%d') ? [count, ...rest] : rest));
    };
    export default () => ({ __: format, __n, getLocale: () => 'en', setLocale() {}, updateLocale() {} });
  `,
};

/** A file of a library, and what is replaced in it. */
const edits = [
  {
    filter: /[\\/]yargs[\\/]build[\\/]lib[\\/]command\.js$/,
    replacements: [['yargs.getInternalMethods().getUsageInstance().cacheHelpMessage();', '']],
  },
  {
    filter: /[\\/]yargs[\\/]build[\\/]lib[\\/]argsert\.js$/,
    replacements: [
      ['    try {\n        let position = 0;', '    return;\n    try {\n        let position = 0;'],
    ],
  },
  {
    filter: /[\\/]ohm-js[\\/]src[\\/]GrammarDecl\.js$/,
    replacements: [
      [
        '    const grammarErrors = [];',
        '    if (!this.source) return grammar;\n    const grammarErrors = [];',
      ],
      [
        'body: body.introduceParams(formals),',
        'body: formals.length === 0 ? body : body.introduceParams(formals),',
      ],
    ],
  },
  {
    filter: /[\\/]ohm-js[\\/]src[\\/]unicode\.js$/,
    replacements: [
      [
        `const toRegExp = val => new RegExp(String.raw\`\\p{\${val}}\`, 'u');`,
        `const lazily = (make, made) => ({ test: (text) => (made ??= make()).test(text) });
        const toRegExp = val => lazily(() => new RegExp(String.raw\`\\p{\${val}}\`, 'u'));`,
      ],
      ['/\\p{Lt}|\\p{Lm}|\\p{Lo}/u', 'lazily(() => /\\p{Lt}|\\p{Lm}|\\p{Lo}/u)'],
    ],
  },
];

function edited(path, replacements) {
  let text = readFileSync(path, 'utf8');
  for (const [from, to] of replacements) {
    // Another version of the library: to be looked at again.
    if (!text.includes(from)) throw new Error(`${path}: there is no ${from}`);
    text = text.replace(from, () => to);
  }
  return text;
}

/** `root`: the project's folder. */
export function leanLibraries(root) {
  return {
    name: 'fencepost-lean-libraries',
    setup(build) {
      build.onResolve({ filter: /^(string-width|assert|escalade\/sync|y18n)$/ }, ({ path, importer }) =>
        /[\\/]node_modules[\\/](yargs|cliui|wrap-ansi)[\\/]/.test(importer)
          ? { path, namespace: 'lean' }
          : undefined,
      );
      build.onLoad({ filter: /.*/, namespace: 'lean' }, ({ path }) => ({
        contents: modules[path],
        resolveDir: root,
      }));
      for (const { filter, replacements } of edits)
        build.onLoad({ filter }, ({ path }) => ({ contents: edited(path, replacements), loader: 'js' }));
    },
  };
}
