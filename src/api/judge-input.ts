/**
 * From what a caller of the library gives (a text, options) to the engine's report: every function of the library begins here.
 *
 * What is wrong with an option is a diagnostic like what is wrong with a test: options come from users, too. A value of another type
 * than the declared is a mistake in the caller's program, and throws a TypeError.
 */
import { readMacros } from '../elaborate/def-macros.js';
import type { PrimitiveTable } from '../elaborate/primitive-table.js';
import type { Mode, SearchOptions } from '../search/execution.js';
import { defaultSearchOptions } from '../search/search.js';
import { type Checked, checked, type Diagnostic, errorAt } from '../text/diagnostic.js';
import type { SourceFile } from '../text/source.js';
import { didYouMean } from '../text/suggest.js';
import type { Judge } from '../verdict/judge.js';
import { isModelName, type ModelName, modelNames } from '../verdict/model-choice.js';
import { withOutcome } from '../verdict/other-outcome.js';
import type { TestReport } from '../verdict/report.js';
import { type RunOptions, runTest } from '../verdict/run-test.js';
import { judgeOf, type OwnModel } from './own-model.js';

/** A text, or a text with the name (a path, say) that diagnostics call it by. */
export type LitmusInput = string | { readonly name: string; readonly text: string };

/**
 * A final state, or a set of them: `'1:r0=1 /\\ 1:r1=0'`, any proposition that may stand in a test's condition; or
 * `'1:r0=1; 1:r1=0'`, as reports write a state, or `{ '1:r0': 1, '1:r1': 0 }`, all of which must hold.
 */
export type Outcome = string | Readonly<Record<string, number | bigint | string>>;

/** How a test is judged; the same for every function of the library. */
export interface LitmusOptions {
  /** `all`: every model that fits the test's language; `own`: that of its language. Default: `all`. */
  readonly models?: 'all' | 'own' | readonly (ModelName | OwnModel)[];
  /** Another outcome to ask for than the test's condition. */
  readonly outcome?: Outcome;
  /** How often a loop may go round. Default: 4. */
  readonly unroll?: number;
  /** What atomics of kernel C become on arm64: LSE instructions, or loops of load- and store-exclusive. Default: `lse`. */
  readonly atomics?: 'lse' | 'llsc';
  /** A macro file (`linux-kernel.def`) with the primitives of kernel C; default: the kernel's. */
  readonly macros?: LitmusInput;
  /**
   * Asked now and then; true ends the search, whose verdict is `Unknown` unless it is known by then. Default: there is no limit, and a
   * search may take long: a program that judges what others wrote should give one, `() => Date.now() > end`.
   */
  readonly expired?: () => boolean;
}

/** What the default of `unroll` stands for, and the engine's own terms for the others. */
export interface Settings {
  readonly judges: readonly Judge[] | 'all' | 'own';
  readonly macros: PrimitiveTable | null;
  readonly unroll: number;
  readonly atomics: 'lse' | 'llsc';
  readonly expired: SearchOptions['expired'];
}

/** A judged test, or what is wrong with it; `report` is null exactly if it could not be judged at all. */
export interface Judged {
  readonly source: SourceFile;
  readonly report: TestReport | null;
  readonly settings: Settings | null;
  /** Of the options and of the test; those of a model are in its report. */
  readonly diagnostics: readonly Diagnostic[];
  /** A diagnostic where the caller can look at it: in the outcome that was asked for, say. */
  readonly placed: (diagnostic: Diagnostic) => Diagnostic;
}

export function sourceOf(input: LitmusInput, name = 'test.litmus'): SourceFile {
  const source = typeof input === 'string' ? { name, text: input } : input;
  if (typeof source?.text !== 'string' || typeof source.name !== 'string')
    throw new TypeError('expected the text of a litmus test, or { name, text }');
  return { name: source.name, text: source.text };
}

/** What diagnostics call the text of an outcome. */
export const OUTCOME = 'outcome';

/** `1:r0=1 /\ 1:r1=0`; also of a state as reports write it, with `;`, which no proposition contains. */
export function outcomeText(outcome: Outcome): string {
  if (typeof outcome === 'string')
    return outcome.includes('\\/') ? outcome : outcome.replace(/;\s*$/, '').replace(/\s*;\s*/g, ' /\\ ');
  const parts = Object.entries(outcome).map(([name, value]) => `${name}=${value}`);
  return parts.length === 0 ? 'true' : parts.join(' /\\ ');
}

function readJudges(
  models: LitmusOptions['models'],
  sets: NonNullable<OwnOptions['sets']>,
  report: (diagnostic: Diagnostic) => void,
): Settings['judges'] {
  if (models === undefined) return 'all';
  if (models === 'all' || models === 'own') {
    if (!sets.includes(models))
      report(errorAt(null, 'bad-option', `\`models\` is a list of models here, not '${models}'`));
    return models;
  }
  if (!Array.isArray(models)) throw new TypeError("expected 'all', 'own', or a list of models");
  if (models.length === 0) report(errorAt(null, 'no-models', '`models` is an empty list'));
  const names = models.map((model: ModelName | OwnModel) => (typeof model === 'string' ? model : model.name));
  const twice = names.find((name: string, at: number) => names.indexOf(name) < at);
  if (twice !== undefined)
    report(errorAt(null, 'repeated-model', `two of the models are called \`${twice}\``));
  return models.flatMap((model: ModelName | OwnModel): Judge[] => {
    if (typeof model !== 'string') return [judgeOf(model)];
    if (isModelName(model)) return [model];
    const hint = didYouMean(model, modelNames) ?? `the models are ${modelNames.join(', ')}`;
    report(errorAt(null, 'unknown-model', `there is no model \`${String(model)}\``, { hint }));
    return [];
  });
}

/** Numbers among the options, by name, and the least that each may be. */
export type Numbers = Readonly<Record<string, readonly [value: number, least: number]>>;

/** Of texts and pictures. */
export const LEAST_WIDTH = 40;

/** Words among the options, by name, and those that each may be. */
export type Choices = Readonly<Record<string, readonly [value: string, known: readonly string[]]>>;

/** What every function takes that judges a test. */
const commonOptions = ['models', 'outcome', 'unroll', 'atomics', 'macros', 'expired'] as const;

/** What one function takes beside the common options, to be checked; of `others`, only the names are known. */
export interface OwnOptions {
  /** The common options that it has no use for. Absent: none. */
  readonly without?: readonly (typeof commonOptions)[number][];
  /** The words for sets of models that it takes. Default: all and own. */
  readonly sets?: readonly ('all' | 'own')[];
  readonly numbers?: Numbers;
  readonly choices?: Choices;
  readonly others?: readonly string[];
}

/** An option that nobody reads is a mistake: a limit under another name is no limit. */
function unknownOptions(
  options: object,
  { numbers, choices, others = [], without = [] }: OwnOptions,
): Diagnostic[] {
  const common = commonOptions.filter((name) => !without.includes(name));
  const known: readonly string[] = [...common, ...Object.keys({ ...numbers, ...choices }), ...others];
  return Object.entries(options).flatMap(([name, value]) => {
    if (value === undefined || known.includes(name)) return [];
    const hint = didYouMean(name, known) ?? `the options are ${known.join(', ')}`;
    return [errorAt(null, 'unknown-option', `there is no option \`${name}\``, { hint })];
  });
}

/** Options in the engine's terms. */
export function readSettings(options: LitmusOptions, own: OwnOptions = {}): Checked<Settings> {
  const diagnostics: Diagnostic[] = unknownOptions(options, own);
  const report = (diagnostic: Diagnostic): void => void diagnostics.push(diagnostic);
  const judges = readJudges(options.models, own.sets ?? ['all', 'own'], report);
  const { unroll = defaultSearchOptions.unroll, atomics = 'lse', expired } = options;
  for (const [name, [value, least]] of Object.entries({ unroll: [unroll, 1] as const, ...own.numbers }))
    if (!Number.isSafeInteger(value) || value < least)
      report(
        errorAt(null, 'bad-option', `\`${name}\` is an integer of at least ${least}, not ${String(value)}`),
      );
  const choices: Choices = { atomics: [atomics, ['lse', 'llsc']], ...own.choices };
  for (const [name, [value, known]] of Object.entries(choices))
    if (!known.includes(value)) {
      const words = known.map((word) => `'${word}'`).join(' or ');
      report(errorAt(null, 'bad-option', `\`${name}\` is ${words}, not '${String(value)}'`));
    }
  const macros = options.macros === undefined ? null : readMacros(sourceOf(options.macros, 'macros.def'));
  diagnostics.push(...(macros?.diagnostics ?? []));
  const settings: Settings = {
    judges,
    macros: macros?.value ?? null,
    unroll,
    atomics,
    expired: expired === undefined ? null : () => expired(),
  };
  return checked(settings, diagnostics);
}

function runOptionsOf({ judges, macros, unroll, atomics, expired }: Settings, mode: Mode): RunOptions {
  return { models: judges, mode, unroll, atomics, macros, now: () => 0, expiry: () => expired };
}

/** How the engine searches with these settings. */
export function searchOf({ unroll, expired }: Settings, mode: Mode = 'outcomes'): SearchOptions {
  return { mode, unroll, expired };
}

/** Judges a test as the options say. */
export function judgeInput(
  input: LitmusInput,
  options: LitmusOptions,
  { mode = 'outcomes', ...own }: OwnOptions & { readonly mode?: Mode } = {},
): Judged {
  const given = sourceOf(input);
  const asItIs = (diagnostic: Diagnostic): Diagnostic => diagnostic;
  const settings = readSettings(options, own);
  if (settings.value === null)
    return {
      source: given,
      report: null,
      settings: null,
      diagnostics: settings.diagnostics,
      placed: asItIs,
    };
  const { outcome } = options;
  const other = outcome === undefined ? null : withOutcome(given, outcomeText(outcome), OUTCOME);
  const source = other?.source ?? given;
  const report = runTest(source, runOptionsOf(settings.value, mode));
  return {
    source,
    report: report.kind === 'test' ? report : null,
    settings: settings.value,
    diagnostics: [...settings.diagnostics, ...report.diagnostics],
    placed: other?.placed ?? asItIs,
  };
}
