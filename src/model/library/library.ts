/**
 * The library files that published models include, in our own words: found when the user's search path has no file of the name.
 *
 * `cos.cat` and `cos-opt.cat` give the model its coherence order. Where the writes and what is known of their order are the
 * predefined ones, that is the predefined `co`, which the search is best at; else the model really generates it.
 */
import type { SourceFile } from '../../text/source.js';
import { text as prelude } from '../stdlib.cat';
import { text as aarch64fences } from './aarch64fences.cat';
import { text as observed } from './co-observed.cat';
import { text as cos } from './cos.cat';
import { text as cosOpt } from './cos-opt.cat';
import { text as cross } from './cross.cat';
import { text as fences } from './fences.cat';
import { text as filters } from './filters.cat';
import { text as fromCo } from './from-co.cat';
import { text as predefinedCo } from './predefined-co.cat';
import { text as x86fences } from './x86fences.cat';

const texts: ReadonlyMap<string, string> = new Map([
  ['stdlib.cat', prelude],
  ['cross.cat', cross],
  ['cos.cat', cos],
  ['cos-opt.cat', cosOpt],
  ['co-observed.cat', observed],
  ['from-co.cat', fromCo],
  ['filters.cat', filters],
  ['fences.cat', fences],
  ['x86fences.cat', x86fences],
  ['aarch64fences.cat', aarch64fences],
]);

/** What the coherence files come to where `co` is the predefined one. */
const predefinedCoherence: ReadonlyMap<string, string> = new Map([
  ['cos.cat', fromCo],
  ['cos-opt.cat', predefinedCo],
]);

/** The library file of this name, or null; `ownCoherence` if the model has redefined what coherence is about. */
export function libraryFile(name: string, ownCoherence: boolean): SourceFile | null {
  const text = (ownCoherence ? undefined : predefinedCoherence.get(name)) ?? texts.get(name);
  return text === undefined ? null : { name, text };
}

export const libraryNames: readonly string[] = [...texts.keys()];
