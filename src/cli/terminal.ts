/** Where a command writes to. A test gives its own; `processTerminal` is the real one. */
import pc from 'picocolors';
import type { Palette } from '../text/render.js';
import { visible } from '../text/visible.js';
import type { TablePalette } from '../verdict/table.js';

export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Columns of standard output; Infinity if it is not a terminal. */
  readonly width: number;
  readonly unicode: boolean;
  /** Colours on standard output, and on standard error. */
  readonly colours: { readonly out: boolean; readonly err: boolean };
  /** Whether standard error is a terminal, so that a line that rewrites itself makes sense. */
  readonly interactive: boolean;
}

export function tablePalette(colours: boolean): TablePalette {
  const paint = pc.createColors(colours);
  return { title: paint.bold, asked: paint.yellow, good: paint.green, bad: paint.red, dim: paint.dim };
}

export function diagnosticPalette(colours: boolean): Palette {
  const paint = pc.createColors(colours);
  return {
    error: (text) => paint.bold(paint.red(text)),
    warning: (text) => paint.bold(paint.yellow(text)),
    note: paint.cyan,
    strong: paint.bold,
  };
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Colours only on a terminal, and never against the user's word (https://no-color.org). */
function wantsColours(stream: NodeJS.WriteStream, environment: Environment): boolean {
  return stream.isTTY === true && !environment.NO_COLOR && environment.TERM !== 'dumb';
}

function speaksUnicode(environment: Environment): boolean {
  const locale = environment.LC_ALL || environment.LC_CTYPE || environment.LANG || '';
  return /utf-?8/i.test(locale) || process.platform === 'darwin';
}

/** What we write ourselves: colours, and the end of a progress line. All else that does something is of some file's text or name. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for
const ours = /(\r?\u001b\[K|\u001b\[(?:[12]|22|3[0-79])m)/;

function guarded(text: string): string {
  return text
    .split(ours)
    .map((part, at) => (at % 2 === 1 ? part : visible(part)))
    .join('');
}

/** A terminal that no text of a file can do anything to. What is written to a file or a pipe stays as it is. */
export function guardedTerminal(terminal: Terminal): Terminal {
  return {
    ...terminal,
    out: Number.isFinite(terminal.width) ? (text) => terminal.out(guarded(text)) : terminal.out,
    err: (text) => terminal.err(guarded(text)),
  };
}

/** The process's own streams. */
export function processTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  return guardedTerminal({
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    width: stdout.isTTY ? stdout.columns || 80 : Number.POSITIVE_INFINITY,
    unicode: stdout.isTTY === true && speaksUnicode(env),
    colours: { out: wantsColours(stdout, env), err: wantsColours(stderr, env) },
    interactive: stderr.isTTY === true && env.TERM !== 'dumb',
  });
}
