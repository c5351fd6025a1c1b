/** A terminal that keeps what is written to it, for the tests of the commands. */
import { runCommandLine } from './command-line.js';
import type { ExitCode } from './exit-code.js';
import type { Terminal } from './terminal.js';

export interface Transcript {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

export const plainTerminal: Terminal = {
  out: () => {},
  err: () => {},
  width: Number.POSITIVE_INFINITY,
  unicode: false,
  colours: { out: false, err: false },
  interactive: false,
};

/** Runs one command line as the shell would, without a process of its own. */
export async function fencepost(
  args: readonly string[],
  like: Terminal = plainTerminal,
  worker: URL | null = null,
): Promise<Transcript> {
  let out = '';
  let err = '';
  const terminal: Terminal = {
    ...like,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
  };
  const code = await runCommandLine(args, terminal, worker);
  return { code, out, err };
}
