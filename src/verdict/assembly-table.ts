/** For tests of assembly: a litmus file from its parts, and the final states that it reaches. */
import { renderDiagnostics } from '../text/render.js';
import { defaultRunOptions, runTest } from './run-test.js';
import { stateLine } from './state.js';

/** An AArch64 test from its init block, the columns of its threads and its tail. */
export function assemblyTable(init: string, threads: readonly (readonly string[])[], tail: string): string {
  const height = Math.max(...threads.map((column) => column.length));
  const rows = Array.from({ length: height }, (_, row) =>
    threads.map((column) => column[row] ?? '').join('|'),
  );
  const header = threads.map((_, i) => `P${i}`).join('|');
  return `AArch64 t\n{${init}}\n${[header, ...rows].map((row) => `${row};\n`).join('')}${tail}`;
}

/** The states, or the diagnostics; a limit that was hit goes last. */
export function answerTo(text: string): string {
  const report = runTest({ name: 't', text }, { ...defaultRunOptions, models: 'own' });
  if (report.kind !== 'test') return renderDiagnostics(report.diagnostics);
  return report.models
    .flatMap((run) => {
      if (run.kind !== 'run') return [renderDiagnostics(run.diagnostics)];
      const states = run.result.states.map(({ values }) => stateLine(run.program.observed, values));
      return [...states, ...(run.result.limit === null ? [] : [run.result.limit])];
    })
    .join('\n');
}
