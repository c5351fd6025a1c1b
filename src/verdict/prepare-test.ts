/**
 * A test's file as the programs that the models judge: parsed and elaborated in its own language, and, for kernel C,
 * compiled to the assembly of arm64 or x86.
 *
 * The composition of `syntax/`, `elaborate/`, `assemble/` and `lower/`, pure: text in, programs and diagnostics out.
 */
import { assemble } from '../assemble/assemble.js';
import { type ElaborateOptions, elaborateC } from '../elaborate/elaborate.js';
import { sketchToC } from '../elaborate/sketch-to-c.js';
import type { LowerOptions, LowerTarget } from '../lower/lower.js';
import { programFor, type TargetProgram } from '../lower/target.js';
import type { Dialect, Program } from '../program/ir.js';
import { type LitmusTree, parseLitmus } from '../syntax/parse.js';
import { type Checked, checked, errorAt, invariant } from '../text/diagnostic.js';
import { type SourceFile, spanOf } from '../text/source.js';
import type { Language } from './model-choice.js';

/** A test that was understood, in the dialect of its own language. */
export interface PreparedTest {
  readonly source: SourceFile;
  readonly name: string;
  readonly comment: string;
  readonly language: Language;
  readonly program: Program;
}

function languageOf(tree: LitmusTree): Language {
  switch (tree.dialect) {
    case 'C':
    case 'Sketch':
      return 'c';
    case 'AArch64':
      return 'arm64';
    case 'X86_64':
    case 'X86':
      return 'x86';
  }
}

/** Each pass recurses no deeper than its input nests; calls of functions and macros nest in each other. */
function elaborate(source: SourceFile, tree: LitmusTree, options: ElaborateOptions): Checked<Program> {
  try {
    return elaborateTree(tree, options);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const span = spanOf(source, 0, Math.max(1, source.text.search(/\s/)));
    const message = 'the code of this test is nested too deeply, with the functions and macros that it calls';
    return { value: null, diagnostics: [errorAt(span, 'too-deep', message)] };
  }
}

function elaborateTree(tree: LitmusTree, options: ElaborateOptions): Checked<Program> {
  switch (tree.dialect) {
    case 'C':
      return elaborateC(tree, options);
    case 'Sketch':
      return after(sketchToC(tree), (c) => elaborateC(c, options));
    default:
      return assemble(tree);
  }
}

/** Runs the next pass on what the last one gave; the diagnostics of both. */
function after<A, B>(last: Checked<A>, next: (value: A) => Checked<B>): Checked<B> {
  if (last.value === null) return { value: null, diagnostics: last.diagnostics };
  const result = next(last.value);
  return { value: result.value, diagnostics: [...last.diagnostics, ...result.diagnostics] };
}

/** The test in a tree; `prepareTest` without the parsing. */
export function elaborateTest(
  source: SourceFile,
  tree: LitmusTree,
  options: ElaborateOptions = {},
): Checked<PreparedTest> {
  const program = elaborate(source, tree, options);
  if (program.value === null) return { value: null, diagnostics: program.diagnostics };
  const { name, comment } = tree;
  const test = { source, name, comment, language: languageOf(tree), program: program.value };
  return checked(test, program.diagnostics);
}

/** The test in a file, with its warnings; or why it is none. The options are about kernel C: the user's own primitives. */
export function prepareTest(source: SourceFile, options: ElaborateOptions = {}): Checked<PreparedTest> {
  return after(parseLitmus(source), (tree) => elaborateTest(source, tree, options));
}

/** What a kernel-C test compiles to: the assembly, and its program in the words of the C test. */
export function compileTest(
  test: PreparedTest,
  target: LowerTarget,
  options: LowerOptions,
): Checked<TargetProgram> {
  invariant(test.language === 'c', 'only kernel C is compiled');
  return programFor(test.program, target, options);
}

/** The program in the dialect that a model judges: the test's own, or what it compiles to. */
export function programIn(test: PreparedTest, dialect: Dialect, options: LowerOptions): Checked<Program> {
  if (dialect === test.program.dialect) return checked(test.program, []);
  invariant(dialect !== 'lkmm', 'assembly is not compiled back');
  return after(compileTest(test, dialect, options), ({ program }) => checked(program, []));
}
