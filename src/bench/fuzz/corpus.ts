/** Real texts for the fuzzer: the repository's tests and models, what the tests compile to, and files from elsewhere, if there are any. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { baselineText } from '../../check/baseline.js';
import { outcomesOf } from '../../compare/outcomes.js';
import { deadline } from '../../io/clock.js';
import { printAssembly } from '../../syntax/print-assembly.js';
import { renderHerdReport } from '../../verdict/herd-report.js';
import { compileTest, prepareTest } from '../../verdict/prepare-test.js';
import { isRun, type TestReport } from '../../verdict/report.js';
import { defaultRunOptions, runTest } from '../../verdict/run-test.js';
import type { Corpus, FuzzKind } from './inputs.js';
import { bellFiles, configurationFiles, machineLogs, macroFiles, projectFiles } from './seeds.js';

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

/** Tests that are over soon, with how they come out. */
function judgedTests(texts: readonly string[]): TestReport[] {
  const options = { ...defaultRunOptions, models: 'own', mode: 'count', unroll: 1 } as const;
  return texts.flatMap((text) => {
    const report = runTest({ name: 't', text }, { ...options, expiry: () => deadline(0.2) });
    return report.kind === 'test' ? [report] : [];
  });
}

function inThrees<T>(all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / 3) }, (_, i) => all.slice(3 * i, 3 * i + 3));
}

function baselineOf(tests: readonly TestReport[]): string {
  const entries = tests.map(
    ({ name, models }) => [`${name}.litmus`, models.filter(isRun).map(outcomesOf)] as const,
  );
  return baselineText(new Map(entries));
}

/** As herd7 writes it. */
function logOf(tests: readonly TestReport[]): string {
  return tests
    .flatMap((test) => test.models.filter(isRun).map((run) => renderHerdReport(test, run)))
    .join('\n');
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
    config: [...projectFiles],
    baseline: [],
    log: [...machineLogs],
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
  const judged = judgedTests(found.c.slice(0, 40));
  found.baseline.push(...inThrees(judged).map(baselineOf));
  found.log.push(...inThrees(judged).map(logOf));
  return found;
}
