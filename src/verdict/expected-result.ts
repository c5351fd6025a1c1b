/**
 * What a reference tool said of a folder of tests: the format of `expected.json`, by file name relative to the folder.
 *
 * Two kinds of entries: herd7's report as data (states, numbers of executions as printed, so swapped for ~exists, flags), or,
 * of tests that herd7 does not finish, only whether what the condition asks is so (`condition_reachable`).
 */
import { type Checked, checked, type Diagnostic, errorAt } from '../text/diagnostic.js';
import type { SourceFile } from '../text/source.js';

export interface FullResult {
  readonly kind: 'full';
  /** The first line of herd7's report: exists, ~exists, forall. */
  readonly question: 'Allowed' | 'Forbidden' | 'Required';
  readonly observation: 'Never' | 'Sometimes' | 'Always';
  readonly positive: number;
  readonly negative: number;
  readonly flags: readonly string[];
  /** Lines of herd7's report. */
  readonly states: readonly string[];
}

/** The answer to the quantified question. */
export interface AnswerOnly {
  readonly kind: 'answer';
  readonly yes: boolean;
}

export type ExpectedResult = FullResult | AnswerOnly;

const questions = ['Allowed', 'Forbidden', 'Required'] as const;
const observations = ['Never', 'Sometimes', 'Always'] as const;

function oneOf<T extends string>(names: readonly T[], value: unknown): T | null {
  return names.find((name) => name === value) ?? null;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** One entry, or null if it is neither of the two kinds. */
function readEntry(entry: unknown): ExpectedResult | null {
  if (typeof entry !== 'object' || entry === null) return null;
  const fields = entry as Readonly<Record<string, unknown>>;
  const { condition_reachable: yes, positive, negative, flags, states } = fields;
  if (typeof yes === 'boolean') return { kind: 'answer', yes };
  const question = oneOf(questions, fields.kind);
  const observation = oneOf(observations, fields.observation);
  if (question === null || observation === null || !isCount(positive) || !isCount(negative)) return null;
  if (!isTexts(flags) || !isTexts(states)) return null;
  return { kind: 'full', question, observation, positive, negative, flags, states };
}

/** The entries of an `expected.json`, in its order. */
export function readExpectedResults(source: SourceFile): Checked<ReadonlyMap<string, ExpectedResult>> {
  let data: unknown;
  try {
    data = JSON.parse(source.text);
  } catch {
    const message = `${source.name}: this is not JSON`;
    return { value: null, diagnostics: [errorAt(null, 'expected-results', message)] };
  }
  const isObject = typeof data === 'object' && data !== null && !Array.isArray(data);
  const results = new Map<string, ExpectedResult>();
  const diagnostics: Diagnostic[] = [];
  for (const [file, entry] of Object.entries(isObject ? (data as object) : {})) {
    const result = readEntry(entry);
    if (result !== null) results.set(file, result);
    else
      diagnostics.push(
        errorAt(null, 'expected-results', `${source.name}: the entry of ${file} is no result of a test`, {
          hint: 'an entry has kind, observation, positive, negative, flags and states, or condition_reachable alone',
        }),
      );
  }
  if (Object.keys(isObject ? (data as object) : {}).length === 0)
    diagnostics.push(
      errorAt(null, 'expected-results', `${source.name}: expected an object with an entry for each test`),
    );
  return checked(results, diagnostics);
}
