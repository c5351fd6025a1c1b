/** The command with the real terminal: its exit code, and a closed pipe that is nobody's error. */
import { runCommandLine } from './command-line.js';
import { exitCodes } from './exit-code.js';
import { processTerminal } from './terminal.js';

export { runCommandLine };

/** What a worker thread does instead. */
export async function serveTasks(): Promise<void> {
  const pool = await import('./pool-tasks.js');
  pool.serveTasks();
}

/** The command as herd7 is called. */
export async function herdMain(): Promise<void> {
  const herd = await import('./herd/herd-main.js');
  await herd.herdMain();
}

export async function main(): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // `fencepost run ... | head`: the reader has seen enough.
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    process.stderr.write(`error: cannot write the results: ${error.message}\n`);
    process.exit(exitCodes.input);
  });
  // Nobody reads the diagnostics: the exit code says what there is to say.
  process.stderr.on('error', () => {});
  const worker = new URL('./run-worker.cjs', import.meta.url);
  // Set, not exited with: what was written to a pipe must still get out.
  process.exitCode = await runCommandLine(process.argv.slice(2), processTerminal(), worker);
}
