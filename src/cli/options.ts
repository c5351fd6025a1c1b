/** The options that commands share. */
import { modelNames } from '../verdict/model-choice.js';

/** An option's value that is not one. */
export class OptionError extends Error {}

function positive(name: string, what: string, accepts: (value: number) => boolean) {
  return (value: string): number => {
    const number = Number(value);
    if (number > 0 && accepts(number)) return number;
    throw new OptionError(`--${name} must be ${what}, not ${JSON.stringify(value)}`);
  };
}

/** yargs collects a repeated option into an array; which of the values is meant is not ours to guess. */
export function refuseRepeated(argv: Readonly<Record<string, unknown>>): true {
  const repeated = Object.keys(argv).find(
    (key) => Array.isArray(argv[key]) && key !== '_' && key !== 'files',
  );
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
  oneModel: { choices: modelNames, requiresArg: true, alias: 'm', describe: 'The model that judges' },
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
    describe: 'How often a loop may go round',
  },
  timeout: {
    type: 'string',
    requiresArg: true,
    coerce: positive('timeout', 'a positive number of seconds', Number.isFinite),
    describe: 'Seconds for each test and model; what is open then is Unknown',
  },
  out: { type: 'string', alias: 'o', default: 'out', requiresArg: true, describe: 'The folder to write to' },
  target: {
    choices: ['arm64', 'x86'],
    demandOption: true,
    requiresArg: true,
    describe: 'The architecture',
  },
} as const;
