/**
 * A model that the caller brings, as plain data: the text of a cat file with what it includes.
 *
 * The data is what is passed around (it may be sent to a worker); what it compiles to is kept beside it, for as long as it lives.
 */
import type { LowerTarget } from '../lower/lower.js';
import { allDialects } from '../model/predefined.js';
import type { Checked, Diagnostic } from '../text/diagnostic.js';
import { checked, errorAt } from '../text/diagnostic.js';
import type { SourceFile } from '../text/source.js';
import { type UserModel, userModel } from '../verdict/judge.js';
import { isModelName } from '../verdict/model-choice.js';
import { type LitmusDiagnostic, toLitmusDiagnostics } from './diagnostics.js';

/** What belongs to a model of one's own. */
export interface LoadModelOptions {
  /** The heading of its column, and what diagnostics call its text. Default: `own.cat`. */
  readonly name?: string;
  /** Texts by the name that stands behind `include`. What is not here is looked for among fencepost's own files (`cos.cat`). */
  readonly includes?: Readonly<Record<string, string>>;
  /** The text of a bell file, which declares the tags of the language. */
  readonly bell?: string;
  /** The variants that `if "name"` finds chosen. */
  readonly variants?: readonly string[];
  /** What kernel C is compiled to before the model judges it; null: it is judged as kernel C. Default: what the model's title says. */
  readonly compileTo?: 'arm64' | 'x86' | null;
}

/** A model of one's own, for `models` of every function: plain data, made by {@link loadModel}. */
export interface OwnModel {
  readonly name: string;
  /** The cat text. */
  readonly text: string;
  readonly includes: Readonly<Record<string, string>>;
  readonly bell: string | null;
  readonly variants: readonly string[];
  /** `title`: what the model's title says. */
  readonly compileTo: 'arm64' | 'x86' | 'title' | null;
}

/** What became of a model's text. */
export interface LoadedModel {
  /** Null: it is no model for tests in any language; then there are errors. */
  readonly model: OwnModel | null;
  readonly diagnostics: readonly LitmusDiagnostic[];
}

const compiled = new WeakMap<OwnModel, UserModel>();

/** What judges with it; the same object for the same data. */
export function judgeOf(model: OwnModel): UserModel {
  const known = compiled.get(model);
  if (known !== undefined) return known;
  const made = makeJudge(model);
  compiled.set(model, made);
  return made;
}

function makeJudge({ name, text, includes, bell, variants, compileTo }: OwnModel): UserModel {
  const files = new Map<string, SourceFile>();
  for (const [file, content] of Object.entries(includes)) files.set(file, { name: file, text: content });
  const options = { variants, ...(bell === null ? {} : { bell: { name: `${name}: bell`, text: bell } }) };
  const target: LowerTarget | null = compileTo === 'title' ? null : compileTo;
  const made = userModel({
    name,
    source: { name, text },
    resolveInclude: (file) => files.get(file) ?? null,
    options,
    target,
  });
  return compileTo === null ? { ...made, target: null } : made;
}

/** A model has to compile for the tests of some language; why it does not, for the likeliest, is what is wrong with it. */
function check(model: OwnModel): Checked<OwnModel> {
  if (isModelName(model.name)) {
    const message = `\`${model.name}\` is the name of a model that comes with fencepost`;
    return { value: null, diagnostics: [errorAt(null, 'model-name-taken', message)] };
  }
  const judge = judgeOf(model);
  const dialects = [...new Set([judge.target ?? ('lkmm' as const), ...allDialects])];
  let first: readonly Diagnostic[] | null = null;
  for (const dialect of dialects) {
    const { value, diagnostics } = judge.compile(dialect);
    if (value !== null) return checked(model, diagnostics);
    first ??= diagnostics;
  }
  return { value: null, diagnostics: first ?? [] };
}

/**
 * Reads a memory model in the cat language, to judge tests with beside the models that come with fencepost, or instead of them.
 *
 * The whole of herd's cat language is understood. A model that fits tests of one language only (assembly, say) is a model;
 * that it does not fit a test is said when it judges one. Nothing is read from files: what it includes is given as text.
 *
 * @param text - the cat text
 * @returns the model as plain data, or null and what is wrong with the text; it never throws on what a user wrote
 * @example
 * ```ts
 * import { loadModel, runLitmus } from 'fencepost';
 *
 * const { model, diagnostics } = loadModel('acyclic po | rf | fr | co as interleaving', { name: 'mine' });
 * console.log(diagnostics.length);
 * const test = `
 * C store-buffering
 * { }
 * P0(int *x, int *y) { int r0; WRITE_ONCE(*x, 1); r0 = READ_ONCE(*y); }
 * P1(int *x, int *y) { int r0; WRITE_ONCE(*y, 1); r0 = READ_ONCE(*x); }
 * exists (0:r0=0 /\\ 1:r0=0)
 * `;
 * if (model !== null)
 *   for (const { model: name, verdict } of runLitmus(test, { models: ['lkmm', model] }).models)
 *     console.log(name, verdict);
 * ```
 * ```text
 * 0
 * lkmm Sometimes
 * mine Never
 * ```
 */
export function loadModel(text: string, options: LoadModelOptions = {}): LoadedModel {
  const { name = 'own.cat', includes = {}, bell = null, variants = [], compileTo = 'title' } = options;
  const model: OwnModel = { name, text, includes, bell, variants, compileTo };
  const { value, diagnostics } = check(model);
  return { model: value, diagnostics: toLitmusDiagnostics(diagnostics) };
}
