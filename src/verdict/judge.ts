/**
 * What judges a test: a model that comes with fencepost, by its name, or one that the user brings.
 *
 * A model sees events, and which events a program has depends on its dialect. A test in kernel C is judged by the user's model as
 * kernel C, unless the model says in its title that it is about an architecture (`AArch64 "..."`), or the user says so: then it is
 * compiled first, as for our own models of these. An assembly test is judged as it stands.
 */

import type { LowerTarget } from '../lower/lower.js';
import {
  type Compilation,
  type CompileOptions,
  compileModel,
  type ResolveInclude,
} from '../model/compile.js';
import { dialectOfArchitecture } from '../model/foreign-names.js';
import { loadShippedModel } from '../model/shipped.js';
import type { Dialect } from '../program/ir.js';
import { parseCat } from '../syntax/cat.js';
import { checked } from '../text/diagnostic.js';
import type { SourceFile } from '../text/source.js';
import { dialectFor, type Language, type ModelName } from './model-choice.js';

export interface UserModel {
  /** The heading of its column. */
  readonly name: string;
  /** What C tests are compiled to before it judges them; null: it judges kernel C. */
  readonly target: LowerTarget | null;
  /**
   * The model for programs of a dialect; each is compiled once, so that its diagnostics are the same objects every time. `expired` is
   * asked now and then; true gives the compilation up, to be begun anew at the next call.
   */
  readonly compile: (dialect: Dialect, expired?: (() => boolean) | null) => Compilation;
}

export type Judge = ModelName | UserModel;

export interface UserModelFile {
  readonly name: string;
  readonly source: SourceFile;
  readonly resolveInclude: ResolveInclude;
  readonly options: CompileOptions;
  /** The user's word on what C tests are compiled to; null: the model's title decides. */
  readonly target: LowerTarget | null;
}

/** The architecture in the title, as something that C is compiled to. */
function targetOf(source: SourceFile): LowerTarget | null {
  const architecture = parseCat(source).value?.architecture ?? null;
  const dialect = architecture === null ? null : dialectOfArchitecture(architecture.name);
  return dialect === 'lkmm' ? null : dialect;
}

/** A model of the user's, which is compiled when a test needs it. */
export function userModel({ name, source, resolveInclude, options, target }: UserModelFile): UserModel {
  const compiled = new Map<Dialect, Compilation>();
  return {
    name,
    target: target ?? targetOf(source),
    compile(dialect, expired = null) {
      const known = compiled.get(dialect);
      if (known !== undefined) return known;
      let isLate = false;
      const ask = (): boolean => {
        isLate ||= expired?.() === true;
        return isLate;
      };
      const compilation = compileModel(source, resolveInclude, [dialect], options, ask);
      const { value } = compilation;
      const result = { ...compilation, value: value === null ? null : { ...value, name } };
      if (!isLate) compiled.set(dialect, result);
      return result;
    },
  };
}

export function isUserModel(judge: Judge): judge is UserModel {
  return typeof judge !== 'string';
}

export function judgeName(judge: Judge): string {
  return isUserModel(judge) ? judge.name : judge;
}

/** The dialect of the program that it judges. */
export function judgedDialect(judge: Judge, language: Language): Dialect {
  if (!isUserModel(judge)) return dialectFor(judge, language);
  return language === 'c' ? (judge.target ?? 'lkmm') : language;
}

export function modelFor(judge: Judge, dialect: Dialect, expired: (() => boolean) | null): Compilation {
  if (isUserModel(judge)) return judge.compile(dialect, expired);
  return { ...checked(loadShippedModel(judge), []), limit: null };
}
