/**
 * The shipped models, compiled ahead. The build puts them in the place of this empty map (build.mjs); in a source tree, and so
 * in the tests, each is compiled from its text when it is first used.
 */
import type { PackedModel } from './packed-model.js';

export const precompiled: ReadonlyMap<string, PackedModel> = new Map();
