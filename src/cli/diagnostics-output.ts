/** Diagnostics on standard error, and what they mean for the exit code. */
import { type Diagnostic, hasErrors } from '../text/diagnostic.js';
import { renderDiagnostic } from '../text/render.js';
import { type ExitCode, exitCodes } from './exit-code.js';
import { diagnosticPalette, type Terminal } from './terminal.js';

/** More scroll the first ones away, and the first one is often the cause of the others. */
const MOST_SHOWN = 20;

/** Diagnostics that are rendered already. */
export function printTexts(texts: readonly string[], terminal: Terminal): void {
  const more = texts.length - MOST_SHOWN;
  if (texts.length > 0) terminal.err(`${texts.slice(0, MOST_SHOWN).join('\n')}\n`);
  if (more > 0) terminal.err(`... and ${more} more\n`);
}

export function printDiagnostics(diagnostics: readonly Diagnostic[], terminal: Terminal): ExitCode {
  const palette = diagnosticPalette(terminal.colours.err);
  printTexts(
    diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, palette)),
    terminal,
  );
  return hasErrors(diagnostics) ? exitCodes.input : exitCodes.ok;
}
