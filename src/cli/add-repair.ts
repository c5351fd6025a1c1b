/** The options of `fencepost repair`. */
import { textOrJson, weakModels, wholeTimeout } from './add-barriers.js';
import type { Outcome, Parser } from './command-line.js';
import { exitCodeHelp } from './exit-code.js';
import { modelFileOptions, option, positive } from './options.js';
import type { Terminal } from './terminal.js';

export function addRepair(parser: Parser, terminal: Terminal, outcome: Outcome): Parser {
  return parser.command(
    'repair <file>',
    'Which barriers would exclude the outcome? As diffs of the test',
    (command) =>
      command
        .positional('file', { ...option.file, demandOption: true })
        .option('model', { ...option.models, describe: weakModels })
        .option('max-changes', {
          type: 'string',
          default: '2',
          requiresArg: true,
          coerce: positive('max-changes', 'a positive integer', Number.isInteger),
          describe: 'How many changes a set may have',
        })
        .option('all', { type: 'boolean', default: false, describe: 'Show all sets, not the first ten' })
        .option('format', textOrJson)
        .options(modelFileOptions)
        .option('atomics', option.atomics)
        .option('unroll', option.unroll)
        .option('timeout', wholeTimeout)
        .example('$0 repair race.litmus', 'minimal sets that make it Never on lkmm, arm64 and x86')
        .example('$0 repair race.litmus --model arm64', 'what arm64 alone needs')
        .example('$0 repair race.litmus --max-changes 3', 'look at larger sets, too')
        .epilogue(
          `A change puts a barrier between two statements, or orders or marks an access; a data race is ended, too, if that can be. Costs are ranks, not cycles.\n\n${exitCodeHelp}`,
        ),
    async (argv) => {
      const { repairCommand } = await import('./repair-command.js');
      outcome.code = await repairCommand(argv, terminal);
    },
  );
}
