/** The report of `fencepost run` to a file: whole, when all results are there; meanwhile a journal keeps them. */
import { noTests } from '../check/check-report.js';
import { fileKey, fingerprint } from '../io/journal.js';
import { isStream, refusedPlace, writeWhole } from '../io/write-file.js';
import { printDiagnostics } from './diagnostics-output.js';
import { type ExitCode, exitCodes } from './exit-code.js';
import { OptionError } from './options.js';
import { beginResumable } from './resumable.js';
import type { FileResult, RunJob } from './run-file.js';
import { type Report, reportToTerminal } from './run-report.js';
import type { Terminal } from './terminal.js';

function isMessage(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'texts' in value && Array.isArray(value.texts);
}

/** What the journal says of a file, if that is what we write there. */
function readResult(value: unknown): FileResult | null {
  if (typeof value !== 'object' || value === null) return null;
  const { out, messages, code, status, stopped } = value as Partial<FileResult>;
  const known: readonly unknown[] = Object.values(exitCodes);
  const isResult =
    typeof out === 'string' &&
    Array.isArray(messages) &&
    messages.every(isMessage) &&
    known.includes(code) &&
    typeof status === 'string' &&
    Object.hasOwn(noTests(), status) &&
    stopped === false;
  return isResult ? (value as FileResult) : null;
}

function writeResult(result: FileResult): FileResult | null {
  return result.stopped || result.code === exitCodes.internal ? null : result;
}

/** What a file's result depends on, apart from the options. */
function keyOf({ path, input, picture }: RunJob): string | null {
  if (input !== null) return input.value === null ? null : fingerprint(path, input.value.text);
  const key = fileKey(path);
  return key === null || picture === null ? key : fingerprint(key, picture);
}

/** To the file `output`. It is not a terminal, whatever standard output is. */
export function reportToFile(output: string, resume: boolean, screen: Terminal): Report {
  const parts: string[] = [];
  const terminal: Terminal = {
    ...screen,
    out: (text) => void parts.push(text),
    width: Number.POSITIVE_INFINITY,
    unicode: false,
    colours: { ...screen.colours, out: false },
  };
  const write = (): ExitCode => {
    const failure = writeWhole(output, parts);
    return failure === null ? exitCodes.ok : printDiagnostics([failure], screen);
  };
  if (isStream(output)) {
    if (resume) throw new OptionError(`--resume needs a file; ${output} is none`);
    const begin: Report['begin'] = (...job) => {
      const begun = reportToTerminal(terminal).begin(...job);
      return begun === null ? null : { ...begun, finish: write };
    };
    return { terminal, begin };
  }
  return {
    terminal,
    begin(jobs, setup, models) {
      // Not only at the end of a long run.
      const refusal = refusedPlace(output);
      if (refusal !== null) {
        printDiagnostics([refusal], screen);
        return null;
      }
      const { debug: _, display, ...rest } = setup;
      const { colours, ...shown } = display;
      // What goes to standard error may be in other colours the next time.
      const options = ['run', { ...rest, display: { ...shown, colours: colours.out } }];
      const keys = jobs.map(keyOf);
      const resumable = beginResumable(
        { output, resume, options, models, keys, read: readResult, write: writeResult, what: 'files' },
        screen,
      );
      if (resumable === null) return null;
      return {
        done: resumable.done,
        open: resumable.open,
        keep(index, result) {
          if (!resumable.done.has(index)) resumable.keep(index, result);
        },
        finish() {
          const code = write();
          if (code === exitCodes.ok) resumable.remove();
          else resumable.close();
          return code;
        },
        abandon() {
          resumable.leave([output]);
        },
      };
    },
  };
}
