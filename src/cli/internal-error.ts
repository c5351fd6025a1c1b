/** What people see of our own bugs: a request to report them, not a stack. */

import type { Terminal } from './terminal.js';
import { version } from './version.js';

export function reportInternalError(error: unknown, debug: boolean, terminal: Terminal): void {
  const message = error instanceof Error ? error.message : String(error);
  terminal.err(`internal error, please report: ${message} (fencepost ${version}, Node ${process.version})\n`);
  if (!debug) terminal.err('  hint: --debug shows where it happened\n');
  else if (error instanceof Error && error.stack !== undefined) terminal.err(`${error.stack}\n`);
}
