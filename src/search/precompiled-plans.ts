/**
 * The plans of the shipped models, made ahead. The build puts them in the place of this empty map (build.mjs); in a source tree, and so
 * in the tests, each is made when it is first used.
 */
import type { PackedPlan } from './packed-plan.js';

export const precompiledPlans: ReadonlyMap<string, PackedPlan> = new Map();
