/** Texts from tests: kernel C as the assembly that its primitives become, and a test in the one style of `fencepost fmt`. */
import { formatLitmus } from '../syntax/format.js';
import { printAssembly } from '../syntax/print-assembly.js';
import { type Diagnostic, errorAt } from '../text/diagnostic.js';
import { compileTest, prepareTest } from '../verdict/prepare-test.js';
import { type LitmusDiagnostic, toLitmusDiagnostics } from './diagnostics.js';
import { type LitmusInput, type LitmusOptions, readSettings, sourceOf } from './judge-input.js';

/** Options of {@link compile}. */
export interface CompileLitmusOptions extends Pick<LitmusOptions, 'atomics' | 'macros'> {
  readonly to: 'arm64' | 'x86';
}

/** A text that was made of a test. */
export interface TextResult {
  /** Null: it could not be made, and `diagnostics` say why. */
  readonly text: string | null;
  readonly diagnostics: readonly LitmusDiagnostic[];
}

function textResult(text: string | null, diagnostics: readonly Diagnostic[]): TextResult {
  return { text, diagnostics: toLitmusDiagnostics(diagnostics) };
}

/**
 * Compiles a test in kernel C, or a sketch, to the assembly that the kernel's primitives become: a litmus test, too.
 *
 * @param input - a test in kernel C, or a sketch
 * @param options - the architecture, and how atomics are compiled
 * @returns the assembly test; null for what has no instruction (a grace period, say), with the reason
 * @throws TypeError, if an argument is not of the declared type
 * @example
 * ```ts
 * import { compile } from 'fencepost';
 *
 * const { text } = compile(
 *   'C publish\n{ }\nP0(int *x, int *y) { WRITE_ONCE(*x, 1); smp_store_release(y, 1); }\nexists (x=1 /\\ y=1)\n',
 *   { to: 'arm64' },
 * );
 * console.log(text);
 * ```
 * ```text
 * AArch64 publish
 * (*
 *  * P0: WRITE_ONCE( *x, 1)  ->  MOV W3,#1; STR W3,[X1]
 *  * P0: smp_store_release(y, 1)  ->  MOV W3,#1; STLR W3,[X2]
 *  *)
 * {
 * 0:X1=x; 0:X2=y;
 * }
 *  P0           ;
 *  MOV W3,#1    ;
 *  STR W3,[X1]  ;
 *  MOV W3,#1    ;
 *  STLR W3,[X2] ;
 * exists (x=1 /\ y=1)
 * ```
 */
export function compile(input: LitmusInput, options: CompileLitmusOptions): TextResult {
  const source = sourceOf(input);
  if (typeof options?.to !== 'string') throw new TypeError("`to` is 'arm64' or 'x86'");
  const settings = readSettings(options, {
    without: ['models', 'outcome', 'unroll', 'expired'],
    choices: { to: [options.to, ['arm64', 'x86']] },
  });
  if (settings.value === null) return textResult(null, settings.diagnostics);
  const { macros, atomics } = settings.value;
  const test = prepareTest(source, macros === null ? {} : { macros });
  const before = [...settings.diagnostics, ...test.diagnostics];
  if (test.value === null) return textResult(null, before);
  if (test.value.language !== 'c') {
    const message = `${source.name}: this test is assembly already; only C and Sketch are compiled`;
    return textResult(null, [...before, errorAt(null, 'already-assembly', message)]);
  }
  const { value, diagnostics } = compileTest(test.value, options.to, { atomics });
  return textResult(value === null ? null : printAssembly(value.assembly), [...before, ...diagnostics]);
}

/**
 * Prints a test in the one style of `fencepost fmt`, with its comments in place; what is in that style already stays as it is.
 *
 * @param input - a test in any of the languages
 * @returns the text; null if the input is no test, with the reason
 * @throws TypeError, if the argument is not of the declared type
 * @example
 * ```ts
 * import { format } from 'fencepost';
 *
 * console.log(format('C f\n{}\nP0(int *x){WRITE_ONCE(*x,1);/* done *\/}\nexists(x=1)').text);
 * ```
 * ```text
 * C f
 * {}
 *
 * P0(int *x)
 * {
 * 	WRITE_ONCE(*x, 1); /* done *\/
 * }
 *
 * exists (x=1)
 * ```
 */
export function format(input: LitmusInput): TextResult {
  const { value, diagnostics } = formatLitmus(sourceOf(input));
  return textResult(value, diagnostics);
}
