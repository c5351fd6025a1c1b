/** The formats that `fencepost check` reports in, by name. Each is loaded when it is asked for. */
import type { Reporter } from '../check-report.js';
import type { ReporterSetup } from './reporter-setup.js';

export interface ReporterFormat {
  readonly name: string;
  /** For `--help`. */
  readonly describe: string;
  readonly load: () => Promise<(setup: ReporterSetup) => Reporter>;
}

export const reporterFormats: readonly ReporterFormat[] = [
  {
    name: 'human',
    describe: 'what is different, and a line that sums up',
    load: async () => (await import('./human.js')).humanReporter,
  },
  {
    name: 'json',
    describe: 'everything, for scripts and `fencepost merge`',
    load: async () => (await import('./json.js')).jsonReporter,
  },
  {
    name: 'junit',
    describe: "JUnit's XML: Jenkins, GitLab and others",
    load: async () => (await import('./junit.js')).junitReporter,
  },
  {
    name: 'tap',
    describe: 'TAP version 14',
    load: async () => (await import('./tap.js')).tapReporter,
  },
  {
    name: 'github',
    describe: "GitHub's annotations of a pull request",
    load: async () => (await import('./github.js')).githubReporter,
  },
  {
    name: 'markdown',
    describe: "for a job's summary ($GITHUB_STEP_SUMMARY) or a comment",
    load: async () => (await import('./markdown.js')).markdownReporter,
  },
  {
    name: 'sarif',
    describe: "SARIF 2.1.0: GitHub's code scanning and others",
    load: async () => (await import('./sarif.js')).sarifReporter,
  },
];

export const reporterNames: readonly string[] = reporterFormats.map(({ name }) => name);

/** Null: there is none of that name. */
export function reporterFormat(name: string): ReporterFormat | null {
  return reporterFormats.find((format) => format.name === name) ?? null;
}
