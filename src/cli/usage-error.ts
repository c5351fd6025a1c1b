/** What is wrong with a command line, in our words: those of yargs speak of its own notions, and name no way out. */
import { didYouMean } from '../text/suggest.js';

export class UsageError extends Error {
  constructor(
    message: string,
    /** Null: the command's help has it. */
    readonly hint: string | null = null,
  ) {
    super(message);
  }
}

function plain(text: string): string {
  return text.replace(/^"|"$/g, '');
}

/** `Argument: mode, Given: "cuont", Choices: "outcomes", "count"`. */
function wrongChoice(message: string): UsageError | null {
  const found = /^ *Argument: (\S+), Given: (.*), Choices: (.*)$/m.exec(message);
  if (found === null) return null;
  const [, option = '', given = '', choices = ''] = found;
  const names = choices.split(', ').map(plain);
  return new UsageError(
    `--${option} must be one of ${names.join(', ')}, not ${given}`,
    didYouMean(plain(given), names),
  );
}

/** The name of an option as it was given: `--no-fromat=3` is one of `fromat`. */
function optionName(arg: string): string | null {
  return /^--?(?:no-)?([^=]+)/.exec(arg)?.[1] ?? null;
}

/** Of several the first is told: what is behind it may be its value. */
function unknownArgument(
  message: string,
  args: readonly string[],
  options: readonly string[],
): UsageError | null {
  const [, names] = /^Unknown arguments?: (.*)$/.exec(message) ?? [];
  const first = names?.split(', ')[0];
  if (first === undefined) return null;
  if (!args.some((arg) => optionName(arg) === first)) return new UsageError(`\`${first}\` is one too many`);
  const dashes = first.length === 1 ? '-' : '--';
  const hint = didYouMean(`${dashes}${first}`, options);
  return new UsageError(`there is no option \`${dashes}${first}\``, hint);
}

/** `options`: those that the command has, with their dashes. */
export function usageError(message: string, args: readonly string[], options: readonly string[]): UsageError {
  const known = wrongChoice(message) ?? unknownArgument(message, args, options);
  if (known !== null) return known;
  if (message.startsWith('Not enough non-option arguments')) return new UsageError('A FILE is missing.');
  if (message.startsWith('Too many non-option arguments'))
    return new UsageError('There are too many arguments.');
  const [, bare] = /^Not enough arguments following: (\S+)$/.exec(message) ?? [];
  if (bare !== undefined) return new UsageError(`--${bare} needs a value`);
  const [, missing] = /^Missing required arguments?: (\S+)$/.exec(message) ?? [];
  return new UsageError(missing === undefined ? message : `--${missing} is missing`);
}

/** The options that a command's help lists. */
export function optionsIn(help: string): readonly string[] {
  return [...help.matchAll(/^ {2}(?:-\w, | {4})(--[\w-]+)/gm)].map(([, name]) => name!);
}
