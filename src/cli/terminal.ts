/** Where a command writes to. A test gives its own; `processTerminal` is the real one. */
import pc from 'picocolors';
import type { Palette } from '../text/render.js';
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

/** The process's own streams. */
export function processTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    width: stdout.isTTY ? stdout.columns || 80 : Number.POSITIVE_INFINITY,
    unicode: stdout.isTTY === true && speaksUnicode(env),
    colours: { out: wantsColours(stdout, env), err: wantsColours(stderr, env) },
    interactive: stderr.isTTY === true && env.TERM !== 'dumb',
  };
}
