/** What `npm run docs` starts. */
import { writeDocuments } from './documents.js';
import { exitCodes } from './exit-code.js';
import { reportInternalError } from './internal-error.js';
import { processTerminal } from './terminal.js';

async function main(): Promise<void> {
  const terminal = processTerminal();
  try {
    process.exitCode = await writeDocuments(terminal);
  } catch (error) {
    reportInternalError(error, true, terminal);
    process.exitCode = exitCodes.internal;
  }
}

void main();
