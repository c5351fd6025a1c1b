/** Litmus tests as values of a test suite: a template literal, a text or a file, and how they are judged. */
import type { LitmusOptions } from '../api/judge-input.js';
import type { OwnModel } from '../api/own-model.js';
import type { ModelName } from '../verdict/model-choice.js';

/** A litmus test that {@link LitmusMatchers} ask about. It never changes: each method gives another one. */
export interface LitmusTest {
  readonly kind: 'litmus-test';
  /** What messages call it. */
  readonly name: string;
  readonly text: string;
  /** Null: the model of the test's own language. */
  readonly models: readonly (ModelName | OwnModel)[] | null;
  /** For all models together. */
  readonly seconds: number;
  readonly options: Pick<LitmusOptions, 'unroll' | 'atomics' | 'macros'>;
  readonly ignoresDataRaces: boolean;
  /**
   * The test under these models, instead of that of its own language (lkmm for kernel C). What is expected is expected of each of
   * them, also behind `.not`.
   */
  readonly under: (...models: readonly (ModelName | OwnModel)[]) => LitmusTest;
  /** Seconds that judging may take, for all models together; what is open then fails. Default: 10. */
  readonly within: (seconds: number) => LitmusTest;
  /** Further options: how often loops go round, what atomics are compiled to, other primitives of C. */
  readonly with: (options: Pick<LitmusOptions, 'unroll' | 'atomics' | 'macros'>) => LitmusTest;
  /** Asks about outcomes although plain accesses race, which voids what the kernel's model promises. */
  readonly ignoringDataRaces: () => LitmusTest;
}

/** What {@link litmus} is: a tag of template literals, and a function. */
export interface LitmusTag {
  (parts: TemplateStringsArray, ...values: readonly (string | number | bigint)[]): LitmusTest;
  (text: string, name?: string): LitmusTest;
  /** The test in a file, by its path from the working directory. Not in browsers: there, import the text and call `litmus(text)`. */
  readonly file: (path: string) => LitmusTest;
}

/** Long for a search, and short for a reader: what takes longer is a test for `fencepost check`. */
const SECONDS = 10;

type Data = Omit<LitmusTest, 'kind' | 'under' | 'within' | 'with' | 'ignoringDataRaces'>;

function litmusTest(data: Data): LitmusTest {
  return {
    kind: 'litmus-test',
    ...data,
    under: (...models) => litmusTest({ ...data, models }),
    within: (seconds) => litmusTest({ ...data, seconds: checkedSeconds(seconds) }),
    with: (options) => litmusTest({ ...data, options: { ...data.options, ...options } }),
    ignoringDataRaces: () => litmusTest({ ...data, ignoresDataRaces: true }),
  };
}

function checkedSeconds(seconds: number): number {
  if (typeof seconds === 'number' && seconds > 0) return seconds;
  throw new TypeError(`within() takes a positive number of seconds, not ${String(seconds)}`);
}

/** What a matcher received as a test; null: it is none. */
export function asLitmusTest(received: unknown): LitmusTest | null {
  if (typeof received === 'string') return fromText(received, 'test.litmus');
  if (typeof received !== 'object' || received === null) return null;
  const { kind, name, text } = received as Readonly<Record<string, unknown>>;
  if (kind === 'litmus-test') return received as LitmusTest;
  return typeof name === 'string' && typeof text === 'string' ? fromText(text, name) : null;
}

function fromText(text: string, name: string): LitmusTest {
  return litmusTest({
    name,
    text,
    models: null,
    seconds: SECONDS,
    options: {},
    ignoresDataRaces: false,
  });
}

/** The text as it is written, so that `/\` needs no second backslash; only a backtick and `${` do. */
function fromTemplate(
  { raw }: TemplateStringsArray,
  values: readonly (string | number | bigint | undefined)[],
): LitmusTest {
  const parts = raw.map((part, at) => {
    const value = values[at];
    if (at < raw.length - 1 && !['string', 'number', 'bigint'].includes(typeof value))
      throw new TypeError(`litmus\`...\` takes texts and numbers, not ${typeof value}`);
    return `${part.replace(/\\(`|\$\{)/g, '$1')}${value === undefined ? '' : String(value)}`;
  });
  return fromText(parts.join(''), 'inline.litmus');
}

/** The layers of the library import no part of Node, so that they load in browsers; where there is one, it is asked. */
function readFromNode(path: string): string {
  const fs = globalThis.process?.getBuiltinModule?.('node:fs');
  if (fs === undefined) throw new Error('litmus.file() needs Node; import the text, and call litmus(text)');
  return fs.readFileSync(path, 'utf8');
}

function tag(
  first: TemplateStringsArray | string,
  ...values: readonly (string | number | bigint | undefined)[]
): LitmusTest {
  if (typeof first !== 'string') return fromTemplate(first, values);
  const [name] = values;
  return fromText(first, typeof name === 'string' ? name : 'test.litmus');
}

/**
 * A litmus test as a value, to be expected something of: a template literal, or a text, or a file.
 *
 * The template is taken as it is written: `/\` needs no second backslash, and nothing is unindented, for no language of litmus tests
 * minds. Texts and numbers may be filled in. What is wrong with the test is said by the matcher that asks about it.
 *
 * @throws TypeError, if something else is filled in than texts and numbers; what the file system throws, from `litmus.file()`
 * @example
 * ```ts
 * import { litmus } from 'fencepost/vitest';
 * import { expect } from 'vitest';
 *
 * const publish = (barrier: string) => litmus`
 *   C publish
 *   { }
 *   P0(int *data, int *ready) { WRITE_ONCE(*data, 1); ${barrier} WRITE_ONCE(*ready, 1); }
 *   P1(int *data, int *ready) { int r0; int r1; r0 = smp_load_acquire(ready); r1 = READ_ONCE(*data); }
 *   exists (1:r0=1 /\ 1:r1=0)`;
 *
 * await expect(publish('smp_wmb();')).toForbid();
 * await expect(publish('').under('arm64')).toAllow('1:r0=1 /\\ 1:r1=0');
 * await expect(publish('').under('x86', 'sc')).toForbid({ '1:r0': 1, '1:r1': 0 });
 * ```
 */
export const litmus: LitmusTag = Object.assign(tag, {
  file: (path: string): LitmusTest => fromText(readFromNode(path), path),
});
