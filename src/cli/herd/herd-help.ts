/** The help of `fencepost-herd`. */
import { displayWidth } from '../../verdict/text-layout.js';
import { onlyDefault, withoutEffect } from './herd-options.js';

const WIDTH = 78;

function wrap(words: readonly string[], indent: string): string {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && displayWidth(`${last} ${word}`) <= WIDTH)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(indent + word);
  }
  return lines.join('\n');
}

export function herdHelp(): string {
  const defaults = [...onlyDefault].map(([option, value]) => `${option} ${value},`);
  return `fencepost-herd [OPTION...] [FILE...]

fencepost in the place of herd7, for scripts that call it:
  ln -s "$(which fencepost-herd)" ~/bin/herd7
Then the kernel's own tools/memory-model/scripts run with it. Without a FILE, names are
read from standard input; a FILE whose name begins with @ is a list of names.

Models:
  -conf FILE       a configuration (linux-kernel.cfg), which names the others
  -model FILE      a cat file (also -cat), or lkmm, arm64, x86, sc; without any, the
                   model of the test's language: C is kernel C, judged by lkmm
  -bell FILE       the bell file of a cat file
  -macros FILE     the macro file (linux-kernel.def)
  -I DIR           a folder to search for included files; repeatable
  -set-libdir DIR  likewise, after all -I
  -variant NAMES   what \`if "NAME"\` in the model files finds chosen

Search:
  -unroll N        how often a loop may go round
  -timeout SECONDS for each test; one that takes longer has no report

Output:
  -show WHICH      pictures of prop, neg, cond, wit, all, none (default): one for each
                   final state
  -o DIR           write them to DIR/TEST.dot, of a second file of that name, which
                   herd7 would write over the first, DIR/TEST.2.dot; -o - to standard
                   output
  -suffix TEXT     DIR/TESTsuffix.dot
  -nshow N         at most so many of a test (-showone true: one)
  -q               no warnings
  -exit true       stop at the first error
  -version, -help

Taken and without effect (pictures have fencepost's own look):
${wrap(withoutEffect, '  ')}
Taken with herd7's default only, for others would change the results:
${wrap(defaults, '  ').slice(0, -1)}
All other options are errors.

Exit codes (a verdict is none, whatever the test's \`Result:\` says: scripts judge it):
  0   all is read and judged
  2   bad input: an option, a file that is no test, an unknown primitive
  3   a limit was hit (loops, time): an answer is missing or incomplete
  70  internal error
`;
}
