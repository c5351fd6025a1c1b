/**
 * The report as one HTML document: source, outcomes, and under each model the execution that answers the test's question, with its
 * explanation. That much is there without a script, for archives and printers; the script (browser/) puts in its place a
 * viewer of all executions, from the data in the page.
 *
 * Self-contained: a content security policy allows nothing but what is in the page.
 */
import { positionAt, type SourceFile } from '../text/source.js';
import { modelNames } from '../verdict/model-choice.js';
import type { TestReport } from '../verdict/report.js';
import { type Content, dataElement, drawing, element, type Html, markupOf, ownText, prose } from './html.js';
import { outcomesHtml, verdictText } from './outcome-table.js';
import {
  type Chapter,
  DATA_ID,
  lineId,
  modelId,
  type PageData,
  type Reason,
  type Said,
  sectionId,
} from './page-data.js';
import { pageStyle } from './page-style.js';
import type { ModelView, TestView } from './test-data.js';

/** The script that `build.mjs` bundles, and what a policy calls it. */
export interface PageScript {
  readonly text: string;
  /** Base64 of the gzip of a text: the data are some tens of times smaller so. */
  readonly compress: (text: string) => string;
  /** Base64 SHA-256 of a text, for the content security policy. */
  readonly digest: (text: string) => string;
}

export type PageTest = JudgedTest | OpenTest;

export interface JudgedTest {
  readonly kind: 'judged';
  readonly view: TestView;
  /** By model: the SVG of its main picture. */
  readonly drawings: ReadonlyMap<string, string>;
}

/** A limit ended the work on it before any model was asked. */
export interface OpenTest {
  readonly kind: 'open';
  readonly source: SourceFile;
  readonly limit: string;
}

/** As its header says; of a test that was not read to its end, as its file is called. */
export function nameOf(test: PageTest): string {
  if (test.kind === 'judged') return test.view.report.name;
  return fileOf(test.source).replace(/\.litmus$/, '');
}

function fileOf({ name }: SourceFile): string {
  return name.replace(/^.*[/\\]/, '');
}

export function renderPage(tests: readonly PageTest[], script: PageScript): string {
  const names = tests.map(nameOf);
  const title = names.length === 1 ? `${names[0]} - fencepost` : `${names.length} tests - fencepost`;
  const data: PageData = {
    tests: tests.map((test) => ({
      name: nameOf(test),
      models: test.kind === 'open' ? [] : test.view.models.map((model) => model.data),
    })),
  };
  const style = pageStyle();
  const head = element(
    'head',
    {},
    element('meta', { charset: 'utf-8' }),
    element('meta', { 'http-equiv': 'Content-Security-Policy', content: policy(style, script) }),
    element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    element('meta', { name: 'color-scheme', content: 'light dark' }),
    element('meta', { name: 'generator', content: 'fencepost' }),
    element('title', {}, title),
    ownText('style', style),
  );
  const body = element(
    'body',
    {},
    tests.length > 1 ? index(tests) : null,
    element('main', {}, ...tests.map(testSection)),
    element('p', { class: 'live', 'aria-live': 'polite', role: 'status' }),
    dataElement(DATA_ID, script.compress(JSON.stringify(data))),
    ownText('script', script.text),
  );
  return `<!DOCTYPE html>\n${markupOf(element('html', { lang: 'en' }, head, body))}\n`;
}

/** Scripts and styles of this page alone; the script compiles Graphviz' WebAssembly. */
function policy(style: string, { text, digest }: PageScript): string {
  return [
    "default-src 'none'",
    `script-src 'sha256-${digest(text)}' 'wasm-unsafe-eval'`,
    `style-src 'sha256-${digest(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** A line for each test, with the verdict of each model and what it flags. Tests of one name have their files with them. */
function index(tests: readonly PageTest[]): Html {
  const models = modelsOf(tests.flatMap((test) => (test.kind === 'judged' ? [test.view.report] : [])));
  const names = tests.map(nameOf);
  const rows = tests.map((test, at) => {
    const name = names[at]!;
    const cells = models.map((model) =>
      test.kind === 'judged' ? verdictCell(test.view.report, model) : element('td', {}, 'Unknown'),
    );
    const link = element('a', { href: `#${sectionId(at)}` }, name);
    const isAlone = names.indexOf(name) === names.lastIndexOf(name);
    const { source } = test.kind === 'judged' ? test.view.report : test;
    const file = isAlone ? null : element('span', { class: 'details' }, ` ${source.name}`);
    return element('tr', {}, element('th', { scope: 'row' }, link, file), ...cells);
  });
  const head = ['Test', ...models].map((text) => element('th', { scope: 'col' }, text));
  return element(
    'nav',
    { 'aria-label': 'Tests' },
    element('h1', {}, `${tests.length} tests`),
    element(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Verdicts of all tests' },
      element('table', {}, element('thead', {}, element('tr', {}, ...head)), element('tbody', {}, ...rows)),
    ),
  );
}

function verdictCell(report: TestReport, name: string): Html {
  const model = report.models.find((one) => one.model === name);
  if (model === undefined) return element('td', {});
  const { word, look, flags } = verdictText(model, report);
  const flagged = flags === '' ? null : element('span', { class: 'details' }, ` (${flags})`);
  return element('td', { class: look }, word, flagged);
}

/** Fencepost's own in their order, then others as they come. */
function modelsOf(reports: readonly TestReport[]): string[] {
  const found = new Set(reports.flatMap(({ models }) => models.map(({ model }) => model)));
  const own: readonly string[] = modelNames;
  return [...own.filter((name) => found.has(name)), ...[...found].filter((name) => !own.includes(name))];
}

function testSection(test: PageTest, at: number): Html {
  return element(
    'section',
    { class: 'test', id: sectionId(at), 'aria-labelledby': `${sectionId(at)}-name` },
    element('h2', { id: `${sectionId(at)}-name` }, nameOf(test)),
    ...(test.kind === 'judged' ? judgedTest(test, at) : openTest(test, at)),
  );
}

function openTest({ source, limit }: OpenTest, at: number): Content[] {
  return [
    element(
      'ul',
      { class: 'verdicts', 'aria-label': 'Verdicts' },
      element(
        'li',
        { class: 'verdict' },
        element('strong', {}, 'Unknown'),
        element('span', { class: 'details' }, ` not finished, no model was asked (limit: ${limit})`),
      ),
    ),
    element('div', { class: 'bench' }, sourceListing(source, at)),
  ];
}

function judgedTest({ view, drawings }: JudgedTest, at: number): Content[] {
  const { report, models } = view;
  const condition = models[0]?.run.program.condition.text ?? '';
  return [
    condition === '' ? null : element('p', { class: 'condition' }, element('code', {}, condition)),
    outcomesHtml(view, at),
    element(
      'div',
      { class: 'bench' },
      sourceListing(report.source, at),
      element(
        'div',
        { class: 'stage' },
        ...models.map((model, column) =>
          staticModel(model, drawings.get(model.run.model) ?? null, modelId(at, column)),
        ),
      ),
    ),
  ];
}

/** Lines with their numbers, which are not part of the text that a reader copies. */
function sourceListing(source: SourceFile, at: number): Html {
  const lines = source.text.replace(/\r?\n$/, '').split(/\r?\n/);
  const first = positionAt(source, 0).line;
  const items = lines.map((text, offset) =>
    element('li', { id: lineId(at, first + offset) }, element('code', {}, text === '' ? ' ' : text)),
  );
  return element(
    'figure',
    { class: 'source' },
    element('figcaption', {}, fileOf(source)),
    element('ol', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Source' }, ...items),
  );
}

function staticModel({ run, data, main, remark }: ModelView, svg: string | null, id: string): Html {
  const picture = data.pictures[main];
  const content: Content[] = [element('h3', {}, `${run.model}: ${run.verdict}`)];
  if (picture === undefined)
    content.push(element('p', {}, 'No picture: no execution of the threads completes, or none was found.'));
  else
    content.push(
      svg === null ? null : element('div', { class: 'drawing' }, drawing(svg)),
      element('p', { class: 'headline' }, ...prose(picture.headline)),
      ...picture.story.map(chapterHtml),
    );
  content.push(...data.notes.map(chapterHtml));
  if (remark !== null) content.push(element('p', { class: 'details' }, remark));
  return element('article', { class: picture === undefined ? 'static' : 'static pictured', id }, ...content);
}

function chapterHtml({ heading, said, isOrdered, conclusion }: Chapter): Content {
  return [
    element('h4', {}, ...prose(heading)),
    element(isOrdered ? 'ol' : 'ul', { class: 'said' }, ...said.map(saidItem)),
    conclusion === null ? null : element('p', {}, ...prose(conclusion)),
  ];
}

function saidItem({ text, reasons }: Said): Html {
  if (reasons.length === 0) return element('li', {}, ...prose(text));
  return element(
    'li',
    {},
    element('details', {}, element('summary', {}, ...prose(text)), reasonList(reasons)),
  );
}

function reasonList(reasons: readonly Reason[]): Html {
  return element(
    'ul',
    {},
    ...reasons.map(({ text, parts }) =>
      element('li', {}, ...prose(text), parts.length === 0 ? null : reasonList(parts)),
    ),
  );
}
