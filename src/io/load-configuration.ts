/** Loads herd's configuration files with those that they name; a later setting replaces an earlier one. */
import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { type Configuration, readConfiguration, type Setting } from '../syntax/configuration.js';
import { type Checked, checked, type Diagnostic, errorAt } from '../text/diagnostic.js';
import type { SourceFile } from '../text/source.js';
import { Reach, realPath } from './reach.js';
import { readTextFile } from './read-source.js';
import { findWithin, OUTSIDE_HINT, outsideText } from './search-path.js';

/** What the files say, with file names as places where the files are. */
export interface LoadedConfiguration {
  readonly model: string | null;
  readonly bell: string | null;
  readonly macros: string | null;
  readonly variants: readonly string[];
  /** Folders to search. */
  readonly includes: readonly string[];
  readonly unroll: number | null;
  /** The configuration files themselves. */
  readonly sources: readonly SourceFile[];
}

export const noConfiguration: LoadedConfiguration = {
  model: null,
  bell: null,
  macros: null,
  variants: [],
  includes: [],
  unroll: null,
  sources: [],
};

/** Each may name several others, which do so in turn. */
const MOST_FILES = 100;

class ConfigurationLoader {
  readonly diagnostics: Diagnostic[] = [];
  private loaded: LoadedConfiguration = noConfiguration;
  /** The files being read, outermost first, without links. */
  private readonly files: string[] = [];
  private count = 0;

  constructor(
    private readonly folders: readonly string[],
    private readonly reach: Reach,
  ) {}

  load(path: string): LoadedConfiguration {
    this.count++;
    const source = readTextFile(path, 'a configuration');
    this.diagnostics.push(...source.diagnostics);
    if (source.value === null) return this.loaded;
    const { value, diagnostics } = readConfiguration(source.value);
    this.diagnostics.push(...diagnostics);
    this.loaded = { ...this.loaded, sources: [...this.loaded.sources, source.value] };
    this.files.push(realPath(path));
    if (value !== null) this.add(value, path);
    this.files.pop();
    return this.loaded;
  }

  private add(configuration: Configuration, path: string): void {
    for (const setting of configuration.configurations) this.nested(setting, path);
    const { variants, unroll } = configuration;
    const includes = configuration.includes.flatMap((setting) => this.folder(setting, path));
    const last = this.loaded;
    this.loaded = { ...last, includes: [...last.includes, ...includes] };
    this.loaded = {
      model: this.place(configuration.model, path) ?? last.model,
      bell: this.place(configuration.bell, path) ?? last.bell,
      macros: this.place(configuration.macros, path) ?? last.macros,
      variants: [...last.variants, ...variants.map(({ value }) => value)],
      includes: this.loaded.includes,
      unroll: unroll ?? last.unroll,
      sources: this.loaded.sources,
    };
  }

  private nested(setting: Setting, path: string): void {
    const file = this.place(setting, path);
    if (file === null) return;
    if (this.files.includes(realPath(file)))
      this.fail(setting, 'include-cycle', `\`${setting.value}\` includes itself`);
    else if (this.count < MOST_FILES) this.load(file);
    else if (this.count++ === MOST_FILES)
      this.fail(setting, 'too-many-files', `there are more than ${MOST_FILES} configurations to be read`);
  }

  private place(setting: Setting | null, path: string): string | null {
    if (setting === null) return null;
    const found = findWithin(setting.value, path, [...this.folders, ...this.loaded.includes], this.reach);
    if (found.kind === 'file') return found.path;
    if (found.kind === 'outside') this.fail(setting, 'outside', outsideText(setting.value), OUTSIDE_HINT);
    else {
      const hint = 'it is looked for beside this file, then in the folders of `-I`';
      this.fail(setting, 'file-not-found', `cannot find the file \`${setting.value}\``, hint);
    }
    return null;
  }

  private folder(setting: Setting, path: string): readonly string[] {
    const folder = folderOf(setting.value, path);
    if (this.reach.allows(folder)) return [folder];
    this.fail(setting, 'outside', outsideText(setting.value), OUTSIDE_HINT);
    return [];
  }

  private fail({ span }: Setting, code: string, message: string, hint: string | null = null): void {
    this.diagnostics.push(errorAt(span, code, message, { hint }));
  }
}

/** A folder beside the file, or else where the command was started. */
function folderOf(value: string, path: string): string {
  const beside = join(dirname(path), value);
  return isAbsolute(value) || !existsSync(beside) ? value : beside;
}

/** The settings of a file. `folders`: where to search for what it names. */
export function loadConfiguration(path: string, folders: readonly string[]): Checked<LoadedConfiguration> {
  const loader = new ConfigurationLoader(folders, Reach.of([path], folders));
  const loaded = loader.load(path);
  return checked(loaded, loader.diagnostics);
}
