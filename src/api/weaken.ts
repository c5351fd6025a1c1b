/** What a test's answer depends on, and what would exclude its outcome: `fencepost barriers` and `fencepost repair` for programs. */
import { findBarriers } from '../regress/barriers.js';
import { type BarriersObject, barriersObject } from '../regress/barriers-json.js';
import { renderBarriers } from '../regress/barriers-text.js';
import { DEFAULT_MAX_CHANGES, findRepairs } from '../regress/repair.js';
import { type RepairsObject, repairObjectOf } from '../regress/repair-json.js';
import { renderRepairs } from '../regress/repair-text.js';
import type { VariantOptions } from '../regress/variants.js';
import type { ModelName } from '../verdict/model-choice.js';
import { type LitmusDiagnostic, toLitmusDiagnostics } from './diagnostics.js';
import {
  LEAST_WIDTH,
  type LitmusInput,
  type LitmusOptions,
  type Numbers,
  type OwnOptions,
  readSettings,
  type Settings,
  sourceOf,
} from './judge-input.js';
import type { OwnModel } from './own-model.js';

/** What {@link barriers} and {@link repair} have in common. */
export interface WeakenOptions extends Omit<LitmusOptions, 'models' | 'outcome'> {
  /** Default: lkmm, arm64 and x86, as far as they judge the test. */
  readonly models?: readonly (ModelName | OwnModel)[];
  /** Columns of the text, 40 at least. Default: 80. */
  readonly width?: number;
}

/** Options of {@link barriers}. */
export interface BarriersLitmusOptions extends WeakenOptions {
  /** Whether READ_ONCE() and WRITE_ONCE() are made plain accesses, too. Default: no. */
  readonly plain?: boolean;
}

/** Options of {@link repair}. */
export interface RepairLitmusOptions extends WeakenOptions {
  /** How many changes a set may have. Default: 2. */
  readonly maxChanges?: number;
}

/** What became of weakening each primitive of a test. */
export interface BarriersResult {
  /** The object that `fencepost barriers --format json` prints; null: the test could not be judged. */
  readonly report: BarriersObject | null;
  /** For people, and not stable. */
  readonly text: string;
  readonly diagnostics: readonly LitmusDiagnostic[];
}

/** What would exclude a test's outcome. */
export interface RepairResult {
  /** The object that `fencepost repair --format json` prints; null: the test could not be judged. */
  readonly report: RepairsObject | null;
  /** For people, and not stable. */
  readonly text: string;
  readonly diagnostics: readonly LitmusDiagnostic[];
}

/** Changes are judged by what the test itself asks, under models each of which is named. */
const ownQuestion: OwnOptions = { without: ['outcome'], sets: [] };

function variantOptions({ judges, macros, unroll, atomics, expired }: Settings): VariantOptions {
  return {
    models: typeof judges === 'string' ? 'weak' : judges,
    macros,
    unroll,
    atomics,
    expired: expired === null ? null : () => expired(0) !== false,
  };
}

/**
 * Weakens and removes each barrier, lock and ordered access of a test, one at a time, and says which of them its answer needs.
 *
 * @param input - the test
 * @param options - which models
 * @returns what each primitive is needed for; it never throws on what a user wrote
 * @throws TypeError, if an argument is not of the declared type
 * @example
 * ```ts
 * import { barriers } from 'fencepost';
 *
 * const test = `
 * C message-passing
 * { }
 * P0(int *x, int *y) { WRITE_ONCE(*x, 1); smp_mb(); WRITE_ONCE(*y, 1); }
 * P1(int *x, int *y) { int r0; int r1; r0 = smp_load_acquire(y); r1 = READ_ONCE(*x); }
 * exists (1:r0=1 /\\ 1:r1=0)
 * `;
 * for (const { primitive, summary, needed, enough } of barriers(test).report?.sites ?? [])
 *   console.log(primitive, summary, needed, enough);
 * ```
 * ```text
 * smp_mb() needed [ 'lkmm', 'arm64' ] [ 'smp_wmb()' ]
 * smp_load_acquire() needed [ 'lkmm', 'arm64' ] []
 * ```
 */
export function barriers(input: LitmusInput, options: BarriersLitmusOptions = {}): BarriersResult {
  const source = sourceOf(input);
  const { width = 80 } = options;
  const { value: settings, diagnostics } = readSettings(options, {
    ...ownQuestion,
    numbers: { width: [width, LEAST_WIDTH] },
    others: ['plain'],
  });
  if (settings === null) return { report: null, text: '', diagnostics: toLitmusDiagnostics(diagnostics) };
  const found = findBarriers(source, { ...variantOptions(settings), plain: options.plain ?? false });
  return {
    report: found.report === null ? null : barriersObject(found.report),
    text: found.report === null ? '' : renderBarriers(found.report, { width }),
    diagnostics: toLitmusDiagnostics([...diagnostics, ...found.diagnostics]),
  };
}

/**
 * Finds the cheapest sets of barriers and ordered accesses that exclude a test's outcome, each judged, each minimal, as diffs.
 *
 * @param input - the test
 * @param options - which models, how many changes
 * @returns the sets, the cheapest first; or that nothing is to do, or that no barrier can help. It never throws on what a user wrote.
 * @throws TypeError, if an argument is not of the declared type
 * @example
 * ```ts
 * import { repair } from 'fencepost';
 *
 * const test = `
 * C message-passing
 * { }
 * P0(int *x, int *y) { WRITE_ONCE(*x, 1); WRITE_ONCE(*y, 1); }
 * P1(int *x, int *y) { int r0; int r1; r0 = smp_load_acquire(y); r1 = READ_ONCE(*x); }
 * exists (1:r0=1 /\\ 1:r1=0)
 * `;
 * const { report } = repair({ name: 'mp.litmus', text: test });
 * for (const { changes, costs } of report?.repairs ?? []) console.log(changes, costs.arm64?.instructions);
 * ```
 * ```text
 * [ 'smp_wmb() before P0:4 WRITE_ONCE(*y, 1)' ] dmb ishst
 * [ 'smp_store_release() for P0:4 WRITE_ONCE(*y, 1)' ] stlr for str
 * ```
 */
export function repair(input: LitmusInput, options: RepairLitmusOptions = {}): RepairResult {
  const source = sourceOf(input);
  const { maxChanges = DEFAULT_MAX_CHANGES, width = 80 } = options;
  const numbers: Numbers = { maxChanges: [maxChanges, 1], width: [width, LEAST_WIDTH] };
  const { value: settings, diagnostics } = readSettings(options, { ...ownQuestion, numbers });
  if (settings === null) return { report: null, text: '', diagnostics: toLitmusDiagnostics(diagnostics) };
  const found = findRepairs(source, { ...variantOptions(settings), maxChanges });
  return {
    report: found.report === null ? null : repairObjectOf(found.report),
    text: found.report === null ? '' : renderRepairs(found.report, { width, most: Number.POSITIVE_INFINITY }),
    diagnostics: toLitmusDiagnostics([...diagnostics, ...found.diagnostics]),
  };
}
