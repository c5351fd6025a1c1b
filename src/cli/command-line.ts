/**
 * The command line: which commands and options there are, and their help.
 *
 * Handlers are loaded when their command runs, so that start-up pays only for what is used.
 */
import yargs, { type Argv } from 'yargs';
import { STANDARD_INPUT } from '../io/read-source.js';
import { didYouMean } from '../text/suggest.js';
import { modelNames } from '../verdict/model-choice.js';
import { addBarriers } from './add-barriers.js';
import { addBaseline, addCheck } from './add-check.js';
import { addDiff } from './add-diff.js';
import { addExplain } from './add-explain.js';
import { addGraph } from './add-graph.js';
import { addMutate } from './add-mutate.js';
import { addProve } from './add-prove.js';
import { addRepair } from './add-repair.js';
import { addReport } from './add-report.js';
import { type ExitCode, exitCodeHelp, exitCodes } from './exit-code.js';
import { reportInternalError } from './internal-error.js';
import { modelFileOptions, OptionError, option, refuseRepeated } from './options.js';
import { reporterHelp, reporterOption } from './reporter-option.js';
import { addTechniques, techniqueHelp, techniquesFrom } from './technique-options.js';
import type { Terminal } from './terminal.js';
import { optionsIn, UsageError, usageError } from './usage-error.js';
import { version } from './version.js';
import { Ended } from './within.js';

/** A handler's exit code, kept for the end: yargs does not return it. */
export interface Outcome {
  code: ExitCode;
  /** The script of worker threads; null: there is none. */
  readonly worker: URL | null;
}

export type Parser = Argv<{ debug: boolean }>;

const models = modelNames.join(',');

function addRun(parser: Parser, terminal: Terminal, outcome: Outcome): Parser {
  return parser.command(
    'run <files..>',
    'Which final states does each model allow?',
    (command) =>
      addTechniques(command)
        .positional('files', { ...option.files, demandOption: true })
        .option('model', {
          ...option.models,
          describe: `Models, comma-separated: ${models}, or files: my.cat (default: all that fit)`,
        })
        .options(modelFileOptions)
        .option('mode', option.mode)
        .option('format', option.format)
        .option('atomics', option.atomics)
        .option('unroll', option.unroll)
        .option('timeout', option.timeout)
        .option('memory', option.memory)
        .option('jobs', option.jobs)
        .option('shard', option.shard)
        .option('output', option.output)
        .option('resume', option.resume)
        .option('graph', {
          type: 'string',
          requiresArg: true,
          describe:
            'Also draw the executions into this folder: NAME.MODEL.svg, of a second test of that name NAME.2',
        })
        .option('explain', {
          type: 'boolean',
          default: false,
          describe: 'Also say why, with a picture, and what would exclude the outcome',
        })
        .example('$0 run race.litmus', 'a table: one column per model')
        .example('$0 run race.litmus --explain', 'and why, and which one-line change forbids it')
        .example('$0 run litmus/wound-wait --model lkmm,arm64', 'every test below a folder, under two models')
        .example('$0 run t.litmus --mode count', 'count the executions, too')
        .example('$0 run t.litmus --format herd', "herd7's report")
        .example('$0 run race.litmus --graph out', 'draw witnesses and forbidden cycles')
        .example('$0 run litmus/ --timeout 10 --memory 2000', 'what takes longer or more is Unknown')
        .example('$0 run litmus/ --shard 2/3 --format json', 'a third of them; `merge` joins the reports')
        .example('$0 run litmus/ --output report.txt', 'into a file; --resume goes on after a kill')
        .example('$0 run t.litmus --model lkmm,my.cat', "beside a model of one's own")
        .example('$0 run t.litmus --conf linux-kernel.cfg', "by the kernel's own files")
        .epilogue(`${techniqueHelp}\n\n${exitCodeHelp}`),
    async (argv) => {
      const { runCommand } = await import('./run-command.js');
      outcome.code = await runCommand(
        { ...argv, techniques: techniquesFrom(argv) },
        terminal,
        outcome.worker,
      );
    },
  );
}

function addCompile(parser: Parser, terminal: Terminal, outcome: Outcome): Parser {
  return parser.command(
    'compile <file>',
    "Translate kernel C to assembly, by the kernel's own primitives",
    (command) =>
      command
        .positional('file', { ...option.file, demandOption: true })
        .option('to', option.target)
        .option('atomics', option.atomics)
        .option('macros', option.macros)
        .example('$0 compile race.litmus --to arm64', 'an AArch64 litmus test on standard output')
        .example('$0 compile - --to arm64 --atomics llsc', 'standard input, without LSE instructions')
        .epilogue(exitCodeHelp),
    async (argv) => {
      const { compileCommand } = await import('./compile-command.js');
      outcome.code = await compileCommand(argv, terminal);
    },
  );
}

const fmtExitCodeHelp = [
  'Exit codes:',
  '  0   done',
  '  1   with --check: a file is not formatted',
  '  2   bad input: a file that is no test, or that cannot be printed without loss',
  '  70  internal error',
].join('\n');

function addFmt(parser: Parser, terminal: Terminal, outcome: Outcome): Parser {
  return parser.command(
    'fmt <files..>',
    'Print tests in the house style',
    (command) =>
      command
        .positional('files', { ...option.files, demandOption: true })
        .option('check', {
          type: 'boolean',
          default: false,
          describe: 'Only list the files that would change',
        })
        .option('write', { type: 'boolean', default: false, describe: 'Change the files in their places' })
        .example('$0 fmt race.litmus', 'C, sketches and assembly, with their comments')
        .example('$0 fmt --check litmus/', 'for a test: fails if a file would change')
        .example('$0 fmt --write litmus/', 'writes them')
        .epilogue(fmtExitCodeHelp),
    async (argv) => {
      const { fmtCommand } = await import('./fmt-command.js');
      outcome.code = await fmtCommand(argv, terminal);
    },
  );
}

function addMerge(parser: Parser, terminal: Terminal, outcome: Outcome): Parser {
  return parser.command(
    'merge <reports..>',
    'Join the JSON reports of the shards of a run or a check',
    (command) =>
      command
        .positional('reports', {
          type: 'string',
          array: true,
          demandOption: true,
          describe: 'What `run --shard I/N --format json` or `check --shard I/N --reporter json` wrote',
        })
        .option('reporter', {
          ...reporterOption,
          describe: 'Of checks: NAME, or NAME=FILE; repeatable. Default: json',
        })
        .option('output', { ...option.output, describe: 'Write the report to this file, whole' })
        .example('$0 merge 1.json 2.json', 'the report that a single run would have written')
        .example('$0 merge part-*.json --reporter human', 'what differs in any part, and one summary')
        .epilogue(`${reporterHelp}\n\n${exitCodeHelp}`),
    async (argv) => {
      const { mergeCommand } = await import('./merge-command.js');
      outcome.code = await mergeCommand(argv, terminal);
    },
  );
}

function addModels(parser: Parser, terminal: Terminal, outcome: Outcome): Parser {
  return parser.command(
    'models',
    'List the models',
    (command) => command.example('$0 models', 'name, tests that it fits, title'),
    async () => {
      const { modelsCommand } = await import('./models-command.js');
      outcome.code = modelsCommand(terminal);
    },
  );
}

function addCommon(parser: Argv): Parser {
  return parser
    .scriptName('fencepost')
    .usage('$0 COMMAND\n\nWhich outcomes do arm64, x86 and the Linux kernel memory model allow, and why?')
    .option('debug', { type: 'boolean', default: false, hidden: true })
    .completion('completion', 'Print a completion script for bash or zsh')
    .example('$0 run race.litmus', 'the verdict under every model')
    .example('$0 COMMAND --help', 'options and examples of a command')
    .epilogue(exitCodeHelp)
    .demandCommand(1, 1, 'A command is missing.')
    .strict()
    .check(refuseRepeated)
    .detectLocale(false)
    .version(version)
    .help()
    .alias('help', 'h')
    .wrap(100);
}

/** What yargs says is wrong. It reports the exceptions of handlers, too: those are for the caller. */
class Refusal extends Error {}

const adders = new Map([
  ['run', addRun],
  ['explain', addExplain],
  ['graph', addGraph],
  ['barriers', addBarriers],
  ['repair', addRepair],
  ['check', addCheck],
  ['baseline', addBaseline],
  ['mutate', addMutate],
  ['diff', addDiff],
  ['prove', addProve],
  ['report', addReport],
  ['compile', addCompile],
  ['fmt', addFmt],
  ['merge', addMerge],
  ['models', addModels],
]);

/** The parser of a command line. What starts with a command needs no other. */
function buildParser(args: readonly string[], terminal: Terminal, outcome: Outcome): Parser {
  const named = adders.get(args[0] ?? '');
  let parser = addCommon(yargs());
  for (const add of named === undefined ? adders.values() : [named]) parser = add(parser, terminal, outcome);
  return parser.exitProcess(false).fail((message, error) => {
    // yargs' own errors, and what it makes of an option's `coerce`, are the user's; all others are a handler's.
    throw error === undefined || error.name === 'YError' ? new Refusal(message ?? error.message) : error;
  });
}

const commands = [...adders.keys(), 'completion'];

/** What is wrong with the first word, which yargs would take for an argument of no command. */
function unknownCommand(args: readonly string[]): UsageError | null {
  const [word] = args;
  if (word === undefined || word.startsWith('-') || commands.includes(word)) return null;
  const isFile = /[./\\]/.test(word);
  const hint = isFile ? `to judge a file, write \`fencepost run ${word}\`` : didYouMean(word, commands);
  return new UsageError(`unknown command \`${word}\``, hint);
}

function helpFor(args: readonly string[]): string {
  const command = args.find((arg) => commands.includes(arg));
  return `see \`fencepost ${command === undefined ? '' : `${command} `}--help\``;
}

/** Runs a command line; what yargs prints itself, which is help. */
async function parse(args: readonly string[], terminal: Terminal, outcome: Outcome): Promise<string> {
  let printed = '';
  await buildParser(args, terminal, outcome).parseAsync(args, {}, (_error, _argv, output) => {
    printed = output;
  });
  return printed;
}

async function explained(
  { message }: Refusal,
  args: readonly string[],
  terminal: Terminal,
): Promise<UsageError> {
  const [command] = args;
  const isKnown = command !== undefined && adders.has(command);
  const outcome: Outcome = { code: exitCodes.ok, worker: null };
  const help = isKnown ? await parse([command, '--help'], terminal, outcome) : '';
  return usageError(message, args, optionsIn(help));
}

/** Something was ended before it had a result. */
function sayEnded(terminal: Terminal): ExitCode {
  terminal.err('Unknown (limit: time limit): the test is too large for what is asked of it\n');
  return exitCodes.limit;
}

/**
 * Runs one command line (without `node` and the script) and gives its exit code. Never throws. `worker`: the built script of worker
 * threads (run-worker.ts); without it, all is done in this thread.
 */
export async function runCommandLine(
  args: readonly string[],
  terminal: Terminal,
  worker: URL | null = null,
): Promise<ExitCode> {
  const outcome: Outcome = { code: exitCodes.ok, worker };
  try {
    const unknown = unknownCommand(args);
    if (unknown !== null) throw unknown;
    // yargs drops a lone dash among the arguments.
    const named = args.map((arg) => (arg === '-' ? STANDARD_INPUT : arg));
    const printed = await parse(named, terminal, outcome);
    if (printed !== '') terminal.out(`${printed}\n`);
    return outcome.code;
  } catch (caught) {
    const error = caught instanceof Refusal ? await explained(caught, args, terminal) : caught;
    if (error instanceof UsageError || error instanceof OptionError) {
      const hint = (error instanceof UsageError ? error.hint : null) ?? helpFor(args);
      terminal.err(`error: ${error.message}\n  hint: ${hint}\n`);
      return exitCodes.input;
    }
    if (error instanceof Ended) return sayEnded(terminal);
    reportInternalError(error, args.includes('--debug'), terminal);
    return exitCodes.internal;
  }
}
