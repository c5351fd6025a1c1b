/** The command with the real terminal: its exit code, and a closed pipe that is nobody's error. */
import { runCommandLine } from './command-line.js';
import { processTerminal } from './terminal.js';

export { runCommandLine };

export async function main(): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // `fencepost run ... | head`: the reader has seen enough.
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    throw error;
  });
  // Set, not exited with: what was written to a pipe must still get out.
  process.exitCode = await runCommandLine(process.argv.slice(2), processTerminal());
}
