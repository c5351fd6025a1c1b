/** The options of `fencepost diff`. */
import { modelNames } from '../verdict/model-choice.js';
import { textOrJson } from './add-barriers.js';
import type { Outcome, Parser } from './command-line.js';
import { option } from './options.js';
import type { Terminal } from './terminal.js';

const exitCodeHelp = [
  'Exit codes:',
  '  0   no difference (tests that are new since --from are none)',
  '  1   a verdict, an outcome or a flag differs, or a test is only on one side',
  '  2   bad input: a file, an option, a revision',
  '  3   a limit was hit (unroll bound, time): there may be more',
  '  70  internal error',
  '  130 interrupted (143: terminated); what was done is printed',
].join('\n');

/** An option's values, in an object: given twice, it is about the two sides. */
export interface Sides {
  readonly values: readonly string[];
}

const twice = {
  type: 'string',
  requiresArg: true,
  coerce: (value: string | readonly string[]): Sides => ({ values: [value].flat() }),
} as const;

export function addDiff(parser: Parser, terminal: Terminal, outcome: Outcome): Parser {
  return parser.command(
    'diff <files..>',
    'Which outcomes appeared or vanished, and which barrier was it?',
    (command) =>
      command
        .positional('files', {
          type: 'string',
          array: true,
          demandOption: true,
          describe: 'Two tests, folders of tests, or logs of herd7 or litmus7; the earlier first',
        })
        .option('from', {
          type: 'string',
          requiresArg: true,
          describe: 'Compare with this revision in git: main, HEAD~1; v1..v2 for two of them',
        })
        .option('model', {
          ...twice,
          alias: 'm',
          describe: `Models, comma-separated: ${modelNames.join(',')}, or files; twice: compare these two`,
        })
        .option('conf', { ...twice, describe: `${option.conf.describe}; twice: compare these two` })
        .option('bell', { ...twice, describe: `${option.bell.describe}; twice: one for each model` })
        .option('macros', { ...twice, describe: `${option.macros.describe}; twice: one for each model` })
        .option('include', option.include)
        .option('variant', option.variant)
        .option('compile-to', option.compileTo)
        .option('pictures', {
          type: 'boolean',
          default: false,
          describe:
            'Show all outcomes with their executions, and of those that vanished the cycle that forbids them',
        })
        .option('format', textOrJson)
        .option('atomics', option.atomics)
        .option('unroll', option.unroll)
        .option('timeout', option.timeout)
        .option('jobs', option.jobs)
        .example('$0 diff before.litmus after.litmus', 'two versions of a test, under every model')
        .example('$0 diff litmus/ --from main', 'all tests of a folder, against a branch')
        .example('$0 diff race.litmus --from HEAD~1 --pictures', 'and why what vanished is forbidden now')
        .example('$0 diff --model old.cat --model new.cat litmus/', 'which tests tell two models apart')
        .example(
          '$0 diff --conf v1/linux-kernel.cfg --conf v2/linux-kernel.cfg litmus/',
          'the same of two kernels',
        )
        .example('$0 diff herd.log litmus/', "herd7's answers against ours")
        .example('$0 diff herd.log litmus7.log', 'a machine against a model, as mcompare7 does')
        .epilogue(exitCodeHelp),
    async (argv) => {
      const { diffCommand } = await import('./diff-command.js');
      outcome.code = await diffCommand(argv, terminal, outcome.worker);
    },
  );
}
