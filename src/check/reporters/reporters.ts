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
];

export const reporterNames: readonly string[] = reporterFormats.map(({ name }) => name);

/** Null: there is none of that name. */
export function reporterFormat(name: string): ReporterFormat | null {
  return reporterFormats.find((format) => format.name === name) ?? null;
}
