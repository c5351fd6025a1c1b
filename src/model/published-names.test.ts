/** What published models find: library files, predefined names of architectures, tags in both spellings; and what they do not find. */
import { expect, test } from 'vitest';
import type { Dialect } from '../program/ir.js';
import { renderDiagnostics } from '../text/render.js';
import { type CompileOptions, compileModel, noIncludes, type ResolveInclude } from './compile.js';
import { libraryFile, libraryNames } from './library/library.js';
import { allDialects } from './predefined.js';
import { showNode } from './show-node.js';

const compile = (
  text: string,
  dialects: readonly Dialect[] = allDialects,
  options: CompileOptions = {},
  resolve: ResolveInclude = noIncludes,
) => compileModel({ name: 'm.cat', text }, resolve, dialects, options);

function checksOf(text: string, dialects: readonly Dialect[], options: CompileOptions = {}): string[] {
  const { value, diagnostics } = compile(text, dialects, options);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  expect(renderDiagnostics(errors)).toBe('');
  return value!.checks.map(({ node }) => showNode(value!, node));
}

test.each(libraryNames)('the library file %s compiles for each dialect', (name) => {
  for (const dialect of allDialects)
    for (const before of ['', 'let W = W & M '])
      expect(renderDiagnostics(compile(`${before}include "${name}" empty 0`, [dialect]).diagnostics)).toBe(
        '',
      );
});

test('the user’s file comes before the library’s of the same name', () => {
  const own: ResolveInclude = (name) => (name === 'filters.cat' ? { name, text: 'let WW(r) = r' } : null);
  const { value } = compile('include "filters.cat" empty WW(po)', allDialects, {}, own);
  expect(showNode(value!, value!.checks[0]!.node)).toBe('po');
  expect(libraryFile('filters.cat', false)?.name).toBe('filters.cat');
  expect(libraryFile('no.cat', false)).toBe(null);
});

test.each<[string, Dialect, string[]]>([
  ['include "filters.cat" empty AM(po)', 'x86', ['(po & (X * M))']],
  ['include "filters.cat" empty AM(po)', 'lkmm', ['0']],
  ['include "x86fences.cat" empty mfence', 'x86', ['(po ; ([MFENCE] ; po))']],
  ['include "x86fences.cat" empty mfence', 'lkmm', ['0']],
  [
    'include "aarch64fences.cat" empty [dmb.st]',
    'arm64',
    ['[(DMB.ISHST | (DMB.OSHST | ((DSB.ISHST | (DSB.OSHST | DSB.ST)) | DMB.ST)))]'],
  ],
  ['let A = try A & (Exp & M) with emptyset empty [A | FAULT]', 'arm64', ['[(M & A)]']],
  ['empty rf ; si', 'x86', ['(rf ; [M])']],
  [
    'empty singlestep(co) | toid(F) empty nodetour(po, rf, co)',
    'x86',
    ['((co \\ (co ; co)) | [F])', '(po \\ (rf ; co))'],
  ],
  ['empty po & _ empty _ \\ po empty [_ \\ W]', 'x86', ['po', '~po', '[~W]']],
  ['call total(po, W)', 'x86', ['((W * W) \\ (po | po^-1))']],
])('%s for %s', (text, dialect, expected) => {
  const { value, diagnostics } = compile(text, [dialect]);
  expect(renderDiagnostics(diagnostics)).toBe('');
  expect(value!.checks.map(({ node }) => showNode(value!, node))).toEqual(expected);
});

test('tags in small letters and in capitals are the sets of the dialect', () => {
  const bell = {
    name: 'k.bell',
    text: `enum Accesses = 'ONCE || 'MB || 'acquire  enum Barriers = 'wmb || 'MB || 'after-unlock-lock
      instructions R[Accesses] instructions F[Barriers]
      let Mb = MB \\ W`,
  };
  expect(checksOf('empty ONCE | Acquire empty Mb empty Wmb | After-unlock-lock', ['lkmm'], { bell })).toEqual(
    ['(Once | Acquire)', '(Mb \\ W)', '(Wmb | After-unlock-lock)'],
  );
});

test.each<[string, Dialect[], string]>([
  [
    'RISCV "t"\nlet f = [R] ; fencerel(Fence.r.rw)\nacyclic f',
    ['lkmm'],
    `m.cat:1:1: warning: a model of RISC-V programs, which are not read here [other-architecture]
 1 | RISCV "t"
   | ^^^^^
m.cat:2:23: error: \`Fence.r.rw\` is not defined [unknown-name]
 2 | let f = [R] ; fencerel(Fence.r.rw)
   |                       ^^^^^^^^^^^^
  hint: \`Fence.r.rw\` is about RISC-V programs, which are not read here`,
  ],
  [
    'PPC let sync = try fencerel(SYNC) with 0 acyclic sync',
    allDialects as Dialect[],
    `m.cat:1:1: warning: a model of Power programs, which are not read here [other-architecture]`,
  ],
  [
    'X86 "t" acyclic po',
    ['arm64'],
    `m.cat:1:1: warning: a model of x86 programs, for arm64 programs [other-architecture]`,
  ],
  ['empty [ACQ]', ['lkmm'], 'hint: `ACQ` is about C11 programs, which are not read here'],
  [
    'empty iico_data',
    ['arm64'],
    'hint: `iico_data` is about the events inside of instructions, which are not modelled: addr, data and ctrl are predefined',
  ],
  [
    'empty [B]',
    ['arm64'],
    'hint: `B` is the set of branch events, which are not modelled: ctrl is predefined',
  ],
])('%j for %s', (text, dialects, expected) => {
  expect(renderDiagnostics(compile(text, dialects).diagnostics)).toContain(expected);
});

test('names that a missing file may define are not reported beside it', () => {
  const { diagnostics } = compile('include "gone.cat"\nacyclic ppo | po-lok\nacyclic W ; po');
  expect(diagnostics.map(({ code }) => code)).toEqual(['include-not-found', 'kind-mismatch']);
});
