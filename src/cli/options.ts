/** The options that commands share. */

import type { ModelRequest } from '../io/load-models.js';
import { defaultUnfoldOptions } from '../unfold/unfold.js';
import { readShard, type Shard } from './shard.js';

/** An option's value that is not one. */
export class OptionError extends Error {}

export function positive(name: string, what: string, accepts: (value: number) => boolean) {
  return (value: string): number => {
    const number = Number(value);
    if (number > 0 && accepts(number)) return number;
    throw new OptionError(`--${name} must be ${what}, not ${JSON.stringify(value)}`);
  };
}

function shard(text: string): Shard {
  const read = readShard(text);
  if (read !== null) return read;
  throw new OptionError(
    `--shard must be the part and the number of parts, such as 2/3, not ${JSON.stringify(text)}`,
  );
}

const repeatable: readonly string[] = ['_', 'files', 'I', 'include', 'reporter', 'reports', 'variant'];

/** yargs collects a repeated option into an array; which of the values is meant is not ours to guess. */
export function refuseRepeated(argv: Readonly<Record<string, unknown>>): true {
  const repeated = Object.keys(argv).find((key) => Array.isArray(argv[key]) && !repeatable.includes(key));
  if (repeated !== undefined) throw new OptionError(`--${repeated} is given twice`);
  return true;
}

export const option = {
  files: {
    type: 'string',
    array: true,
    describe: 'Litmus files, folders of them, quoted patterns, or - for standard input',
  },
  file: { type: 'string', describe: 'A litmus file, or - for standard input' },
  models: { type: 'string', requiresArg: true, alias: 'm' },
  conf: {
    type: 'string',
    requiresArg: true,
    describe: "herd's configuration file: which model, bell and macro files belong together",
  },
  bell: { type: 'string', requiresArg: true, describe: 'The bell file of a model file: declares its tags' },
  macros: {
    type: 'string',
    requiresArg: true,
    describe: 'A macro file (linux-kernel.def): primitives of kernel C',
  },
  include: {
    type: 'string',
    alias: 'I',
    requiresArg: true,
    coerce: (value: string | readonly string[]): readonly string[] => [value].flat(),
    describe: 'A folder to search for included files, after that of the including file; repeatable',
  },
  variant: {
    type: 'string',
    requiresArg: true,
    coerce: (value: string | readonly string[]): readonly string[] =>
      [value].flat().flatMap((names) => names.split(',')),
    describe: 'What `if "NAME"` in a model file finds chosen; repeatable',
  },
  compileTo: {
    choices: ['arm64', 'x86'],
    requiresArg: true,
    describe:
      "What model files judge of C tests: their assembly (default: by the model's title; else kernel C)",
  },
  mode: {
    choices: ['outcomes', 'count', 'verdict'],
    default: 'outcomes',
    requiresArg: true,
    describe: 'Each final state once; exact numbers of executions; only the verdict',
  },
  format: {
    choices: ['table', 'herd', 'json'],
    default: 'table',
    requiresArg: true,
    describe: "For people; herd7's report (counts; by default under the test's own model); JSON",
  },
  atomics: {
    choices: ['lse', 'llsc'],
    default: 'lse',
    requiresArg: true,
    describe: 'How kernel atomics compile to arm64',
  },
  unroll: {
    type: 'string',
    requiresArg: true,
    coerce: positive('unroll', 'a positive integer', Number.isInteger),
    describe: `How often a loop may go round (default: ${defaultUnfoldOptions.unroll})`,
  },
  timeout: {
    type: 'string',
    requiresArg: true,
    coerce: positive('timeout', 'a positive number of seconds', Number.isFinite),
    describe: 'Seconds for each test and model; what is open then is Unknown',
  },
  memory: {
    type: 'string',
    requiresArg: true,
    coerce: positive('memory', 'a positive number of megabytes', Number.isFinite),
    describe: 'Megabytes for each test and model; what is open then is Unknown',
  },
  jobs: {
    type: 'string',
    alias: 'j',
    requiresArg: true,
    coerce: positive('jobs', 'a positive integer', Number.isInteger),
    describe: 'Worker threads (default: one for each core, if there is work for them)',
  },
  shard: {
    type: 'string',
    requiresArg: true,
    coerce: shard,
    describe: 'Only this of n parts of the files, such as 2/3; `merge` joins their JSON reports',
  },
  output: {
    type: 'string',
    requiresArg: true,
    describe:
      'Write the report to this file, whole, when all is done; a journal beside it keeps what is done',
  },
  resume: {
    type: 'boolean',
    default: false,
    describe: 'Go on with a run to the same --output that was interrupted or killed',
  },
  out: { type: 'string', alias: 'o', default: 'out', requiresArg: true, describe: 'The folder to write to' },
  target: {
    choices: ['arm64', 'x86'],
    demandOption: true,
    requiresArg: true,
    describe: 'The architecture',
  },
} as const;

/** What the options say of models. */
export interface ModelArguments {
  readonly model: string | undefined;
  readonly conf: string | undefined;
  readonly bell: string | undefined;
  readonly macros: string | undefined;
  readonly include: readonly string[] | undefined;
  readonly variant: readonly string[] | undefined;
  readonly compileTo: 'arm64' | 'x86' | undefined;
}

export function modelRequest(args: ModelArguments): ModelRequest {
  return {
    model: args.model ?? null,
    conf: args.conf ?? null,
    bell: args.bell ?? null,
    macros: args.macros ?? null,
    includes: args.include ?? [],
    variants: args.variant ?? [],
    compileTo: args.compileTo ?? null,
  };
}

/** What a command that is judged by files of the user's takes beside `--model`. */
export const modelFileOptions = {
  conf: option.conf,
  bell: option.bell,
  macros: option.macros,
  include: option.include,
  variant: option.variant,
  'compile-to': option.compileTo,
} as const;
