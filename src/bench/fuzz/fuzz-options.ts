/** What a fuzz run is asked for on its command line. */
import { parseArgs } from 'node:util';
import { didYouMean } from '../../text/suggest.js';
import { type FuzzKind, fuzzKinds } from './inputs.js';

export const fuzzHelp = `npm run fuzz -- [options]

Feeds random and damaged texts of every language through the whole pipeline: tests, models, macros, configurations. Each must end
in answers or in errors that point into its text. What does not is made smaller and written to a file, with how to have it again.

  --count N         inputs (10000)
  --seed N          the same inputs for the same seed (1)
  --from N          begin with this input (0): \`--seed S --from I --count 1\` repeats one of a longer run
  --only KINDS      ${fuzzKinds.join(',')}; comma-separated (all)
  --jobs N          worker threads (1)
  --timeout SECONDS for each model of an input, and each step with it (0.25)
  --memory MB       for each model of an input (256)
  --corpus FOLDER   more texts to damage; more than one may be given
  --out FOLDER      for what was found (fuzz-findings)

Exit code: 0, nothing found; 1, something; 2, bad options.
`;

export interface FuzzRequest {
  readonly count: number;
  readonly seed: number;
  readonly from: number;
  readonly kinds: readonly FuzzKind[];
  readonly jobs: number;
  readonly seconds: number;
  readonly megabytes: number;
  readonly corpora: readonly string[];
  readonly out: string;
}

export type FuzzCommand =
  | { readonly kind: 'run'; readonly request: FuzzRequest }
  | { readonly kind: 'help' }
  | { readonly kind: 'mistake'; readonly message: string; readonly hint: string | null };

const options = {
  count: { type: 'string', default: '10000' },
  seed: { type: 'string', default: '1' },
  from: { type: 'string', default: '0' },
  only: { type: 'string' },
  jobs: { type: 'string', default: '1' },
  timeout: { type: 'string', default: '0.25' },
  memory: { type: 'string', default: '256' },
  corpus: { type: 'string', multiple: true },
  out: { type: 'string', default: 'fuzz-findings' },
  help: { type: 'boolean' },
} as const;

class Mistake extends Error {
  constructor(
    message: string,
    readonly hint: string | null = null,
  ) {
    super(message);
  }
}

function numberOf(name: string, text: string, least: number, whole: boolean): number {
  const value = Number(text);
  if (
    text.trim() === '' ||
    !Number.isFinite(value) ||
    value < least ||
    (whole && !Number.isSafeInteger(value))
  )
    throw new Mistake(`--${name} takes a ${whole ? 'whole ' : ''}number from ${least} on, not \`${text}\``);
  return value;
}

function kindsOf(text: string | undefined): readonly FuzzKind[] {
  if (text === undefined) return fuzzKinds;
  return text.split(',').map((word) => {
    const kind = fuzzKinds.find((each) => each === word.trim());
    if (kind === undefined)
      throw new Mistake(
        `--only: there is no kind \`${word}\``,
        didYouMean(word, fuzzKinds) ?? `the kinds are ${fuzzKinds.join(', ')}`,
      );
    return kind;
  });
}

export function readFuzzCommand(args: readonly string[]): FuzzCommand {
  try {
    const { values } = parseArgs({ args: [...args], options });
    if (values.help) return { kind: 'help' };
    const request: FuzzRequest = {
      count: numberOf('count', values.count, 1, true),
      seed: numberOf('seed', values.seed, 0, true),
      from: numberOf('from', values.from, 0, true),
      kinds: kindsOf(values.only),
      jobs: numberOf('jobs', values.jobs, 1, true),
      seconds: numberOf('timeout', values.timeout, 0.01, false),
      megabytes: numberOf('memory', values.memory, 16, true),
      corpora: values.corpus ?? [],
      out: values.out,
    };
    return { kind: 'run', request };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { kind: 'mistake', message, hint: error instanceof Mistake ? error.hint : null };
  }
}
