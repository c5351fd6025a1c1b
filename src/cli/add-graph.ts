/** The options of `fencepost graph`. */
import { modelNames } from '../verdict/model-choice.js';
import type { Outcome, Parser } from './command-line.js';
import { exitCodeHelp } from './exit-code.js';
import { modelFileOptions, option } from './options.js';
import { addTechniques, techniqueHelp, techniquesFrom } from './technique-options.js';
import type { Terminal } from './terminal.js';

export function addGraph(parser: Parser, terminal: Terminal, outcome: Outcome): Parser {
  return parser.command(
    'graph <files..>',
    'Draw the execution that proves it, or the cycle that forbids it',
    (command) =>
      addTechniques(command)
        .positional('files', { ...option.files, demandOption: true })
        .option('model', {
          ...option.models,
          describe: `The model that judges: ${modelNames.join(', ')}, or a file: my.cat; several: side by side`,
        })
        .options(modelFileOptions)
        .option('outcomes', {
          choices: ['condition', 'all'] as const,
          default: 'condition' as const,
          requiresArg: true,
          describe: 'What the condition asks for; or one picture for each final state, allowed or forbidden',
        })
        .option('hide', {
          type: 'string',
          requiresArg: true,
          describe: 'Relations to leave out: po,co',
        })
        .option('show', {
          type: 'string',
          requiresArg: true,
          describe: 'Relations of the model to draw, too: ppo,hb',
        })
        .option('highlight', {
          type: 'string',
          default: 'cycle',
          requiresArg: true,
          describe: 'The cycle that forbids it; none; a relation; or statements by their lines: P0:12,P1:21',
        })
        .option('format', {
          type: 'string',
          requiresArg: true,
          describe: 'text on standard output, svg and dot as files, comma-separated (default: all)',
        })
        .option('style', {
          choices: ['statements', 'accesses'] as const,
          requiresArg: true,
          describe: 'In text: as written, or [W] x = 1 (default: whichever fits)',
        })
        .option('out', { ...option.out, describe: 'The folder to write to; - for standard output' })
        .option('atomics', option.atomics)
        .option('unroll', option.unroll)
        .option('timeout', option.timeout)
        .example(
          '$0 graph race.litmus --model arm64',
          'prints it as text, and writes out/NAME.arm64.svg and .dot',
        )
        .example('$0 graph race.litmus -m lkmm --format text', 'for a mail: 80 columns, nothing written')
        .example('$0 graph race.litmus --model lkmm,x86', 'the same test under two models, side by side')
        .example('$0 graph race.litmus fixed.litmus -m lkmm', 'before and after, side by side')
        .example(
          '$0 graph race.litmus -m lkmm --outcomes all',
          'NAME.lkmm.1.svg, NAME.lkmm.2.svg ...; of a second test of that name NAME.2.lkmm.1.svg ...',
        )
        .example('$0 graph t.litmus -m lkmm --show ppo,hb', "the model's own relations")
        .epilogue(`${techniqueHelp}\n\n${exitCodeHelp}`),
    async (argv) => {
      const { graphCommand } = await import('./graph-command.js');
      outcome.code = await graphCommand({ ...argv, techniques: techniquesFrom(argv) }, terminal);
    },
  );
}
