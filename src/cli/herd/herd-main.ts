/** `fencepost-herd` with the real terminal. */
import { exitCodes } from '../exit-code.js';
import { processTerminal } from '../terminal.js';
import { herdCommand } from './herd-command.js';

export async function herdMain(): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // The reader has seen enough.
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    process.stderr.write(`error: cannot write the results: ${error.message}\n`);
    process.exit(exitCodes.input);
  });
  process.stderr.on('error', () => {});
  process.exitCode = await herdCommand(process.argv.slice(2), processTerminal());
}
