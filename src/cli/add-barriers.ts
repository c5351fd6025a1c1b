/** The options of `fencepost barriers`. */
import type { Outcome, Parser } from './command-line.js';
import { exitCodeHelp } from './exit-code.js';
import { modelFileOptions, option } from './options.js';
import type { Terminal } from './terminal.js';

/** What `barriers` and `repair` call the models that they look at by default. */
export const weakModels =
  'Models, comma-separated, or files: my.cat (default: lkmm,arm64,x86, as far as they fit)';

export const textOrJson = {
  choices: ['text', 'json'],
  default: 'text',
  requiresArg: true,
  describe: 'For people, or JSON',
} as const;

export const wholeTimeout = {
  ...option.timeout,
  describe: 'Seconds in all; what is open then is said to be',
} as const;

export function addBarriers(parser: Parser, terminal: Terminal, outcome: Outcome): Parser {
  return parser.command(
    'barriers <file>',
    'Which barriers, locks and ordered accesses does the answer depend on?',
    (command) =>
      command
        .positional('file', { ...option.file, demandOption: true })
        .option('model', { ...option.models, describe: weakModels })
        .option('format', textOrJson)
        .option('plain', {
          type: 'boolean',
          default: false,
          describe: 'Also make READ_ONCE() and WRITE_ONCE() plain accesses, one by one',
        })
        .options(modelFileOptions)
        .option('atomics', option.atomics)
        .option('unroll', option.unroll)
        .option('timeout', wholeTimeout)
        .example(
          '$0 barriers fix.litmus',
          'each weakened and removed: needed, redundant, needed only on arm64',
        )
        .example('$0 barriers fix.litmus --format json', 'the same for scripts')
        .epilogue(
          `A primitive is redundant if the verdict on the test's own question is the same without it.\n\n${exitCodeHelp}`,
        ),
    async (argv) => {
      const { barriersCommand } = await import('./barriers-command.js');
      outcome.code = await barriersCommand(argv, terminal);
    },
  );
}
