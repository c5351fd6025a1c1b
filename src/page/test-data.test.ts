/** The data of the page, on tests of all languages and with locks, RCU, loops, several executions and none. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createGraphvizDrawer } from '../io/graphviz.js';
import { defaultSearchOptions } from '../search/search.js';
import { runTest } from '../verdict/run-test.js';
import { hostileTest } from './hostile-test.js';
import type { PictureData, Reason } from './page-data.js';
import { type TestView, viewOfTest } from './test-data.js';

function viewOf(text: string, most = 24): TestView {
  const report = runTest({ name: 'test.litmus', text });
  if (report.kind !== 'test') throw new Error(report.diagnostics.map(({ message }) => message).join('\n'));
  return viewOfTest(report, () => ({ search: { ...defaultSearchOptions, mode: 'outcomes' }, most }));
}

function litmus(path: string): string {
  return readFileSync(new URL(`../../litmus/${path}`, import.meta.url), 'utf8');
}

function pictures(view: TestView): PictureData[] {
  return view.models.flatMap(({ data }) => data.pictures);
}

function depth({ parts }: Reason): number {
  return 1 + Math.max(0, ...parts.map(depth));
}

const race = litmus('blocked-on-vs-state/race.litmus');

describe('the data of a page', () => {
  it.each([
    'blocked-on-vs-state/race.litmus',
    'blocked-on-vs-state/fix-release.litmus',
    'blocked-on-vs-state/race-sketch.litmus',
    'assembly/arm64-cas-failed.litmus',
  ])('say something of every node and edge of %s', async (path) => {
    const text = litmus(path);
    const view = viewOf(text);
    const lines = text.split('\n').length;
    expect(pictures(view).length).toBeGreaterThan(0);
    const svg = await createGraphvizDrawer().drawSvg(pictures(view)[0]!.dot);
    const first = pictures(view)[0]!;
    for (const { key } of [...first.nodes, ...first.edges]) expect(svg).toContain(`id="${key}"`);
    for (const { nodes, edges, story } of pictures(view)) {
      const keys = [...nodes, ...edges].map(({ key }) => key);
      expect(new Set(keys).size).toBe(keys.length);
      expect(story.length).toBeGreaterThan(0);
      for (const { line, name, deeds } of nodes) {
        expect(name).not.toBe('');
        expect(deeds.length).toBeGreaterThan(0);
        if (line !== null) expect(line).toBeLessThanOrEqual(lines);
      }
      for (const { said, from, to, title } of edges) {
        expect(keys, title).toEqual(expect.arrayContaining([from, to]));
        expect(said.length, title).toBeGreaterThan(0);
        for (const { reasons, nodes: about } of said) {
          expect(reasons.length, title).toBeGreaterThan(0);
          expect(keys).toEqual(expect.arrayContaining([...about]));
        }
      }
    }
  });

  it('answer the question of the test with the main picture', () => {
    const answers = viewOf(race).models.map(({ data, main }) => {
      const { isAllowed, isAsked, state } = data.pictures[main]!;
      return [data.model, isAllowed, isAsked, state];
    });
    const state = '1:r0=1; 1:r1=0';
    expect(answers).toEqual([
      ['lkmm', true, true, state],
      ['arm64', true, true, state],
      ['x86', false, true, state],
      ['sc', false, true, state],
    ]);
  });

  it('unfold an edge of a cycle to the definitions of the model', () => {
    const x86 = viewOf(race).models.find(({ data }) => data.model === 'x86')!;
    const cycle = x86.data.pictures[x86.main]!.edges.filter(({ highlighted }) => highlighted);
    expect(cycle.map(({ title }) => title.split(' ')[0])).toEqual(expect.arrayContaining(['rf', 'fr']));
    const store = cycle.find(({ said }) => /in program order/.test(said[0]!.text))!;
    expect(Math.max(...store.said.flatMap(({ reasons }) => reasons.map(depth)))).toBeGreaterThan(1);
  });

  it('say of two stores with nothing between them that no axiom keeps them in order', () => {
    const lkmm = viewOf(race).models.find(({ data }) => data.model === 'lkmm')!;
    const { edges } = lkmm.data.pictures[lkmm.main]!;
    const stores = edges.find(({ title }) => /^po .*WRITE_ONCE.*WRITE_ONCE/.test(title))!;
    expect(stores.said[0]!.reasons[0]!.text).toMatch(/^No axiom of lkmm keeps P0:\d+ before P0:\d+$/);
  });

  it('say what of many states is not drawn', () => {
    const view = viewOf(race, 2);
    for (const { data, remark, main } of view.models) {
      expect(data.pictures.length).toBe(2);
      expect(data.pictures[main]!.isAsked).toBe(true);
      expect(remark).toMatch(/^2 more final states are not drawn/);
    }
  });

  it('have no picture where no execution completes', () => {
    const text = 'C stuck\n{ }\nP0(spinlock_t *l)\n{\n\tspin_lock(l);\n\tspin_lock(l);\n}\nexists (true)\n';
    for (const { data, main } of viewOf(text).models) {
      expect(data.notes.map(({ heading }) => heading)).toEqual(['Why no execution completes']);
      expect(data.notes[0]!.said.length).toBeGreaterThan(0);
      expect([data.pictures, main, data.verdict]).toEqual([[], -1, 'Deadlock']);
    }
  });

  it('name the filter where nothing passes it', () => {
    const text = 'C none\n{ }\nP0(int *x)\n{\n\tWRITE_ONCE(*x, 1);\n}\nfilter (x=2)\nexists (x=1)\n';
    for (const { data } of viewOf(text).models)
      expect(data.notes.map(({ heading }) => heading)).toEqual([
        'Why no execution completes and passes the filter',
      ]);
  });

  it('say of an outcome that no model gives why, and of a data race which accesses', () => {
    const text =
      'C odd\n{ }\nP0(int *x)\n{\n\t*x = 1;\n}\nP1(int *x)\n{\n\tint r0;\n\n\tr0 = *x;\n}\nexists (1:r0=7)\n';
    const [lkmm, arm64] = viewOf(text).models.map(({ data }) => data);
    const never = 'Why no execution gives the outcome, whatever the model';
    expect(arm64!.notes.map(({ heading }) => heading)).toEqual([never]);
    expect(lkmm!.notes.map(({ heading }) => heading)).toEqual(['Flag `data-race`', never]);
    expect(lkmm!.notes[0]!.said.map((said) => said.text).join(' ')).toMatch(/P0:5[\s\S]*P1:11/);
  });

  it('draw what coherence alone forbids, if the test asks for it', () => {
    const text =
      'C corr\n{ }\nP0(int *x)\n{\n\tWRITE_ONCE(*x, 1);\n}\nP1(int *x)\n{\n\tint r0;\n\tint r1;\n\n\tr0 = READ_ONCE(*x);\n\tr1 = READ_ONCE(*x);\n}\nexists (1:r0=1 /\\ 1:r1=0)\n';
    const { models } = viewOf(text);
    expect(models.length).toBe(4);
    for (const { data, main } of models) {
      expect(data.notes).toEqual([]);
      expect(data.pictures[main]).toMatchObject({ state: '1:r0=1; 1:r1=0', isAllowed: false, isAsked: true });
      expect(data.pictures[main]!.story[0]!.conclusion).toMatch(/would come before itself/);
    }
  });

  it('keep hostile text as it is', async () => {
    expect(viewOf(hostileTest).report.name).toBe('</script><script>hacked=1</script>');
    const svg = await createGraphvizDrawer().drawSvg(pictures(viewOf(hostileTest))[0]!.dot);
    expect(svg).not.toMatch(/<(script|b|img|svg onload)\b/);
    const said = svg.replace(/<\/text>\s*<text[^>]*>/g, ' ');
    expect(said).toContain('&lt;script&gt;hacked=3&lt;/script&gt; \\N &lt;b&gt;bold');
  });
});
