/** The outcomes of a test as HTML: the verdict of each model, and the table of final states, one column per model. */
import type { Observable } from '../program/ir.js';
import { showValue, type Value } from '../program/value.js';
import { forgiven, mismatch } from '../verdict/expectation.js';
import type { ModelReport, TestReport } from '../verdict/report.js';
import { plainName } from '../verdict/state.js';
import {
  asciiSymbols,
  collectRows,
  columnNames,
  compareRows,
  type Row,
  verdictDetails,
} from '../verdict/table.js';
import { element, type Html, prose } from './html.js';
import { modelId } from './page-data.js';
import type { ModelView, TestView } from './test-data.js';

/** `index`: of the test on the page. */
export function outcomesHtml(view: TestView, index: number): Html {
  return element('div', { class: 'outcomes' }, verdictList(view.report), statesTable(view, index));
}

function verdictList(report: TestReport): Html {
  return element('ul', { class: 'verdicts', 'aria-label': 'Verdicts' }, ...report.models.map(verdictItem));

  function verdictItem(model: ModelReport): Html {
    const { word, details, look } = verdictText(model, report);
    return element(
      'li',
      { class: `verdict ${look}` },
      element('span', { class: 'model' }, model.model),
      ' ',
      element('strong', {}, word),
      details === '' ? null : element('span', { class: 'details' }, ' ', ...prose(details)),
    );
  }
}

interface VerdictText {
  readonly word: string;
  readonly details: string;
  /** Names of what the model flags, which are among the details. */
  readonly flags: string;
  /** A class: whether the verdict is the one that the test itself expects; empty if it expects none. */
  readonly look: 'expected' | 'unexpected' | '';
}

export function verdictText(model: ModelReport, report: TestReport): VerdictText {
  if (model.kind === 'failure') {
    const details = model.diagnostics.map(({ message }) => message).join('; ');
    const look = model.excused ? '' : 'unexpected';
    return { word: model.excused ? 'not judged' : 'error', details, flags: '', look };
  }
  if (model.kind === 'unfinished')
    return { word: 'Unknown', details: `limit: ${model.limit}`, flags: '', look: '' };
  const expectation = report.expectations.get(model.model);
  const wrong = mismatch(model, expectation);
  const known = wrong ?? forgiven(model, expectation) ?? 'as expected';
  const isOpen = expectation === undefined || model.verdict === 'Unknown';
  return {
    word: model.verdict,
    flags: model.result.flags.map(({ name }) => name).join(', '),
    details: [...(isOpen ? [] : [known]), ...verdictDetails(model, true)].join('; '),
    look: isOpen ? '' : wrong === null ? 'expected' : 'unexpected',
  };
}

/** Rows of a table; of more, the page has those that the condition speaks of first, and says how many are left out. */
const MOST_ROWS = 400;

function statesTable({ models }: TestView, index: number): Html | null {
  const runs = models.map(({ run }) => run);
  const names = columnNames(runs);
  const all = withForbidden(collectRows(runs, names, asciiSymbols), models, names);
  if (all.length === 0) return null;
  const rows = mostTelling(all);
  const omitted = all.length - rows.length;
  const more =
    omitted === 0 ? '' : ` ${omitted} more are not listed here: \u201cfencepost run\u201d lists them all.`;
  const heading = element(
    'tr',
    {},
    ...names.map((name) => element('th', { scope: 'col', class: 'value' }, name)),
    ...models.map(({ run }) => element('th', { scope: 'col' }, run.model)),
  );
  return element(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Final states' },
    element(
      'table',
      { class: 'states' },
      element(
        'caption',
        {},
        `Final states, and which models allow them. A marked row is one that the condition speaks of.${more}`,
      ),
      element('thead', {}, heading),
      element('tbody', {}, ...rows.map((row) => stateRow(row, names, models, index))),
    ),
  );
}

function mostTelling(rows: readonly Row[]): readonly Row[] {
  if (rows.length <= MOST_ROWS) return rows;
  const asked = rows.filter(({ satisfies }) => satisfies);
  const others = rows.filter(({ satisfies }) => !satisfies);
  return [...asked, ...others].slice(0, MOST_ROWS).sort(compareRows);
}

/** The rows of the states that models allow, and of those that no model allows but a picture shows: what the test asks for, often. */
function withForbidden(rows: readonly Row[], models: readonly ModelView[], names: readonly string[]): Row[] {
  const all = new Map(rows.map((row) => [rowKey(row.values), row]));
  for (const { run, pictures } of models)
    for (const { execution, satisfies } of pictures) {
      const values = valuesOf(execution.finals, run.program.observed, names);
      const key = rowKey(values);
      if (all.has(key)) continue;
      const cells = models.map((model) => (model.run.result.limit === null ? asciiSymbols.no : '?'));
      all.set(key, { values, satisfies, cells });
    }
  return [...all.values()].sort(compareRows);
}

function stateRow(row: Row, names: readonly string[], models: readonly ModelView[], index: number): Html {
  const key = rowKey(row.values);
  const cells = models.map((view, column): Html => {
    const text = row.cells[column] ?? '';
    const picture = view.pictures.findIndex(
      ({ execution }) => rowKey(valuesOf(execution.finals, view.run.program.observed, names)) === key,
    );
    const word = text === asciiSymbols.no ? 'no' : text;
    const link =
      picture < 0
        ? word
        : element(
            'a',
            { href: `#${modelId(index, column)}`, 'data-model': column, 'data-picture': picture },
            word,
          );
    return element('td', { class: word === 'no' ? 'no' : 'yes' }, link);
  });
  return element(
    'tr',
    { class: row.satisfies ? 'asked' : null },
    ...row.values.map((value) => element('td', { class: 'value' }, value === null ? '' : showValue(value))),
    ...cells,
  );
}

/** Values in the order of the table's columns, which the model's own program may have in another. */
function valuesOf(
  finals: readonly Value[],
  observed: readonly Observable[],
  names: readonly string[],
): (Value | null)[] {
  const known = observed.map(plainName);
  return names.map((name) => finals[known.indexOf(name)] ?? null);
}

function rowKey(values: readonly (Value | null)[]): string {
  return JSON.stringify(values.map((value) => (value === null ? null : showValue(value))));
}
