/** Real texts for the fuzzer: the repository's tests and models, what the tests compile to, and files from elsewhere, if there are any. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { printAssembly } from '../../syntax/print-assembly.js';
import { compileTest, prepareTest } from '../../verdict/prepare-test.js';
import type { Corpus, FuzzKind } from './inputs.js';
import { bellFiles, configurationFiles, macroFiles } from './seeds.js';

const kinds: readonly (readonly [kind: FuzzKind, file: RegExp, beginning: RegExp | null])[] = [
  ['c', /\.litmus$/, /^C\s/m],
  ['sketch', /\.litmus$/, /^Sketch\s/m],
  ['arm64', /\.litmus$/, /^AArch64\s/m],
  ['x86', /\.litmus$/, /^X86(_64)?\s/m],
  ['cat', /\.cat$/, null],
  ['bell', /\.bell$/, null],
  ['def', /\.def$/, null],
  ['cfg', /\.cfg$/, null],
];

/** Larger files would only be slower. */
const LARGEST = 20_000;

function filesBelow(folder: string): string[] {
  try {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (name) => !/(^|[/\\])(node_modules|dist|\.git)([/\\]|$)/.test(name),
    );
    return names.sort().map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** What C tests compile to. */
function compiled(texts: readonly string[], to: 'arm64' | 'x86'): string[] {
  return texts.flatMap((text) => {
    const test = prepareTest({ name: 't', text }).value;
    const assembly = test?.language === 'c' ? compileTest(test, to, { atomics: 'llsc' }).value : null;
    return assembly == null ? [] : [printAssembly(assembly.assembly)];
  });
}

/** `root`: the repository's folder; `others`: folders to be searched, too. Those that are not there are left out. */
export function readCorpus(root: string, others: readonly string[]): Corpus {
  const found: Record<FuzzKind, string[]> = {
    c: [],
    sketch: [],
    arm64: [],
    x86: [],
    cat: [],
    bell: [...bellFiles],
    def: [...macroFiles],
    cfg: [...configurationFiles],
  };
  const folders = [join(root, 'litmus'), join(root, 'src', 'model'), ...others];
  for (const file of folders.flatMap(filesBelow)) {
    const fitting = kinds.filter(([, name]) => name.test(file));
    if (fitting.length === 0) continue;
    const text = readFileSync(file, 'utf8');
    const [kind] = fitting.find(([, , beginning]) => beginning === null || beginning.test(text)) ?? [null];
    if (kind !== null && text.length <= LARGEST) found[kind].push(text);
  }
  const some = found.c.filter((_, i) => i % 5 === 0);
  found.arm64.push(...compiled(some, 'arm64'));
  found.x86.push(...compiled(some, 'x86'));
  return found;
}
