/** Which models there are, in the order of the table's columns, and which fit a test's language. */
import type { Dialect } from '../program/ir.js';

/** What a test file is written in. Older x86 collections are `x86` too. */
export type Language = 'c' | 'arm64' | 'x86';

/** The models that come with fencepost. */
export const modelNames = ['lkmm', 'arm64', 'x86', 'sc'] as const;

/** The name of a model that comes with fencepost. */
export type ModelName = (typeof modelNames)[number];

export function isModelName(name: string): name is ModelName {
  return modelNames.some((known) => known === name);
}

/** The models that can judge a test, in the order of the columns. Kernel C is compiled to arm64 and to x86. */
export function fittingModels(language: Language): readonly ModelName[] {
  switch (language) {
    case 'c':
      return modelNames;
    case 'arm64':
      return ['arm64', 'sc'];
    case 'x86':
      return ['x86', 'sc'];
  }
}

/** The model of the test's own language: what a plain `Result:` in its comment is about. */
export function ownModel(language: Language): ModelName {
  return language === 'c' ? 'lkmm' : language;
}

/** The dialect of the program that a model judges; sc judges a test as it stands. */
export function dialectFor(model: ModelName, language: Language): Dialect {
  if (model !== 'sc') return model;
  return language === 'c' ? 'lkmm' : language;
}
