/**
 * Data to a project file's configuration, or what is wrong with it: the path of the field and what was expected there.
 *
 * By zod, from whose schema comes the JSON schema, too. Where a field stands in the file is for the caller to say: JSON knows, code does not.
 */
import { z } from 'zod';
import { type Checked, checked, type Diagnostic, errorAt } from '../text/diagnostic.js';
import type { Span } from '../text/source.js';
import { didYouMean } from '../text/suggest.js';
import { expectedVerdicts } from '../verdict/report.js';
import type { ExpectedText, FencepostConfig } from './project-config.js';

const expectedTexts: readonly ExpectedText[] = [
  ...expectedVerdicts,
  ...expectedVerdicts.map((verdict): ExpectedText => `${verdict} DATARACE`),
  'nothing',
];

const VERDICT =
  'one of "Never", "Sometimes", "Always", "Deadlock", "Maybe" (" DATARACE" behind it: and a data race), "nothing"';

const expectedText = z.enum(expectedTexts);
const texts = z.union([z.string(), z.array(z.string())]);
const positive = z.number().positive();

function field<T extends z.ZodType>(type: T, describe: string) {
  return type.describe(describe).exactOptional();
}

const limits = z.strictObject({
  timeout: field(positive, 'Seconds'),
  memory: field(positive, 'Megabytes'),
});

/** Strict: a misspelt field is an error. */
const schema = z.strictObject({
  $schema: field(z.string(), 'The JSON schema, for editors'),
  tests: field(texts, 'Litmus files, folders of them, patterns: what `fencepost check` checks'),
  exclude: field(texts, 'Patterns of files that are no tests after all'),
  models: field(texts, 'lkmm, arm64, x86, sc, or model files; default: all that fit'),
  conf: field(z.string(), "herd's configuration file"),
  bell: field(z.string(), 'The bell file of a model file'),
  macros: field(z.string(), 'A macro file: primitives of kernel C'),
  include: field(texts, 'Folders to search for included files'),
  variants: field(texts, 'What `if "NAME"` in a model file finds chosen'),
  compileTo: field(z.enum(['arm64', 'x86']), 'What model files judge of C tests: their assembly'),
  atomics: field(z.enum(['lse', 'llsc']), 'How kernel atomics compile to arm64; default: lse'),
  unroll: field(z.int().positive(), 'How often a loop may go round'),
  limits: field(limits, 'For each test and model; what is open then is undecided'),
  baseline: field(z.string(), 'Where `fencepost baseline` keeps all final states'),
  requireExpectations: field(z.boolean(), 'A test of which nothing is expected is an error'),
  expectations: field(
    z.record(z.string(), z.union([expectedText, z.record(z.string(), expectedText)])),
    "By file or pattern: what is expected beside or in place of a test's comment; the last that fits counts",
  ),
}) satisfies z.ZodType<FencepostConfig>;

/** The JSON schema of `fencepost.config.json`. */
export function configJsonSchema(): object {
  return { title: "fencepost's project file", ...z.toJSONSchema(schema, { target: 'draft-7' }) };
}

type ConfigPath = readonly PropertyKey[];

/** `expectations["race.litmus"].lkmm`. */
function pathText(path: ConfigPath): string {
  return path
    .map((part, i) => {
      if (typeof part === 'number') return `[${part}]`;
      const name = String(part);
      if (/^[A-Za-z_$][\w$]*$/.test(name)) return i === 0 ? name : `.${name}`;
      return `[${JSON.stringify(name)}]`;
    })
    .join('');
}

function valueAt(data: unknown, path: ConfigPath): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null
        ? (value as Readonly<Record<PropertyKey, unknown>>)[part]
        : undefined,
    data,
  );
}

/** `"Nevr"`, `12`, `a list`, `an object`. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value === 'function') return 'a function';
  return JSON.stringify(value) ?? String(value);
}

interface Mistake {
  readonly path: ConfigPath;
  readonly expected: string;
  readonly hint: string | null;
}

const types: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

/** What a union's branches say: of the one that fits the value's own type, if there is one, its mistakes; else what each expects. */
function unionMistakes(path: ConfigPath, branches: readonly z.core.$ZodIssue[][], data: unknown): Mistake[] {
  const nested = branches.map((issues) =>
    issues.map((issue) => ({ ...issue, path: [...path, ...issue.path] }) as z.core.$ZodIssue),
  );
  const isOfOtherType = (issue: z.core.$ZodIssue): boolean =>
    issue.path.length === path.length &&
    (issue.code === 'invalid_type' ||
      (issue.code === 'invalid_value' && typeof valueAt(data, path) !== 'string'));
  const fitting = nested.find((issues) => !issues.some(isOfOtherType));
  if (fitting !== undefined) return fitting.flatMap((issue) => mistakesOf(issue, data));
  const expected = nested.flatMap((issues) => issues.flatMap((issue) => mistakesOf(issue, data)));
  return [{ path, expected: [...new Set(expected.map((each) => each.expected))].join(', or '), hint: null }];
}

function mistakesOf(issue: z.core.$ZodIssue, data: unknown): Mistake[] {
  const { path } = issue;
  const one = (expected: string, hint: string | null = null): Mistake[] => [{ path, expected, hint }];
  switch (issue.code) {
    case 'invalid_type':
      return one(types[issue.expected] ?? issue.expected);
    case 'invalid_value': {
      const found = valueAt(data, path);
      const names = issue.values.map(String);
      const hint = typeof found === 'string' ? didYouMean(found, names) : null;
      const list = names.map((name) => `"${name}"`).join(', ');
      return one(names.includes('nothing') ? VERDICT : `one of ${list}`, hint);
    }
    case 'too_small':
      return one('a positive number');
    case 'invalid_union':
      return unionMistakes(path, issue.errors, data);
    default:
      return one(issue.message);
  }
}

/** Where a field's value stands in the file, or its name; null: nowhere in particular. */
export type LocateField = (path: ConfigPath, part: 'name' | 'value') => Span | null;

const fields = Object.keys(schema.shape);
const limitFields = ['timeout', 'memory'];

/** To find where a mistake stands takes a look at the whole file. */
const MOST_MISTAKES = 100;

function unknownFields(
  issue: z.core.$ZodIssueUnrecognizedKeys,
  file: string,
  locate: LocateField,
): Diagnostic[] {
  const known = issue.path.length === 0 ? fields.filter((name) => name !== '$schema') : limitFields;
  return issue.keys.slice(0, MOST_MISTAKES).map((key) => {
    const path = [...issue.path, key];
    const hint = limitFields.includes(key)
      ? `write \`limits: { ${key}: ... }\``
      : (didYouMean(key, known) ?? `the fields are ${known.join(', ')}`);
    const message = `unknown field \`${pathText(path)}\``;
    return diagnose(file, locate(path, 'name'), 'unknown-field', message, hint);
  });
}

function diagnose(
  file: string,
  span: Span | null,
  code: string,
  message: string,
  hint: string | null,
): Diagnostic {
  return errorAt(span, code, span === null ? `${file}: ${message}` : message, { hint });
}

/** `data`: what the file `file` has for its value. */
export function readConfig(data: unknown, file: string, locate: LocateField): Checked<FencepostConfig> {
  const { data: value, error } = schema.safeParse(data);
  if (value !== undefined) return checked(value, []);
  const diagnostics = error.issues.slice(0, MOST_MISTAKES).flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') return unknownFields(issue, file, locate);
    return mistakesOf(issue, data).map(({ path, expected, hint }) => {
      const what = path.length === 0 ? 'the project file must be' : `\`${pathText(path)}\` must be`;
      const message = `${what} ${expected}, not ${shown(valueAt(data, path))}`;
      return diagnose(file, locate(path, 'value'), 'project-file', message, hint);
    });
  });
  return { value: null, diagnostics };
}
