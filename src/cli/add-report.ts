/** The options of `fencepost report`. */
import { modelNames } from '../verdict/model-choice.js';
import type { Outcome, Parser } from './command-line.js';
import { exitCodeHelp } from './exit-code.js';
import { modelFileOptions, option } from './options.js';
import { addTechniques, techniqueHelp, techniquesFrom } from './technique-options.js';
import type { Terminal } from './terminal.js';

export function addReport(parser: Parser, terminal: Terminal, outcome: Outcome): Parser {
  return parser.command(
    'report <files..>',
    'Make an HTML page of tests: outcomes, all executions to step through, and why',
    (command) =>
      addTechniques(command)
        .positional('files', { ...option.files, demandOption: true })
        .option('model', {
          ...option.models,
          describe: `Models, comma-separated: ${modelNames.join(',')}, or files: my.cat (default: all that fit)`,
        })
        .options(modelFileOptions)
        .option('out', { ...option.out, describe: 'The folder to write to, or the page: NAME.html' })
        .option('atomics', option.atomics)
        .option('unroll', option.unroll)
        .option('timeout', option.timeout)
        .example('$0 report race.litmus', 'writes out/NAME.html, one file that needs no network')
        .example('$0 report litmus/handoff -o handoff.html', 'every test below a folder on one page')
        .epilogue(`${techniqueHelp}\n\n${exitCodeHelp}`),
    async (argv) => {
      const { reportCommand } = await import('./report-command.js');
      outcome.code = await reportCommand({ ...argv, techniques: techniquesFrom(argv) }, terminal);
    },
  );
}
