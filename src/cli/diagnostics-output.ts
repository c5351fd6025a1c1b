/** Diagnostics on standard error, and what they mean for the exit code. */
import { type Diagnostic, hasErrors } from '../text/diagnostic.js';
import { renderDiagnostics } from '../text/render.js';
import { type ExitCode, exitCodes } from './exit-code.js';
import { diagnosticPalette, type Terminal } from './terminal.js';

export function printDiagnostics(diagnostics: readonly Diagnostic[], terminal: Terminal): ExitCode {
  if (diagnostics.length > 0)
    terminal.err(`${renderDiagnostics(diagnostics, diagnosticPalette(terminal.colours.err))}\n`);
  return hasErrors(diagnostics) ? exitCodes.input : exitCodes.ok;
}
