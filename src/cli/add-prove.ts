/** The options of `fencepost prove`. */
import { modelNames } from '../verdict/model-choice.js';
import type { Outcome, Parser } from './command-line.js';
import { modelFileOptions, option, positive } from './options.js';
import type { Terminal } from './terminal.js';

const exitCodeHelp = [
  'Exit codes:',
  '  0   the claim holds: the document is written',
  '  1   the claim does not hold: no document; what speaks against it is printed',
  '  2   bad input: a file, an option, a name',
  '  3   a limit was hit: nothing is claimed, and no document is written',
  '  70  internal error',
].join('\n');

export function addProve(parser: Parser, terminal: Terminal, outcome: Outcome): Parser {
  return parser.command(
    'prove <file>',
    'Write a document that proves what a model says of a test',
    (command) =>
      command
        .positional('file', { ...option.file, demandOption: true })
        .option('model', {
          ...option.models,
          describe: `The model that judges: ${modelNames.join(',')}, or a file: my.cat`,
        })
        .option('expect', {
          choices: ['never', 'sometimes', 'always'] as const,
          demandOption: true,
          requiresArg: true,
          describe: 'The claim: no, some but not all, all allowed executions satisfy the condition',
        })
        .option('out', {
          type: 'string',
          alias: 'o',
          requiresArg: true,
          describe: 'The Markdown file; its pictures go beside it (default: standard output, no drawings)',
        })
        .option('cases', {
          type: 'string',
          default: '5000',
          requiresArg: true,
          coerce: positive('cases', 'a positive integer', Number.isInteger),
          describe:
            'How many candidate executions are gone through one by one; of more, the search has the word',
        })
        .options(modelFileOptions)
        .option('atomics', option.atomics)
        .option('unroll', option.unroll)
        .option('timeout', option.timeout)
        .example(
          '$0 prove fix.litmus -m lkmm --expect never',
          'every case refuted; with -o FILE, with drawings',
        )
        .example('$0 prove t.litmus -m x86 --expect sometimes', 'an execution that ends so, and another')
        .epilogue(exitCodeHelp),
    async (argv) => {
      const { proveCommand } = await import('./prove-command.js');
      outcome.code = await proveCommand(argv, terminal);
    },
  );
}
