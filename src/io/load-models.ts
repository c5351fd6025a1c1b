/**
 * Loads what the command line says of models: names of ours, model files with what belongs to them (bell, macros, variants, search
 * path), or a configuration file that names them all.
 */
import { basename } from 'node:path';
import { readMacros } from '../elaborate/def-macros.js';
import type { PrimitiveTable } from '../elaborate/primitive-table.js';
import type { CompileOptions, RefusedInclude } from '../model/compile.js';
import type { Dialect } from '../program/ir.js';
import { type Checked, checked, type Diagnostic, errorAt } from '../text/diagnostic.js';
import type { SourceFile } from '../text/source.js';
import { type Judge, userModel } from '../verdict/judge.js';
import type { ModelName } from '../verdict/model-choice.js';
import { type ModelFileName, parseModelList } from '../verdict/model-list.js';
import { type LoadedConfiguration, loadConfiguration, noConfiguration } from './load-configuration.js';
import { Reach } from './reach.js';
import { readTextFile } from './read-source.js';
import { findFile, findWithin, OUTSIDE_HINT, outsideText } from './search-path.js';

/** Plain data, to be handed on to worker threads. Null and empty: not given. */
export interface ModelRequest {
  readonly model: string | null;
  readonly conf: string | null;
  readonly bell: string | null;
  readonly macros: string | null;
  readonly includes: readonly string[];
  readonly variants: readonly string[];
  readonly compileTo: 'arm64' | 'x86' | null;
}

export const noModelRequest: ModelRequest = {
  model: null,
  conf: null,
  bell: null,
  macros: null,
  includes: [],
  variants: [],
  compileTo: null,
};

export interface LoadedModels {
  /** Null: none is asked for. */
  readonly models: readonly Judge[] | null;
  readonly macros: PrimitiveTable | null;
  /** Of the configuration. */
  readonly unroll: number | null;
  /** All files that they were loaded from. */
  readonly sources: readonly SourceFile[];
}

type Wanted = ModelName | ModelFileName;

class ModelLoader {
  readonly diagnostics: Diagnostic[] = [];
  private readonly sources: SourceFile[] = [];
  private readonly configuration: LoadedConfiguration;
  /** Included files, by path: one object for each, so that each is parsed once. */
  private readonly inclusions = new Map<string, SourceFile | RefusedInclude>();
  /** Where files are searched for. */
  private readonly folders: readonly string[];
  /** Of what the command line names. */
  private readonly reach: Reach;

  constructor(
    private readonly request: ModelRequest,
    private readonly expired: (() => boolean) | null,
  ) {
    const { conf, includes } = request;
    this.configuration =
      (conf === null ? null : this.take(loadConfiguration(conf, includes))) ?? noConfiguration;
    this.folders = [...includes, ...this.configuration.includes];
    this.sources.push(...this.configuration.sources);
    this.reach = Reach.of(this.namedFiles(), includes);
  }

  private namedFiles(): readonly string[] {
    const { model, conf, bell } = this.request;
    const models = model === null ? [] : (parseModelList(model).value ?? []);
    const files = [conf, bell, ...models.map((each) => (typeof each === 'string' ? null : each.file))];
    return files.flatMap((name) => (name === null ? [] : [findFile(name, null, this.folders) ?? name]));
  }

  load(): LoadedModels {
    const wanted = this.wanted();
    const files = wanted?.filter((model) => typeof model !== 'string') ?? [];
    if (files.length === 0) this.refuseModelOptions();
    const options = this.compileOptions();
    const models = wanted?.flatMap((model) =>
      typeof model === 'string' ? [model] : this.userModel(model, files, options),
    );
    const macros = this.file(this.request.macros ?? this.configuration.macros, 'a macro file');
    return {
      models: models ?? null,
      macros: macros === null ? null : this.take(readMacros(macros)),
      unroll: this.configuration.unroll,
      sources: this.sources,
    };
  }

  private take<T>({ value, diagnostics }: Checked<T>): T | null {
    this.diagnostics.push(...diagnostics);
    return value;
  }

  /** What `--model` names; the configuration's model beside ours, unless `--model` names a file in its place. */
  private wanted(): readonly Wanted[] | null {
    const { model } = this.configuration;
    const named = this.request.model === null ? null : this.take(parseModelList(this.request.model));
    const { conf } = this.request;
    if (conf !== null && model === null && named === null) {
      const hint = 'name one there (`model FILE.cat`), or with `--model`';
      this.diagnostics.push(errorAt(null, 'no-model-file', `${conf} names no model`, { hint }));
    }
    if (model === null) return named;
    const hasFile = named?.some((each) => typeof each !== 'string') ?? false;
    return hasFile ? named : [...(named ?? []), { file: model }];
  }

  private refuseModelOptions(): void {
    const { bell, variants, compileTo } = this.request;
    const option =
      bell !== null
        ? '--bell'
        : variants.length > 0
          ? '--variant'
          : compileTo !== null
            ? '--compile-to'
            : null;
    if (option === null) return;
    const message = `${option} is about a model file, and none is given`;
    this.diagnostics.push(errorAt(null, 'no-model-file', message, { hint: 'give one: `--model FILE.cat`' }));
  }

  private file(name: string | null, what: string): SourceFile | null {
    if (name === null) return null;
    const source = this.take(readTextFile(findFile(name, null, this.folders) ?? name, what));
    if (source !== null) this.sources.push(source);
    return source;
  }

  private included(path: string): SourceFile | RefusedInclude {
    const known = this.inclusions.get(path);
    if (known !== undefined) return known;
    const { value, diagnostics } = readTextFile(path, 'a memory model');
    const file = value ?? { refused: diagnostics[0]!.message, hint: null };
    this.inclusions.set(path, file);
    if (value !== null) this.sources.push(value);
    return file;
  }

  private resolveInclude(name: string, from: string): SourceFile | RefusedInclude | null {
    const found = findWithin(name, from, this.folders, this.reach);
    if (found.kind === 'file') return this.included(found.path);
    return found.kind === 'none' ? null : { refused: outsideText(name), hint: OUTSIDE_HINT };
  }

  private compileOptions(): CompileOptions {
    const bell = this.file(this.request.bell ?? this.configuration.bell, 'a bell file');
    const variants = [...this.configuration.variants, ...this.request.variants];
    return bell === null ? { variants } : { variants, bell };
  }

  private userModel(
    { file }: ModelFileName,
    files: readonly ModelFileName[],
    options: CompileOptions,
  ): Judge[] {
    const source = this.file(file, 'a memory model');
    if (source === null) return [];
    const short = basename(file);
    const isUnique = files.filter((other) => basename(other.file) === short).length === 1;
    const resolveInclude = (name: string, from: string) => this.resolveInclude(name, from);
    const { compileTo: target } = this.request;
    const model = userModel({ name: isUnique ? short : file, source, resolveInclude, options, target });
    // A model of assembly need not fit kernel C; one that fits nothing is worth no test.
    const dialects: readonly Dialect[] = [model.target ?? 'lkmm', 'arm64', 'x86'];
    const fits = dialects.some((dialect) => {
      const { value, limit } = model.compile(dialect, this.expired);
      // Each test says so, as its verdict.
      return value !== null || limit !== null;
    });
    if (!fits) this.take(model.compile(model.target ?? 'lkmm'));
    return [model];
  }
}

/**
 * The models that a command line asks for; or what is wrong with it or its files. `expired` ends the compilation of the user's own,
 * which is then left to the tests.
 */
export function loadModels(
  request: ModelRequest,
  expired: (() => boolean) | null = null,
): Checked<LoadedModels> {
  const loader = new ModelLoader(request, expired);
  const loaded = loader.load();
  return checked(loaded, loader.diagnostics);
}
