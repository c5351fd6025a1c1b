/** What the benchmark is asked for on its command line. */
import { parseArgs } from 'node:util';
import type { Mode } from '../search/execution.js';
import { didYouMean } from '../text/suggest.js';
import { benchModes } from './family.js';
import { JUDGED_SECONDS } from './targets.js';

export const benchHelp = `npm run bench -- [options]

Runs every family of litmus tests at growing sizes, each row in a process of its own, and prints what was found, the CPU
time from text to result, and how that compares with the reference figures and the targets. Counts, states and verdicts
are checked; a wrong one fails the run. As with the command, V8 finds its code cache warm: times have no compilation of
fencepost's own code in them, but nothing else of an earlier row.

  --only TEXT       families whose name contains TEXT; more than one may be given
  --mode MODES      count, outcomes, verdict; comma-separated (all)
  --quick           the two smallest sizes of each family
  --repeat N        measure each row N times, for the spread (1): in N rounds of all rows, printed in the last
  --limit SECONDS   CPU time for a row, after which larger sizes are skipped (10); twice its target, if that is more
  --json FILE       also write the run as JSON; if it is ended, what it has measured

Columns: n, the size; ev, events of an execution; cand., candidates looked at; ±%, half of what lies between the
fastest and the slowest repeat; ref/ours, how often our time fits into the reference tool's, in parentheses with the
options that help it most, or why a row has no end; growth, of the time when n grows by 1.

Growth of outcome mode has a target in families with few final states: from one size to the next, time grows at most as
states x events³ do. Below ${JUDGED_SECONDS} s it is not judged, and counts as met.

npm run bench -- --compare A.json B.json

Ratios B/A of two such files, row by row, with their spread over the repeats.

npm run bench -- --profile [FILES] [--repeat N]

Where the time of small tests goes, phase by phase: the medians of N runs (15), each a process of its own with V8's
code cache warm, as the command's is. Without files: the test of README's first example, and that one of litmus/ whose
time is in the middle.
`;

export interface BenchSettings {
  readonly kind: 'run';
  readonly only: readonly string[];
  readonly modes: readonly Mode[];
  readonly quick: boolean;
  readonly repeat: number;
  readonly limit: number;
  readonly json: string | null;
}

export interface Mistake {
  readonly kind: 'mistake';
  readonly message: string;
  readonly hint: string;
}

export type BenchRequest =
  | BenchSettings
  | { readonly kind: 'compare'; readonly before: string; readonly after: string }
  | { readonly kind: 'profile'; readonly files: readonly string[]; readonly runs: number }
  | { readonly kind: 'help' }
  | Mistake;

const options = {
  only: { type: 'string', multiple: true },
  mode: { type: 'string' },
  quick: { type: 'boolean' },
  repeat: { type: 'string' },
  limit: { type: 'string' },
  json: { type: 'string' },
  compare: { type: 'boolean' },
  profile: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

const SEE_HELP = 'see `npm run bench -- --help`';

function mistake(message: string, hint: string | null = null): Mistake {
  return { kind: 'mistake', message, hint: hint ?? SEE_HELP };
}

type Values = ReturnType<typeof parse>['values'];

function parse(args: readonly string[]) {
  return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
}

/** An option that does not exist, in our words; null: there is none. */
function unknownOption(args: readonly string[]): Mistake | null {
  const { tokens } = parseArgs({
    args: [...args],
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  for (const token of tokens)
    if (token.kind === 'option' && !Object.hasOwn(options, token.name)) {
      const known = Object.keys(options).map((name) => `--${name}`);
      return mistake(`unknown option \`${token.rawName}\``, didYouMean(token.rawName, known));
    }
  return null;
}

/** The options given that have no meaning with the one that says what is done. */
function needless(values: Values, action: 'compare' | 'profile', allowed: readonly string[]): string | null {
  const others = Object.keys(values).filter((name) => name !== action && !allowed.includes(name));
  return others.length === 0
    ? null
    : `--${action} does not go with ${others.map((name) => `--${name}`).join(', ')}`;
}

function readModes(text: string): readonly Mode[] | Mistake {
  const asked = text.split(',').map((mode) => mode.trim());
  const unknown = asked.find((mode) => !benchModes.some((known) => known === mode));
  if (unknown !== undefined)
    return mistake(
      `--mode: there is no mode \`${unknown}\``,
      didYouMean(unknown, benchModes) ?? `the modes are ${benchModes.join(', ')}`,
    );
  const twice = asked.find((mode, index) => asked.indexOf(mode) !== index);
  if (twice !== undefined) return mistake(`--mode names \`${twice}\` twice`, 'once is enough');
  return benchModes.filter((mode) => asked.includes(mode));
}

function readRepeat(text: string): number | Mistake {
  const repeat = Number(text);
  return Number.isInteger(repeat) && repeat >= 1
    ? repeat
    : mistake(`--repeat takes a positive integer, not \`${text}\``);
}

function readRun(values: Values, positionals: readonly string[]): BenchRequest {
  const [word] = positionals;
  if (word !== undefined)
    return mistake(
      `what is \`${word}\`?`,
      'families are chosen with --only; --compare and --profile take files',
    );
  const modes = readModes(values.mode ?? benchModes.join(','));
  if ('kind' in modes) return modes;
  const repeat = readRepeat(values.repeat ?? '1');
  if (typeof repeat !== 'number') return repeat;
  const limit = Number(values.limit ?? '10');
  if (!(limit > 0)) return mistake(`--limit takes a positive number of seconds, not \`${values.limit}\``);
  const { only = [], quick = false, json = null } = values;
  return { kind: 'run', only, modes, quick, repeat, limit, json };
}

function readComparison(values: Values, files: readonly string[]): BenchRequest {
  const wrong = needless(values, 'compare', []);
  const usage = 'write `--compare A.json B.json`, two files that --json wrote';
  if (wrong !== null) return mistake(wrong, usage);
  const [before, after] = files;
  if (before === undefined || after === undefined || files.length > 2)
    return mistake(`--compare takes two files, not ${files.length}`, usage);
  return { kind: 'compare', before, after };
}

function readProfile(values: Values, files: readonly string[]): BenchRequest {
  const wrong = needless(values, 'profile', ['repeat']);
  if (wrong !== null) return mistake(wrong, 'write `--profile [FILES] [--repeat N]`');
  const runs = readRepeat(values.repeat ?? '15');
  return typeof runs === 'number' ? { kind: 'profile', files, runs } : runs;
}

export function readBenchRequest(args: readonly string[]): BenchRequest {
  const unknown = unknownOption(args);
  if (unknown !== null) return unknown;
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return mistake(error instanceof Error ? error.message : String(error));
  }
  const { values, positionals } = parsed;
  if (values.help) return { kind: 'help' };
  if (values.compare) return readComparison(values, positionals);
  if (values.profile) return readProfile(values, positionals);
  return readRun(values, positionals);
}
