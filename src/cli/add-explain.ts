/** The options of `fencepost explain`. */
import { modelNames } from '../verdict/model-choice.js';
import { textOrJson } from './add-barriers.js';
import type { Outcome, Parser } from './command-line.js';
import { modelFileOptions, OptionError, option, positive } from './options.js';
import type { Terminal } from './terminal.js';

const exitCodeHelp = [
  'Exit codes:',
  '  0   explained',
  '  2   bad input: a file, an option, a name',
  '  3   a limit was hit: a verdict, or its reason, is open',
  '  70  internal error; with --audit, also an explanation that does not hold',
].join('\n');

function depth(value: string): number {
  if (value === 'all') return Number.POSITIVE_INFINITY;
  const number = Number(value);
  if (Number.isInteger(number) && number >= 0) return number;
  throw new OptionError(`--depth must be a number of levels or all, not ${JSON.stringify(value)}`);
}

export function addExplain(parser: Parser, terminal: Terminal, outcome: Outcome): Parser {
  return parser.command(
    'explain <file>',
    'Why is the outcome forbidden, or how does it come about?',
    (command) =>
      command
        .positional('file', { ...option.file, demandOption: true })
        .option('model', {
          ...option.models,
          describe: `Models, comma-separated: ${modelNames.join(',')}, or files: my.cat (default: all that fit)`,
        })
        .option('outcome', {
          type: 'string',
          requiresArg: true,
          describe: "Explain this outcome instead of the condition's: '1:r0=1 /\\ 1:r1=0'",
        })
        .option('format', textOrJson)
        .option('depth', {
          type: 'string',
          default: '0',
          requiresArg: true,
          coerce: depth,
          describe: "How many of the model's definitions deep each step is unfolded, or all",
        })
        .option('most', {
          type: 'string',
          default: '3',
          requiresArg: true,
          coerce: positive('most', 'a positive integer', Number.isInteger),
          describe: 'How many arguments against a forbidden outcome are given at most',
        })
        .option('audit', {
          type: 'boolean',
          default: false,
          describe: 'Check every fact of the explanation anew, and say how many hold',
        })
        .options(modelFileOptions)
        .option('atomics', option.atomics)
        .option('unroll', option.unroll)
        .option('timeout', option.timeout)
        .example('$0 explain race.litmus --model arm64', 'how the outcome comes about')
        .example('$0 explain fix.litmus -m lkmm --depth all', "down to the model's definitions")
        .example("$0 explain t.litmus --outcome 'x=1 /\\ y=1'", 'another outcome than the one asked for')
        .epilogue(exitCodeHelp),
    async (argv) => {
      const { explainCommand } = await import('./explain-command.js');
      outcome.code = await explainCommand(argv, terminal);
    },
  );
}
