/** Diagnostics on standard error, and what they mean for the exit code. */
import { type Diagnostic, hasErrors } from '../text/diagnostic.js';
import { renderDiagnostics } from '../text/render.js';
import { type ExitCode, exitCodes } from './exit-code.js';
import { diagnosticPalette, type Terminal } from './terminal.js';

/** More scroll the first ones away, and the first one is often the cause of the others. */
const MOST_SHOWN = 20;

export function printDiagnostics(diagnostics: readonly Diagnostic[], terminal: Terminal): ExitCode {
  const shown = diagnostics.slice(0, MOST_SHOWN);
  const more = diagnostics.length - shown.length;
  if (shown.length > 0)
    terminal.err(`${renderDiagnostics(shown, diagnosticPalette(terminal.colours.err))}\n`);
  if (more > 0) terminal.err(`... and ${more} more\n`);
  return hasErrors(diagnostics) ? exitCodes.input : exitCodes.ok;
}
