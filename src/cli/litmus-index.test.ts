/**
 * The project's own tests in litmus/: each has the verdict that its comment states, under every model, and the tables of
 * litmus/README.md say the same. The tables are written by `npm run promote`; the sentence beside a test is kept.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { modelNames } from '../verdict/model-choice.js';
import type { ModelReport, TestReport } from '../verdict/report.js';
import { runTest } from '../verdict/run-test.js';

const root = fileURLToPath(new URL('../../litmus/', import.meta.url));
const index = `${root}README.md`;

/** `blocked-on-vs-state/race.litmus`, sorted by folder and name. */
const files: readonly string[] = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.litmus'))
  .sort();

const reports = new Map<string, TestReport>();

function reportOf(file: string): TestReport {
  const known = reports.get(file);
  if (known !== undefined) return known;
  const report = runTest({ name: file, text: readFileSync(root + file, 'utf8') });
  if (report.kind !== 'test')
    throw new Error(`${file}: ${report.diagnostics.map((d) => d.message).join('; ')}`);
  reports.set(file, report);
  return report;
}

/**
 * What stands for a verdict where a model cannot judge: what waits for readers is no instruction of arm64 or x86, and
 * instructions are of one of them.
 */
const NOT_JUDGED = '-';

/** `Sometimes`, with ` DATARACE` behind it as in a `Result` line. */
function outcome(report: ModelReport): string {
  if (report.kind === 'failure' && report.excused) return NOT_JUDGED;
  if (report.kind === 'failure') return report.diagnostics.map((d) => d.message).join('; ');
  if (report.kind === 'unfinished') return report.limit;
  const raced = report.result.flags.some((flag) => flag.name === 'data-race');
  return report.verdict + (raced ? ' DATARACE' : '');
}

function expected(report: TestReport, model: string): string {
  const expectation = report.expectations.get(model);
  if (expectation === undefined) return NOT_JUDGED;
  return expectation.verdict + (expectation.dataRace ? ' DATARACE' : '');
}

const rowPattern = /^\| \[[^\]]*\]\(([^)]*)\) \| ([^|]*) \|/gm;
const header = `| test | what it shows | ${modelNames.join(' | ')} |\n|---|---|${'---|'.repeat(modelNames.length)}\n`;

function renderRow(file: string, says: string): string {
  const { models } = reportOf(file);
  const verdicts = modelNames.map((name) => {
    const report = models.find(({ model }) => model === name);
    return report === undefined ? NOT_JUDGED : outcome(report).replace(' DATARACE', ', data race');
  });
  const name = file.slice(file.indexOf('/') + 1).replace('.litmus', '');
  return `| [${name}](${file}) | ${says} | ${verdicts.join(' | ')} |\n`;
}

/** The rows in the order they have; what is not listed yet comes last. */
function renderTable(folder: string, says: ReadonlyMap<string, string>): string {
  const mine = files.filter((file) => file.startsWith(`${folder}/`));
  const listed = [...says.keys()].filter((file) => mine.includes(file));
  const rows = [...listed, ...mine.filter((file) => !says.has(file))];
  return header + rows.map((file) => renderRow(file, says.get(file) ?? '?')).join('');
}

/** The index with its tables as they should be: one below each heading that names a folder. */
function renderIndex(readme: string): string {
  const says = new Map([...readme.matchAll(rowPattern)].map(([, file = '', text = '']) => [file, text]));
  const sections = readme.split(/^(?=## )/m);
  return sections
    .map((section) => {
      const folder = /^## (\S+)\n/.exec(section)?.[1];
      if (folder === undefined || !files.some((file) => file.startsWith(`${folder}/`))) return section;
      return section.replace(/(?:^\|.*\n)+/m, () => renderTable(folder, says));
    })
    .join('');
}

describe('litmus/', () => {
  it('is there', () => {
    expect(files.length).toBeGreaterThan(60);
  });

  // the first to run all of them
  it('has test names that are unique and begin with the folder', () => {
    const names = files.map((file) => reportOf(file).name);
    expect(new Set(names).size).toBe(names.length);
    const foreign = files.filter((file) => !reportOf(file).name.startsWith(file.split('/')[0] ?? file));
    expect(foreign).toEqual([]);
  });

  it.each(files)('%s has the verdicts of its comment', (file) => {
    const report = reportOf(file);
    const { models } = report;
    expect(models.map((run) => run.model)).toEqual(
      file.startsWith('assembly/') ? [file.split(/[/-]/)[1], 'sc'] : modelNames,
    );
    expect(models.map((run) => [run.model, outcome(run)])).toEqual(
      models.map(({ model }) => [model, expected(report, model)]),
    );
    expect(report.diagnostics).toEqual([]);
  });

  it('is described in its README, with these verdicts', async () => {
    const readme = readFileSync(index, 'utf8');
    const listed = [...readme.matchAll(rowPattern)].map(([, file]) => file);
    expect([...listed].sort()).toEqual(files);
    expect(readme).not.toContain('| ? |');
    await expect(renderIndex(readme)).toMatchFileSnapshot(index);
  });
});
