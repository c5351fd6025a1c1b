/** The options of `fencepost mutate`. */
import { textOrJson } from './add-barriers.js';
import { files, orNone, planOptions } from './add-check.js';
import type { Outcome, Parser } from './command-line.js';
import { exitCodeHelp } from './exit-code.js';
import { option } from './options.js';
import type { Terminal } from './terminal.js';

/** What counts as guarded, for people. The argument for it is in check/barrier-name.ts. */
const rules = `Each barrier, lock and ordered access is weakened, one at a time and to every weaker form.
It is guarded if every form makes some expectation fail: a verdict, a data race, or, with a
baseline, any final state. Expectations are those of \`check\`.

A barrier is guarded by any of the tests that has the same one: a thread of the same functions,
by the comment in front of it (// try_to_wake_up(p)), or of some of them and no others; with
the same primitive on the same field; and, for smp_mb() and its like, with the same access
before it or behind it, for a lock, with the same first or last access under it. A comment that
names no function counts within its folder. Without a comment, only the test itself can guard
its barriers.

A test may say that a barrier is meant to be unguarded, with a reason; such barriers are
counted apart:

   * Unguarded: P1 smp_mb(): shown to be no help
   * Unguarded: P0 smp_mb() -> smp_wmb(): the question is about the stores alone
   * Unguarded: P0 raw_spin_lock(&p->pi_lock) #2: the second of two`;

const mutateExitCodeHelp = exitCodeHelp
  .replace(/^ {2}0 .*$/m, '  0   every barrier is guarded, or declared unguarded')
  .replace(
    /^ {2}1 .*$/m,
    '  1   a barrier is unguarded, a test is not as expected as it stands, or declares what it refutes',
  );

export function addMutate(parser: Parser, terminal: Terminal, outcome: Outcome): Parser {
  return parser.command(
    'mutate [files..]',
    'Which barriers could be weakened without any test noticing?',
    (command) =>
      command
        .positional('files', files)
        .options(planOptions)
        .option('timeout', {
          ...option.timeout,
          describe: 'Seconds for each changed test and model; what is open then is said to be',
        })
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
        .option('output', option.output)
        .option('resume', option.resume)
        .example('$0 mutate', "the barriers that none of the project file's tests guards, and a score")
        .example('$0 mutate fix.litmus --all', 'every weaker form, and which models notice it')
        .example('$0 mutate litmus/ --model lkmm --format json', 'for scripts, under one model')
        .example('$0 mutate --output guards.txt', 'into a file; --resume goes on after a kill')
        .epilogue(`${rules}\n\n${mutateExitCodeHelp}`),
    async (argv) => {
      const { mutateCommand } = await import('./mutate-command.js');
      const { config, baseline } = argv;
      outcome.code = await mutateCommand(
        { ...argv, config: orNone(config), baseline: orNone(baseline) },
        terminal,
        outcome.worker,
      );
    },
  );
}
