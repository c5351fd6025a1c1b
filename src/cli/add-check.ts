/** The options of `fencepost check` and `fencepost baseline`. */
import type { Outcome, Parser } from './command-line.js';
import { exitCodeHelp } from './exit-code.js';
import { modelFileOptions, OptionError, option } from './options.js';
import { reporterHelp, reporterOption } from './reporter-option.js';
import type { Terminal } from './terminal.js';

/** What both commands take: each replaces what the project file says of it. */
export const planOptions = {
  config: {
    type: 'string',
    requiresArg: true,
    describe: 'The project file (default: fencepost.config.ts or .json, here or above; --no-config: none)',
  },
  baseline: {
    type: 'string',
    requiresArg: true,
    describe: 'The file of recorded outcomes (default: fencepost.baseline; --no-baseline: none)',
  },
  model: {
    ...option.models,
    describe: "Models, comma-separated, or files: my.cat (default: the project file's, or all that fit)",
  },
  ...modelFileOptions,
  // no default of their own: the project file has a say
  atomics: { choices: option.atomics.choices, requiresArg: true, describe: option.atomics.describe },
  unroll: option.unroll,
  timeout: option.timeout,
  memory: option.memory,
  jobs: option.jobs,
} as const;

export const files = {
  ...option.files,
  describe:
    "Litmus files, folders of them (not node_modules), quoted patterns (default: the project file's tests)",
} as const;

/** yargs makes `false` of `--no-config`, which the type does not say. */
export function orNone(value: unknown): string | false | undefined {
  return value === false || typeof value === 'string' ? value : undefined;
}

function refuseTogether(argv: {
  readonly watch: boolean;
  readonly shard: unknown;
  readonly reporter: unknown;
  readonly resume: boolean;
}): true {
  if (argv.watch && argv.shard !== undefined)
    throw new OptionError('--watch is of all tests, --shard of some');
  if (argv.watch && argv.resume)
    throw new OptionError('--watch begins anew at every change: it takes no --resume');
  if (argv.watch && argv.reporter !== undefined)
    throw new OptionError('--watch is for people: it takes no --reporter');
  return true;
}

const expectationHelp = [
  'What is expected comes from',
  '  a comment:        (* Result: Never *), Result(arm64, x86): Sometimes; of lkmm, Result: Sometimes DATARACE',
  '  the project file: expectations: { "litmus/race.litmus": { lkmm: "Never" }, "old/*": "nothing" },',
  '                    with paths from its folder; it goes before the comment',
  '  the baseline:     all final states, as `fencepost baseline` recorded them',
].join('\n');

/** That checking runs code of the folder's. */
export const configHelp = [
  'A project file of code (fencepost.config.ts, .mts, .js, .mjs) is found and run by itself, with all your',
  'rights; one of JSON is only read, and names files of its repository alone, unless --config names it.',
  'In a folder that you do not trust: --no-config.',
].join('\n');

const fileHelp = [
  'Files of --reporter NAME=FILE are written whole, when all tests are done. Meanwhile FILE.journal,',
  'beside the first of them, keeps what is done: after a kill, the same command with --resume checks',
  'only the rest, and what has changed.',
].join('\n');

const checkExitCodeHelp = exitCodeHelp.replace(
  /^ {2}1 .*$/m,
  '  1   something differs from what is expected',
);

export function addCheck(parser: Parser, terminal: Terminal, outcome: Outcome): Parser {
  return parser.command(
    'check [files..]',
    'Is everything as the comments, the project file and the baseline say? Prints what differs',
    (command) =>
      command
        .positional('files', files)
        .options(planOptions)
        .option('reporter', reporterOption)
        .option('shard', option.shard)
        .option('resume', {
          ...option.resume,
          describe: 'Go on with a check to the same --reporter NAME=FILE that was interrupted or killed',
        })
        .option('require-expectations', {
          type: 'boolean',
          describe: 'A test of which nothing is expected is an error',
        })
        .option('watch', {
          type: 'boolean',
          default: false,
          alias: 'w',
          describe: 'Check again what changes, until Ctrl-C or q',
        })
        .option('quiet', {
          type: 'boolean',
          default: false,
          alias: 'q',
          describe: 'No last line where all is as expected',
        })
        .check(refuseTogether)
        .example('$0 check', "the project file's tests")
        .example('$0 check litmus/ --model lkmm', 'every test below a folder, under one model')
        .example('$0 check --watch', 'again at every change')
        .example('$0 check --reporter human --reporter junit=report.xml', 'for people, and for a CI server')
        .example(
          '$0 check --shard 2/3 --reporter json=2.json',
          'a third of the tests; `merge` joins the reports',
        )
        .epilogue(
          `${expectationHelp}\n\n${configHelp}\n\n${reporterHelp}\nWithout one: human, and github on GitHub (GITHUB_ACTIONS=true).\n\n${fileHelp}\n\n${checkExitCodeHelp}`,
        ),
    async (argv) => {
      const args = { ...argv, config: orNone(argv.config), baseline: orNone(argv.baseline) };
      const command = argv.watch
        ? (await import('./watch-command.js')).watchCommand
        : (await import('./check-command.js')).checkCommand;
      outcome.code = await command(args, terminal, outcome.worker);
    },
  );
}

export function addBaseline(parser: Parser, terminal: Terminal, outcome: Outcome): Parser {
  return parser.command(
    'baseline [files..]',
    'Record all final states of tests, for `check` to compare with',
    (command) =>
      command
        .positional('files', files)
        .options(planOptions)
        .option('prune', {
          type: 'boolean',
          default: false,
          describe:
            'Also drop what is stale: tests that are gone, or are not among those of the project file',
        })
        .option('check', {
          type: 'boolean',
          default: false,
          describe: 'Write nothing: exit code 1 if the file would change, or has stale entries',
        })
        .example('$0 baseline', "records the project file's tests")
        .example('$0 baseline fixed.litmus', 'only what this one ends in now')
        .epilogue(
          [
            'The file is text with a line for each state: `git diff` shows which appeared and vanished.',
            'What time or memory cut short is not recorded; the bound on loops is a part of the record.',
            '',
            configHelp,
            '',
            checkExitCodeHelp.replace(
              /^ {2}1 .*$/m,
              '  1   with --check: the file would change, or has stale entries',
            ),
          ].join('\n'),
        ),
    async (argv) => {
      const { baselineCommand } = await import('./baseline-command.js');
      const { config, baseline } = argv;
      outcome.code = await baselineCommand(
        { ...argv, config: orNone(config), baseline: orNone(baseline) },
        terminal,
        outcome.worker,
      );
    },
  );
}
