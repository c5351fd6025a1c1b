/** What the benchmark is asked for on its command line. */
import { parseArgs } from 'node:util';
import type { Mode } from '../search/execution.js';
import { benchModes } from './family.js';

export const benchHelp = `npm run bench -- [options]

Runs every family of litmus tests at growing sizes, each row in a process of its own, and prints what was found, the CPU
time from text to result, and how that compares with the reference figures and the targets. Counts, states and verdicts are
checked; a wrong one fails the run.

  --only TEXT       families whose name contains TEXT; more than one may be given
  --mode MODES      count, outcomes, verdict; comma-separated (all)
  --quick           the two smallest sizes of each family
  --repeat N        measure each row N times, for the spread (1)
  --limit SECONDS   CPU time for a row, after which larger sizes are skipped (10); twice its target, if that is more
  --json FILE       also write the run as JSON

npm run bench -- --compare A.json B.json

Ratios B/A of two such files, row by row, with their spread over the repeats.

npm run bench -- --profile [FILES] [--repeat N]

Where the time of small tests goes, phase by phase: the medians of N runs (15), each a process of its own. Without files: the
test of README's first example, and that one of litmus/ whose time is in the middle.
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

export type BenchRequest =
  | BenchSettings
  | { readonly kind: 'compare'; readonly before: string; readonly after: string }
  | { readonly kind: 'profile'; readonly files: readonly string[]; readonly runs: number }
  | { readonly kind: 'help' }
  | { readonly kind: 'mistake'; readonly message: string };

const options = {
  only: { type: 'string', multiple: true, default: [] as string[] },
  mode: { type: 'string', default: benchModes.join(',') },
  quick: { type: 'boolean', default: false },
  repeat: { type: 'string' },
  limit: { type: 'string', default: '10' },
  json: { type: 'string' },
  compare: { type: 'boolean', default: false },
  profile: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

function mistake(message: string): BenchRequest {
  return { kind: 'mistake', message };
}

type Values = ReturnType<typeof parse>['values'];

function readSettings(values: Values, repeat: number): BenchRequest {
  const asked = values.mode.split(',');
  const modes = benchModes.filter((mode) => asked.includes(mode));
  if (modes.length !== asked.length) return mistake(`--mode takes ${benchModes.join(', ')}`);
  const limit = Number(values.limit);
  if (!(limit > 0)) return mistake('--limit takes a positive number of seconds');
  const { only, quick, json = null } = values;
  return { kind: 'run', only, modes, quick, repeat, limit, json };
}

export function readBenchRequest(args: readonly string[]): BenchRequest {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return mistake(error instanceof Error ? error.message : String(error));
  }
  const { values, positionals } = parsed;
  if (values.help) return { kind: 'help' };
  if (values.compare) {
    const [before, after, ...more] = positionals;
    if (before === undefined || after === undefined || more.length > 0)
      return mistake('--compare takes two files that --json wrote');
    return { kind: 'compare', before, after };
  }
  const repeat = Number(values.repeat ?? (values.profile ? 15 : 1));
  if (!Number.isInteger(repeat) || repeat < 1) return mistake('--repeat takes a positive integer');
  if (values.profile) return { kind: 'profile', files: positionals, runs: repeat };
  if (positionals.length > 0)
    return mistake(`what is ${JSON.stringify(positionals[0])}? Families are chosen with --only`);
  return readSettings(values, repeat);
}

function parse(args: readonly string[]) {
  return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
}
