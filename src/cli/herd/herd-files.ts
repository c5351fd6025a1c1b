/** Which files `fencepost-herd` is given: by name, in lists (`@all`, whose name begins so), or on standard input. */
import { readFileSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { type Checked, type Diagnostic, errorAt } from '../../text/diagnostic.js';

function isList(path: string): boolean {
  return basename(path).startsWith('@');
}

function namesIn(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#'));
}

class Lists {
  readonly diagnostics: Diagnostic[] = [];
  /** The lists being read, outermost first. */
  private readonly reading: string[] = [];

  expand(path: string): string[] {
    if (!isList(path)) return [path];
    if (this.reading.includes(path)) return this.refuse(`${path}: this list is in itself`);
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (error) {
      return this.refuse(
        `${path}: cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    this.reading.push(path);
    // The names in a list are relative to its folder.
    const folder = dirname(path);
    const files = namesIn(text).flatMap((name) => this.expand(isAbsolute(name) ? name : join(folder, name)));
    this.reading.pop();
    return files;
  }

  private refuse(message: string): string[] {
    this.diagnostics.push(errorAt(null, 'cannot-read', message));
    return [];
  }
}

/** `input`: all of standard input, asked for if no file is named. */
export function herdFiles(named: readonly string[], input: () => string): Checked<readonly string[]> {
  const lists = new Lists();
  const names = named.length > 0 ? named : namesIn(input());
  const files = names.flatMap((name) => lists.expand(name));
  return { value: files, diagnostics: lists.diagnostics };
}
