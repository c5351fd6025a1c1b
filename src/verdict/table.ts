/**
 * The table for people: one row per final state, one column per model, then a verdict line per model.
 *
 *     race: exists (1:r1=1 /\ 1:r2=0)
 *
 *          1:r1  1:r2  lkmm  x86
 *             0     0  yes   yes
 *        *    1     0  yes   -
 *
 *     lkmm  Sometimes
 *     x86   Never
 *
 * `*` marks the states that satisfy the condition's proposition. A cell says whether the model allows the state: `yes` (or
 * the number of executions, when counted; `20+` where a limit leaves more open), `-` for no, `?` where a limit left it open. A table wider than the terminal
 * gives up the columns of the values and writes each state as text, wrapped.
 */
import { compareValues, showValue, type Value } from '../program/value.js';
import { countCell, countText } from './count-text.js';
import { forgiven, mismatch } from './expectation.js';
import { describeFound, describeSearched } from './partial.js';
import { isRun, type ModelReport, type ModelRun, type TestReport } from './report.js';
import { plainName } from './state.js';
import { displayWidth, padEnd, padStart, wrapWords } from './text-layout.js';
import { hasNone } from './verdict.js';

/** How the parts are painted; identity functions where colours are off. */
export interface TablePalette {
  readonly title: (text: string) => string;
  /** What the condition asks for, and a verdict that finds it. */
  readonly asked: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly dim: (text: string) => string;
}

const identity = (text: string): string => text;

export const plainTablePalette: TablePalette = {
  title: identity,
  asked: identity,
  good: identity,
  bad: identity,
  dim: identity,
};

export interface TableOptions {
  /** Columns of the terminal; Infinity if the output is not one. */
  readonly width: number;
  readonly unicode: boolean;
  readonly palette: TablePalette;
}

/** A final state that some model allows. */
export interface Row {
  /** In the order of `columnNames`; null where no model that allows it observes that. */
  readonly values: readonly (Value | null)[];
  readonly satisfies: boolean;
  /** By column: what the cell says. */
  readonly cells: string[];
}

export interface Symbols {
  readonly yes: string;
  readonly no: string;
  readonly mark: string;
}

export const asciiSymbols: Symbols = { yes: 'yes', no: '-', mark: '*' };
const unicodeSymbols: Symbols = { yes: '✓', no: '·', mark: '▶' };

/** The observables of all models by name: a compiled program may keep its own order. */
export function columnNames(runs: readonly ModelRun[]): string[] {
  return [...new Set(runs.flatMap((run) => run.program.observed.map(plainName)))];
}

export function compareRows(a: Row, b: Row): number {
  for (let i = 0; i < a.values.length; i++) {
    const left = a.values[i] ?? null;
    const right = b.values[i] ?? null;
    const order = left === null || right === null ? 0 : compareValues(left, right);
    if (order !== 0) return order;
  }
  return 0;
}

/** The final states of all models. Addresses are equal by name: each model has its own program and so its own locations. */
export function collectRows(runs: readonly ModelRun[], names: readonly string[], symbols: Symbols): Row[] {
  const rows = new Map<string, Row>();
  runs.forEach((run, column) => {
    const positions = names.map((name) => run.program.observed.findIndex((o) => plainName(o) === name));
    for (const state of run.result.states) {
      const values = positions.map((position) => state.values[position] ?? null);
      const key = values.map((value) => (value === null ? '' : showValue(value))).join(';');
      let row = rows.get(key);
      if (row === undefined) {
        const isClosed = ({ result }: ModelRun) => result.limit === null || hasNone(result, state.satisfies);
        const cells = runs.map((r) => (isClosed(r) ? symbols.no : '?'));
        row = { values, satisfies: state.satisfies, cells };
        rows.set(key, row);
      }
      const { executions } = state;
      row.cells[column] =
        executions === null ? symbols.yes : countCell(executions, run.result.limit === null);
    }
  });
  return [...rows.values()].sort(compareRows);
}

function showCell(value: Value | null): string {
  return value === null ? '' : showValue(value);
}

/** Lines with the values in columns of their own. */
function wideLines(
  rows: readonly Row[],
  names: readonly string[],
  models: readonly string[],
  symbols: Symbols,
) {
  const valueWidths = names.map((name, i) =>
    Math.max(displayWidth(name), ...rows.map((row) => displayWidth(showCell(row.values[i] ?? null)))),
  );
  const modelWidths = cellWidths(rows, models);
  const line = (mark: string, values: readonly string[], cells: readonly string[]) =>
    [
      padEnd(mark, displayWidth(symbols.mark)),
      ...values.map((text, i) => padStart(text, valueWidths[i] ?? 0)),
      ...cells.map((text, i) => padEnd(text, modelWidths[i] ?? 0)),
    ]
      .join('  ')
      .trimEnd();
  return {
    heading: [line('', names, models)],
    body: rows.map((row) => [line(row.satisfies ? symbols.mark : '', row.values.map(showCell), row.cells)]),
  };
}

/** Lines with the whole state as text in the last column, wrapped to the width. */
function narrowLines(
  rows: readonly Row[],
  names: readonly string[],
  models: readonly string[],
  symbols: Symbols,
  width: number,
) {
  const modelWidths = cellWidths(rows, models);
  const line = (mark: string, cells: readonly string[], state: readonly string[]) => {
    const left = [
      padEnd(mark, displayWidth(symbols.mark)),
      ...cells.map((t, i) => padEnd(t, modelWidths[i] ?? 0)),
    ];
    const margin = `${left.join('  ')}  `;
    const blank = ' '.repeat(displayWidth(margin));
    const wrapped = wrapWords(state, Math.max(16, width - displayWidth(margin)));
    return wrapped.map((text, i) => `${i === 0 ? margin : blank}${text}`.trimEnd());
  };
  return {
    heading: line('', models, ['state']),
    body: rows.map((row) => {
      const words = names.map((name, i) => `${name}=${showCell(row.values[i] ?? null)};`);
      return line(row.satisfies ? symbols.mark : '', row.cells, words);
    }),
  };
}

function cellWidths(rows: readonly Row[], models: readonly string[]): number[] {
  return models.map((name, i) =>
    Math.max(displayWidth(name), ...rows.map((row) => displayWidth(row.cells[i] ?? ''))),
  );
}

function stateLines(runs: readonly ModelRun[], options: TableOptions): string[] {
  const symbols = options.unicode ? unicodeSymbols : asciiSymbols;
  const names = columnNames(runs);
  const models = runs.map((run) => run.model);
  const rows = collectRows(runs, names, symbols);
  if (rows.length === 0) return [];
  const indent = '  ';
  const wide = wideLines(rows, names, models, symbols);
  const fits = [...wide.heading, ...wide.body.flat()].every(
    (text) => displayWidth(indent + text) <= options.width,
  );
  const { heading, body } = fits ? wide : narrowLines(rows, names, models, symbols, options.width - 2);
  const { dim, asked } = options.palette;
  return [
    ...heading.map((text) => indent + dim(text)),
    ...rows.flatMap((row, i) => (body[i] ?? []).map((text) => indent + (row.satisfies ? asked(text) : text))),
    '',
  ];
}

function isUnrollBound(run: ModelRun): boolean {
  return run.result.limit?.startsWith('unroll bound') === true;
}

/** What is to be said of a verdict. `isTold`: how to raise the bound on loops is said elsewhere. */
export function verdictDetails(run: ModelRun, isTold: boolean): string[] {
  const { positive, negative, flags, limit } = run.result;
  const parts: string[] = [];
  const counted = positive !== null && negative !== null && run.verdict !== 'Deadlock';
  const bound = limit === null ? '' : 'at least ';
  if (counted && positive === 0 && hasNone(run.result, true))
    parts.push(`0 for, ${bound}${countText(negative)} against`);
  else if (counted) parts.push(`${bound}${countText(positive)} for, ${countText(negative)} against`);
  if (flags.length > 0) parts.push(flags.map((flag) => flag.name).join(', '));
  if (run.verdict === 'Deadlock')
    parts.push(run.program.filter === null ? 'no execution completes' : 'no execution passes the filter');
  if (limit !== null) parts.push(`limit: ${limit}`);
  const found = run.enumerated ? describeFound(run.result) : null;
  parts.push(...[describeSearched(run.result), found].filter((part) => part !== null));
  if (run.result.kinds !== undefined) parts.push('the verdict covers all executions');
  if (isUnrollBound(run) && !isTold) parts.push('--unroll raises it');
  return parts;
}

function verdictLine(report: ModelReport, test: TestReport, width: number, palette: TablePalette): string {
  const name = padEnd(report.model, width);
  if (report.kind === 'failure') {
    if (!report.excused) return `  ${name}  ${palette.bad('error')}`;
    return `  ${name}  not judged${palette.dim(`  (${report.diagnostics.map((d) => d.message).join('; ')})`)}`;
  }
  if (report.kind === 'unfinished')
    return `  ${name}  ${palette.title('Unknown')}${palette.dim(`  (limit: ${report.limit})`)}`;
  const expectation = test.expectations.get(report.model);
  const wrong = mismatch(report, expectation);
  const noted = forgiven(report, expectation);
  const expected = expectation !== undefined && wrong === null && report.verdict !== 'Unknown';
  const paint = wrong !== null ? palette.bad : expected ? palette.good : palette.title;
  const isTold = test.models.filter(isRun).find(isUnrollBound) !== report;
  const rest = [...(noted === null ? [] : [noted]), ...verdictDetails(report, isTold)];
  const tail = rest.length === 0 ? '' : palette.dim(`  (${rest.join('; ')})`);
  return `  ${name}  ${paint(report.verdict)}${wrong === null ? '' : palette.bad(`, ${wrong}`)}${tail}`;
}

/** Whether its numbers tell apart executions that differ in nothing but how a compare-and-swap went (`CompareAndSwap`). */
function countsSwaps({ program, result }: ModelRun): boolean {
  if (result.positive === null) return false;
  return program.threads.some(({ code }) =>
    code.some((each) => each.kind === 'rmw' && each.swap !== undefined),
  );
}

/** Why one model's numbers are larger than another's, where that is not for what it allows. */
function countNote(runs: readonly ModelRun[], { width, palette }: TableOptions): string[] {
  const names = runs.filter(countsSwaps).map(({ model }) => model);
  if (names.length === 0 || names.length === runs.length) return [];
  const how = 'which of two equal values it keeps, whether a failed one writes back';
  const text = `Executions under ${names.join(', ')} count apart how a compare-and-swap went: ${how}`;
  return ['', ...wrapWords(text.split(' '), width - 2).map((line) => palette.dim(`  ${line}`))];
}

/** The whole table of a test, ending in a line break. Diagnostics are not part of it. */
export function renderTable(test: TestReport, options: TableOptions): string {
  const runs = test.models.filter(isRun);
  const { palette } = options;
  const condition = runs[0]?.program.condition.text ?? '';
  const width = Math.max(0, ...test.models.map((report) => displayWidth(report.model)));
  return [
    `${palette.title(test.name)}${condition === '' ? '' : `: ${condition}`}`,
    '',
    ...stateLines(
      runs.filter((run) => run.enumerated),
      options,
    ),
    ...test.models.map((report) => verdictLine(report, test, width, palette)),
    ...countNote(runs, options),
    '',
  ].join('\n');
}
