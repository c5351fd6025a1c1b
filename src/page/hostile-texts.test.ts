/** What tests, files and models are called, in everything that is generated: it stays text. In a real browser: page.test.ts. */
import { beforeAll, describe, expect, it } from 'vitest';
import { toDot } from '../graph/dot.js';
import { picturesOfRun } from '../graph/pictures-of-run.js';
import { sideBySide } from '../graph/side-by-side.js';
import { tidySvg } from '../graph/svg.js';
import { createGraphvizDrawer } from '../io/graphviz.js';
import { pageScript } from '../io/page-script.js';
import { proofDocument } from '../proof/document.js';
import { findEvidence } from '../proof/evidence.js';
import { code, fenced, plain } from '../proof/markdown.js';
import { userModel } from '../verdict/judge.js';
import { isRun, type ModelRun, type TestReport } from '../verdict/report.js';
import { defaultRunOptions, runTest } from '../verdict/run-test.js';
import { hostileNames, hostileTestOf } from './hostile-texts.js';
import { renderPage } from './page-html.js';
import { viewOfTest } from './test-data.js';

const search = { mode: 'outcomes', unroll: 2, expired: null } as const;
const drawer = createGraphvizDrawer();

function judged(name: string): { readonly report: TestReport; readonly run: ModelRun } {
  const model = userModel({
    name,
    source: {
      name: `${name}.cat`,
      text: `"${name.replaceAll('"', "'")}"\nacyclic po-loc | rf | co | fr (* ${name.replaceAll('*', '')} *) as coherence\n`,
    },
    resolveInclude: () => null,
    options: {},
    target: null,
  });
  const source = { name: `${name}.litmus`, text: hostileTestOf(name) };
  const report = runTest(source, { ...defaultRunOptions, models: [model] });
  if (report.kind !== 'test') throw new Error(`no test: ${name}`);
  const [run] = report.models.filter(isRun);
  if (run === undefined) throw new Error(`no run: ${name}`);
  return { report, run };
}

/** The elements of markup, by their names: what a parser that knows no more than the brackets finds. */
function elementsOf(markup: string): Set<string> {
  const found = [...markup.matchAll(/<\/?([A-Za-z!?][\w:-]*)/g)].map(([, name = '']) => name.toLowerCase());
  return new Set(found);
}

describe.each(hostileNames)('%s', (name) => {
  let report: TestReport;
  let run: ModelRun;
  beforeAll(() => {
    ({ report, run } = judged(name));
  });

  it('is text in pictures', async () => {
    const { pictures } = picturesOfRun(run, report.name, { search, most: 3 });
    expect(pictures.length).toBeGreaterThan(0);
    const drawn: string[] = [];
    for (const { graph } of pictures) {
      const svg = tidySvg(await drawer.drawSvg(toDot(graph)), graph);
      drawn.push(svg);
      expect([...elementsOf(svg)].sort()).toEqual(
        ['?xml', 'g', 'path', 'polygon', 'svg', 'text', 'title'].filter((tag) => elementsOf(svg).has(tag)),
      );
      expect(svg.match(/<title>/g)?.length).toBe(1);
      expect(svg).not.toMatch(/<[^>]*(?: on\w+|href)=|[\ufffe\uffff]/);
    }
    const both = sideBySide(drawn.slice(0, 2).map((svg) => ({ title: name, svg })));
    expect(elementsOf(both).has('script')).toBe(false);
    expect(elementsOf(both).has('img')).toBe(false);
  });

  it('is text in a page', () => {
    const view = viewOfTest(report, () => ({ search, most: 3 }));
    const page = renderPage([{ kind: 'judged', view, drawings: new Map() }], pageScript('0;'));
    const own = elementsOf(renderPage([], pageScript('0;')));
    const more = [...elementsOf(page)].filter((tag) => !own.has(tag));
    for (const tag of ['img', 'a/href', 'svg/onload', 'iframe', 'object', 'foreignobject'])
      expect(more).not.toContain(tag);
    expect(page.match(/<script/g)?.length).toBe(2);
    expect(page.match(/<style/g)?.length).toBe(1);
    expect(page).not.toMatch(/<[^>]* on\w+=/);
    expect(page).not.toMatch(/href="(?!#)/);
  });

  it('is text in a proof', () => {
    const evidence = findEvidence(run, 'sometimes', { search, most: 3 });
    if (evidence.kind === 'limit') throw new Error(evidence.limit);
    const { text } = proofDocument({
      run,
      claim: 'sometimes',
      evidence,
      test: report.name,
      source: report.source,
      assembly: null,
      barriers: null,
      commands: [`fencepost prove '${name}'`],
      version: '0',
      pictureFile: (number) => `${number}.svg`,
    });
    const marked = proseOf(text)
      .split('\n')
      .filter((line) => /(?<!\\)</.test(line));
    expect(marked).toEqual([]);
    expect(proseOf(text)).not.toMatch(/(?<!\\)\]\((?!\d+\.svg\))/);
  });
});

/** What Markdown reads as prose: without fences and code between as many backticks as it begins with (CommonMark 4.5, 6.1). */
function proseOf(markdown: string): string {
  const lines: string[] = [];
  let fence: string | null = null;
  for (const line of markdown.split('\n')) {
    const [, ticks] = /^ {0,3}(`{3,})[^`]*$/.exec(line) ?? [];
    if (fence === null && ticks !== undefined) fence = ticks;
    else if (fence === null) lines.push(line);
    else if (new RegExp(`^ {0,3}\`{${fence.length},}\\s*$`).test(line)) fence = null;
  }
  return lines
    .join('\n')
    .split(/\n{2,}/)
    .map(withoutCode)
    .join('\n\n');
}

function withoutCode(paragraph: string): string {
  let out = '';
  for (let at = 0; at < paragraph.length; ) {
    const [piece] = /^(?:\\[\s\S]|`+|[^\\`]+|\\)/.exec(paragraph.slice(at))!;
    at += piece.length;
    const rest = paragraph.slice(at);
    const close = piece.startsWith('`') ? new RegExp(`(?<!\`)${piece}(?!\`)`).exec(rest) : null;
    if (close === null) out += piece;
    else at += close.index + piece.length;
  }
  return out;
}

describe('Markdown', () => {
  it.each([
    ['`a` <b>', '`a` \\<b>'],
    ['`<b>``', '\\`\\<b>\\`\\`'],
    ['``<b>`', '\\`\\`\\<b>\\`'],
    ['a\u001b[31m', 'a\\\\x1b\\[31m'],
  ])('keeps %j text', (text, written) => {
    expect(plain(text)).toBe(written);
    expect(proseOf(written)).not.toMatch(/(?<!\\)</);
  });

  it.each(['a', '`', 'a `b` c', '``', '` `` ```'])('ends code after %j', (text) => {
    expect(proseOf(`before ${code(text)} after`)).toBe('before  after');
    expect(proseOf(`before\n\n${fenced(text, 'c')}\n\nafter`)).toBe('before\n\nafter');
  });
});
