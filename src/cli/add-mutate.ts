/** The options of `fencepost mutate`. */
import { modelNames } from '../verdict/model-choice.js';
import { textOrJson } from './add-barriers.js';
import type { Outcome, Parser } from './command-line.js';
import { exitCodeHelp } from './exit-code.js';
import { modelFileOptions, option } from './options.js';
import type { Terminal } from './terminal.js';

/** What counts as guarded, for people. The argument for it is in check/barrier-name.ts. */
const rules = `Each barrier, lock and ordered access is weakened, one at a time and to every weaker form. It is
guarded if every form makes some expectation fail: a verdict, or a data race.

A barrier is guarded by any of the tests that has the same one: a thread of the same function, by the
comment in front of it (// try_to_wake_up(p)), with the same primitive on the same field, and, for
smp_mb() and its like, with the same access before it or behind it; for a lock, with the same first
or last access under it. A comment that names no function counts within its folder. Without a
comment, only the test itself can guard its barriers.

A test may say that a barrier is meant to be unguarded, with a reason; such barriers are counted apart:

   * Unguarded: P1 smp_mb(): shown to be no help
   * Unguarded: P0 smp_mb() -> smp_wmb(): the question is about the stores alone
   * Unguarded: P0 raw_spin_lock(&p->pi_lock) #2: the second of two

Here 1 means: a barrier is unguarded, a test is not as expected to begin with, or a line says
Unguarded: of what its test notices.`;

export function addMutate(parser: Parser, terminal: Terminal, outcome: Outcome): Parser {
  return parser.command(
    'mutate <files..>',
    'Which barriers could be weakened without any test noticing?',
    (command) =>
      command
        .positional('files', { ...option.files, demandOption: true })
        .option('model', {
          ...option.models,
          describe: `Models, comma-separated: ${modelNames.join(',')}, or files: my.cat (default: all of which something is expected)`,
        })
        .options(modelFileOptions)
        .option('format', textOrJson)
        .option('all', {
          type: 'boolean',
          default: false,
          describe: 'Also list what is noticed, with the verdict under each model',
        })
        .option('plain', {
          type: 'boolean',
          default: false,
          describe: 'Also make READ_ONCE() and WRITE_ONCE() plain accesses, one by one',
        })
        .option('atomics', option.atomics)
        .option('unroll', option.unroll)
        .option('timeout', {
          ...option.timeout,
          describe: 'Seconds for each changed test and model; what is open then is said to be',
        })
        .option('jobs', option.jobs)
        .example('$0 mutate litmus/', 'the barriers that no test guards, and a score')
        .example('$0 mutate fix.litmus --all', 'every weaker form, and which models notice it')
        .example('$0 mutate litmus/ --model lkmm --format json', 'for scripts, under one model')
        .epilogue(`${rules}\n\n${exitCodeHelp}`),
    async (argv) => {
      const { mutateCommand } = await import('./mutate-command.js');
      outcome.code = await mutateCommand(argv, terminal, outcome.worker);
    },
  );
}
