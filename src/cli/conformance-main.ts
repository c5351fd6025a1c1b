/** What `npm run conformance` starts. */
import { conformanceCommand } from './conformance-command.js';
import { exitCodes } from './exit-code.js';
import { reportInternalError } from './internal-error.js';
import { processTerminal } from './terminal.js';

async function main(): Promise<void> {
  // whoever reads may have seen enough: `| head`
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    throw error;
  });
  const terminal = processTerminal();
  const worker = new URL('./conformance-worker.js', import.meta.url);
  try {
    process.exitCode = await conformanceCommand(process.argv.slice(2), worker, terminal);
  } catch (error) {
    reportInternalError(error, true, terminal);
    process.exitCode = exitCodes.internal;
  }
}

void main();
