/**
 * The project file, `fencepost.config.ts` or `.json`: what is checked, under which models, and what is expected.
 *
 * The types are the whole of it; config-schema.ts checks data against them.
 */
import type { ExpectedVerdict } from '../verdict/report.js';

/**
 * `Never`; `Sometimes DATARACE`, as behind `Result:` in a test's comment (DATARACE: a data race is found, too); `Maybe`: any but
 * Deadlock; `nothing`: whatever it is, and whatever the test's comment says.
 */
export type ExpectedText = ExpectedVerdict | `${ExpectedVerdict} DATARACE` | 'nothing';

/** Of the model of the test's own language, as a plain `Result:` is; or by the name of the model. */
export type FileExpectation = ExpectedText | Readonly<Record<string, ExpectedText>>;

/** Paths and patterns are relative to the folder of the project file. */
export interface FencepostConfig {
  /** The JSON schema, for editors. */
  readonly $schema?: string;
  /** Litmus files, folders of them, patterns such as `tests/*.litmus`: what `fencepost check` checks. */
  readonly tests?: string | readonly string[];
  /** Patterns of files that are no tests after all. */
  readonly exclude?: string | readonly string[];
  /** Names of models (`lkmm`, `arm64`, `x86`, `sc`), or model files: `models/my.cat`. Default: all that fit. */
  readonly models?: string | readonly string[];
  /** herd's configuration file. */
  readonly conf?: string;
  /** The bell file of a model file. */
  readonly bell?: string;
  /** A macro file: primitives of kernel C. */
  readonly macros?: string;
  /** Folders to search for included files. */
  readonly include?: string | readonly string[];
  /** What `if "NAME"` in a model file finds chosen. */
  readonly variants?: string | readonly string[];
  /** What model files judge of C tests: their assembly. */
  readonly compileTo?: 'arm64' | 'x86';
  /** How kernel atomics compile to arm64. Default: `lse`. */
  readonly atomics?: 'lse' | 'llsc';
  /** How often a loop may go round. */
  readonly unroll?: number;
  /** For each test and model; what is open then is undecided. */
  readonly limits?: {
    /** Seconds. */
    readonly timeout?: number;
    /** Megabytes. */
    readonly memory?: number;
  };
  /** Where `fencepost baseline` keeps all final states. Default: `fencepost.baseline`, if it is there. */
  readonly baseline?: string;
  /** A test of which nothing is expected is an error. */
  readonly requireExpectations?: boolean;
  /**
   * By file or pattern, what is expected beside or in place of a test's comment. Where several fit, the last one counts, for each
   * model.
   */
  readonly expectations?: Readonly<Record<string, FileExpectation>>;
}

/** The config as it is, with its type: for completion and checks in editors. */
export function defineConfig(config: FencepostConfig): FencepostConfig {
  return config;
}
