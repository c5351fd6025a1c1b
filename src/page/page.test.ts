/**
 * The page in a real Chromium, from a file: what a reader sees, clicks, types and prints. Debian's browser, driven by playwright-core;
 * where there is none the tests are skipped, unless FENCEPOST_NEEDS_CHROMIUM says that there must be one.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bundlePageScript } from '../../page-script.mjs';
import { reportCommand } from '../cli/report-command.js';
import { fencepost, plainTerminal } from '../cli/test-terminal.js';
import { pageScript } from '../io/page-script.js';
import { checked } from '../text/diagnostic.js';
import { hostileTest } from './hostile-test.js';
import { hostileNames, hostileTestOf } from './hostile-texts.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const browserPath = '/usr/bin/chromium';
const isAbsent = !existsSync(browserPath) && process.env.FENCEPOST_NEEDS_CHROMIUM !== '1';
if (isAbsent) console.warn(`skipped: there is no Chromium (${browserPath})`);

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const race = join(root, 'litmus/blocked-on-vs-state/race.litmus');
const threeThreads = join(root, 'litmus/wound-wait/abba-cycle.litmus');
const fixed = join(root, 'litmus/blocked-on-vs-state/fix-wmb.litmus');

describe.skipIf(isAbsent)('the page in a browser', () => {
  let browser: Browser;
  let folder: string;
  let scriptText: ReturnType<typeof bundlePageScript> | null = null;
  /** Pages that several tests look at, one after the other, by the motion that their reader wants. */
  const shared = new Map<string, Page>();
  const faults: string[] = [];

  /** Makes a report of these files, and gives its address. */
  async function report(name: string, files: readonly string[], model?: string): Promise<string> {
    scriptText ??= bundlePageScript(root);
    const script = pageScript(await scriptText);
    const out = join(folder, `${name}.html`);
    const said: string[] = [];
    const terminal = { ...plainTerminal, err: (text: string) => void said.push(text) };
    const options = {
      files,
      out,
      atomics: 'lse',
      unroll: undefined,
      timeout: undefined,
      techniques: {},
      model,
      conf: undefined,
      bell: undefined,
      macros: undefined,
      include: undefined,
      variant: undefined,
      compileTo: undefined,
    } as const;
    const code = await reportCommand(options, terminal, async () => checked(script, []));
    expect([code, said.join('')]).toEqual([0, expect.stringContaining(`wrote ${out}`)]);
    return pathToFileURL(out).href;
  }

  /** A page whose every request but its own, error, warning and dialog is a fault. */
  async function open(address: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({
      viewport: { width: 1300, height: 900 },
      reducedMotion: 'reduce',
      ...options,
    });
    const page = await context.newPage();
    page.on('request', (request) => {
      if (request.url().replace(/#.*/, '') !== address) faults.push(`request: ${request.url()}`);
    });
    page.on('console', (message) => faults.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
    page.on('dialog', (dialog) => {
      faults.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.goto(address);
    if (options.javaScriptEnabled !== false) await settled(page);
    return page;
  }

  /** The race, as the tests before have left it. */
  async function openShared(reducedMotion: 'reduce' | 'no-preference'): Promise<Page> {
    const page = shared.get(reducedMotion) ?? (await open(raceAddress, { reducedMotion }));
    shared.set(reducedMotion, page);
    return page;
  }

  let raceAddress = '';
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'fencepost-page-'));
    [browser, raceAddress] = await Promise.all([
      chromium.launch({ executablePath: browserPath, args: quiet }),
      report('race', [race], 'lkmm,x86'),
    ]);
  });

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  afterEach(async () => {
    const kept = [...shared.values()].map((page) => page.context());
    for (const context of browser.contexts()) if (!kept.includes(context)) await context.close();
    expect(faults.splice(0)).toEqual([]);
  });

  const where = (page: Page) => page.locator('.where');
  const choice = (page: Page) => page.locator('[data-part=choice]');
  const next = (page: Page) => page.getByRole('button', { name: 'Next' });
  /** An edge of the picture, by the beginning of its name. */
  const edge = (page: Page, name: string) => page.locator(`.drawn g.edge[aria-label^="${name}"]`).first();
  const node = (page: Page, name: string) => page.locator(`.drawn g.node[aria-label*="${name}"]`).first();
  const script = <T>(page: Page, code: string): Promise<T> => page.evaluate<T>(code);
  /** The keys of what is drawn. */
  const drawn = (page: Page): Promise<string[]> =>
    script(page, `[...document.querySelectorAll('.drawn g.edge')].map((g) => g.id).sort()`);
  /** The text that is to be seen. */
  // biome-ignore lint/performance/useDomNodeTextContent: what is hidden does not count
  const seen = (locator: Locator): Promise<string> => locator.innerText();
  const settled = (page: Page) => page.locator('.drawn[aria-busy=false]').first().waitFor();

  /** Clicks some pixels from the middle of an edge that runs downwards. */
  async function clickBeside(page: Page, target: Locator): Promise<void> {
    const box = (await target.locator('path').boundingBox())!;
    await page.mouse.click(box.x + box.width / 2 - 6, box.y + box.height / 3);
  }

  it('shows source, outcomes and the execution that answers, without asking for anything', async () => {
    const page = await openShared('reduce');
    expect(await page.title()).toBe('blocked-on-vs-state - fencepost');
    expect(await seen(page.locator('.verdicts'))).toMatch(/lkmm\s+Sometimes[\s\S]*x86\s+Never/);
    expect(await page.locator('.states tbody tr').count()).toBe(4);
    expect(await seen(page.locator('.states tr.asked'))).toMatch(/1\s+0\s+yes\s+no/);
    expect(await seen(where(page))).toContain('3 of 4: 1:r0=1; 1:r1=0 allowed');
    expect(await page.locator('.static').first().isVisible()).toBe(false);
    expect(await page.locator('.source li').count()).toBe(
      readFileSync(race, 'utf8').trimEnd().split('\n').length,
    );
    expect(await seen(page.locator('.live'))).toContain('lkmm, execution 3 of 4');
  });

  it('says of two stores without a barrier that nothing keeps them in order', async () => {
    const page = await openShared('reduce');
    await clickBeside(page, edge(page, 'po from P0:33'));
    expect(await seen(choice(page))).toContain('No axiom of lkmm keeps P0:33 before P0:34');
  });

  it('shows the line of an event', async () => {
    const page = await openShared('reduce');
    await node(page, 'r1 = READ_ONCE(p->blocked_on)').click();
    const lit = page.locator('.source li.lit');
    expect(await seen(lit)).toContain('r1 = READ_ONCE(p->blocked_on);');
    expect(await lit.getAttribute('id')).toBe('test-1-line-48');
    expect(
      await script(
        page,
        `(() => {
        const line = document.querySelector('.source li.lit').getBoundingClientRect();
        const box = document.querySelector('.source ol').getBoundingClientRect();
        return line.top >= box.top && line.bottom <= box.bottom;
      })()`,
      ),
    ).toBe(true);
    expect(await seen(choice(page))).toContain('line 48');
  });

  it('tells of an edge why it is there, and unfolds the derivation', async () => {
    const page = await openShared('reduce');
    await page.getByRole('radio', { name: 'x86' }).check();
    await settled(page);
    expect(await seen(where(page))).toContain('1:r0=1; 1:r1=0 forbidden');
    await clickBeside(page, page.locator('.drawn g.edge.highlighted[data-group=po]').first());
    const text = await seen(choice(page));
    expect(text).toMatch(/P\d:\d+ .* is before P\d:\d+ .* in program order/);
    const folded = choice(page).locator('details details:not([open]) > summary').first();
    await folded.click();
    expect((await seen(choice(page))).length).toBeGreaterThan(text.length);
    expect(await page.locator('.source li.lit').count()).toBe(2);
  });

  it('steps through the executions, with what is the same kept in place', async () => {
    const page = await openShared('no-preference');
    const before = await drawn(page);
    const kept = `document.querySelector('.drawn g.node[aria-label*="__state, 1"]').isKept`;
    await script(page, `${kept} = true`);
    await next(page).click();
    await settled(page);
    expect(await seen(where(page))).toContain('4 of 4: 1:r0=1; 1:r1=1');
    expect(await next(page).isDisabled()).toBe(true);
    const after = await drawn(page);
    expect(after).not.toEqual(before);
    expect(after.filter((key) => before.includes(key)).length).toBeGreaterThan(3);
    expect(await script(page, kept)).toBe(true);
    expect(await page.locator('.drawn svg').innerHTML()).toContain('1:r0=1; 1:r1=1');
  });

  it('ends at the last execution asked for when steps come faster than pictures', async () => {
    const page = await openShared('no-preference');
    await page.locator('.states a[data-picture="3"]').first().click();
    await settled(page);
    const expected = await drawn(page);
    for (const picture of [0, 1, 2, 0, 1, 3])
      await script(page, `document.querySelector('.states a[data-picture="${picture}"]').click()`);
    await page.waitForTimeout(700);
    await settled(page);
    expect(await drawn(page)).toEqual(expected);
    expect(await seen(where(page))).toContain('4 of 4');
  });

  it('hides and shows relations, and keeps to it', async () => {
    const page = await open(raceAddress);
    const visible = (group: string): Promise<number> =>
      page.locator(`.drawn g.edge[data-group=${group}]:visible`).count();
    const box = page.getByRole('checkbox', { name: 'rf: reads from' });
    const others = await visible('po');
    expect(await visible('rf')).toBeGreaterThan(0);
    await box.uncheck();
    expect([await visible('rf'), await visible('po')]).toEqual([0, others]);
    await next(page).click();
    await settled(page);
    expect(await visible('rf')).toBe(0);
    await page.getByRole('checkbox', { name: 'rf: reads from' }).check();
    expect(await visible('rf')).toBeGreaterThan(0);
    await page.getByRole('checkbox', { name: 'fences' }).uncheck();
    expect(await page.locator('.drawn g.node.fence:visible').count()).toBe(0);
    expect(await visible('fences')).toBe(0);
  });

  it('can be used with the keyboard alone', async () => {
    const page = await open(raceAddress);
    const tabTo = async (selector: string): Promise<void> => {
      for (let presses = 0; presses < 80; presses++) {
        await page.keyboard.press('Tab');
        if (await script<boolean>(page, `document.activeElement.matches(${JSON.stringify(selector)})`))
          return;
      }
      throw new Error(`no way to ${selector} by Tab`);
    };
    await tabTo('input[type=radio]');
    await page.keyboard.press('ArrowRight');
    await settled(page);
    expect(await seen(where(page))).toContain('forbidden');
    await tabTo('.drawn g.edge');
    const ring = `getComputedStyle(document.activeElement).outlineStyle`;
    expect(await script(page, ring)).toBe('solid');
    await page.keyboard.press('Enter');
    const told = await seen(choice(page));
    expect(told).toMatch(/x86 keeps .* before/);
    expect(await page.locator('.drawn [aria-pressed=true]').count()).toBe(1);
    await page.keyboard.press('ArrowLeft');
    expect(await seen(where(page))).toContain('2 of 4');
    await settled(page);
    await tabTo('input[type=checkbox]');
    await page.keyboard.press('Space');
    expect(await page.locator('.drawn g[data-hidden]').count()).toBeGreaterThan(0);
    await page.keyboard.press('ArrowRight');
    expect(await seen(where(page))).toContain('3 of 4');
    expect(await script(page, 'document.activeElement.type')).toBe('checkbox');
    await tabTo('[data-part=execution] summary');
    await page.keyboard.press('Enter');
    expect(await page.locator('[data-part=execution] details[open]').count()).toBe(1);
  });

  it('is dark where the reader wants it, with text that can be read', async () => {
    const page = await open(raceAddress, { colorScheme: 'dark' });
    const contrast = `(selector, property) => {
      const light = (colour) => {
        const [r, g, b] = colour.match(/[\\d.]+/g).map((v) => v / 255)
          .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const paper = light(getComputedStyle(document.documentElement).backgroundColor);
      return [...document.querySelectorAll(selector)].map((element) => {
        const ink = light(getComputedStyle(element)[property]);
        return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
      });
    }`;
    const least = async (selector: string, property: string): Promise<number> =>
      Math.min(
        ...(await script<number[]>(page, `(${contrast})(${JSON.stringify(selector)}, '${property}')`)),
      );
    for (const scheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      const paper = await script<string>(page, 'getComputedStyle(document.documentElement).backgroundColor');
      expect(paper).toBe(scheme === 'dark' ? 'rgb(21, 23, 27)' : 'rgb(255, 255, 255)');
      expect(await least('h2, .details, .source li code, button:enabled, td a', 'color')).toBeGreaterThan(
        4.5,
      );
      expect(await least('.drawn text', 'fill')).toBeGreaterThan(4.5);
      expect(await least('.drawn g.edge > path', 'stroke')).toBeGreaterThan(4);
    }
  });

  it('fits a phone: the page does not scroll sideways, the picture can be read and moved', async () => {
    const page = await open(raceAddress, { viewport: { width: 375, height: 740 }, hasTouch: true });
    const width = `document.documentElement.scrollWidth`;
    expect(await script(page, width)).toBe(375);
    const size = `document.querySelector('.drawn g.node text').getBoundingClientRect().height`;
    expect(await script<number>(page, size)).toBeGreaterThan(7);
    const place = `document.querySelector('.drawn g.node').getBoundingClientRect().left`;
    const left = await script<number>(page, place);
    const canvas = await page.locator('.canvas').boundingBox();
    await page.locator('.canvas').scrollIntoViewIfNeeded();
    const y = (await page.locator('.canvas').boundingBox())!.y + 60;
    await page.mouse.move(canvas!.x + 250, y);
    await page.mouse.down();
    await page.mouse.move(canvas!.x + 50, y, { steps: 4 });
    await page.mouse.up();
    expect(await script<number>(page, place)).toBeLessThan(left - 100);
    const hint = page.getByText('This is a part of the picture');
    expect(await hint.isVisible()).toBe(true);
    // more room, and less again
    await page.setViewportSize({ width: 1300, height: 900 });
    await expect.poll(() => hint.isVisible()).toBe(false);
    await expect.poll(() => script<number>(page, size)).toBeLessThan(20);
    await page.setViewportSize({ width: 375, height: 740 });
    await expect.poll(() => hint.isVisible()).toBe(true);
    await page.getByRole('button', { name: 'Fit the picture' }).click();
    expect(await hint.isVisible()).toBe(false);
    await node(page, 'smp_mb').click();
    expect(await seen(choice(page))).toContain('line 35');
    expect(await script(page, width)).toBe(375);
  });

  it('shows a wide picture whole, below the source', async () => {
    const address = await report('wide', [threeThreads], 'sc');
    const page = await open(address, { viewport: { width: 1100, height: 1000 } });
    const canvas = (await page.locator('.canvas').boundingBox())!;
    for (const box of await page.locator('.drawn g.node').all()) {
      const { x, width } = (await box.boundingBox())!;
      expect(x).toBeGreaterThan(canvas.x);
      expect(x + width).toBeLessThan(canvas.x + canvas.width);
    }
    expect(await page.getByText('This is a part of the picture').isVisible()).toBe(false);
    await page.setViewportSize({ width: 375, height: 740 });
    const caption = (await page.locator('caption').boundingBox())!;
    expect(caption.x + caption.width).toBeLessThanOrEqual(375);
  });

  it('prints in light colours, with every explanation unfolded', async () => {
    const page = await open(raceAddress, { colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.locator('.viewer').isVisible()).toBe(false);
    expect(await page.locator('.static svg').count()).toBe(2);
    expect(await seen(page.locator('.static').last())).toMatch(/Never[\s\S]*a cycle, which/);
    expect(await script(page, 'getComputedStyle(document.documentElement).backgroundColor')).toBe(
      'rgb(255, 255, 255)',
    );
    const heights = await script<number[]>(
      page,
      `[...document.querySelectorAll('.static details ul')].map((list) => list.getBoundingClientRect().height)`,
    );
    expect(heights.length).toBeGreaterThan(2);
    expect(Math.min(...heights)).toBeGreaterThan(0);
  });

  it('is of use without a script', async () => {
    const page = await open(raceAddress, { javaScriptEnabled: false });
    expect(await page.locator('.static').count()).toBe(2);
    for (const article of await page.locator('.static').all()) {
      expect(await article.isVisible()).toBe(true);
      expect(await article.locator('svg').isVisible()).toBe(true);
      expect(await article.locator('.said li').count()).toBeGreaterThan(2);
    }
  });

  it('takes no text of a test for markup', async () => {
    const path = join(folder, 'hostile.litmus');
    writeFileSync(path, hostileTest);
    const address = await report('hostile', [path], 'lkmm');
    const page = await open(address);
    expect(await seen(page.locator('h2'))).toBe('</script><script>hacked=1</script>');
    await node(page, 'WRITE_ONCE(*x, 1)').click();
    await next(page).click();
    await settled(page);
    expect(await script(page, 'typeof hacked')).toBe('undefined');
    expect(await page.locator('script').count()).toBe(2);
    expect(await page.locator('style').count()).toBe(1);
    expect(await page.locator('img, .drawn a, .drawn script').count()).toBe(0);
    expect(await page.locator('.drawn svg').textContent()).toContain('<b>bold</b> "label=<"');
    expect(await seen(page.locator('.source'))).toContain('<svg onload=hacked=5>');
  });

  it('runs nothing of what tests are called, in pages and in pictures', async () => {
    const paths = hostileNames.map((name, at) => {
      const path = join(folder, `hostile-${at}.litmus`);
      writeFileSync(path, hostileTestOf(name));
      return path;
    });
    const page = await open(await report('all-hostile', paths, 'sc'));
    expect(await page.locator('section.test').count()).toBe(hostileNames.length);
    expect(await page.locator('h2').allTextContents()).toEqual(hostileNames);
    expect(await script(page, 'typeof hacked')).toBe('undefined');
    expect(await page.locator('script').count()).toBe(2);
    expect(await page.locator('img, style ~ style, a:not([href^="#"])').count()).toBe(0);
    const drawings = join(folder, 'drawings');
    const drawn = await fencepost(['run', ...paths, '--model', 'sc', '--graph', drawings]);
    expect(drawn.code).toBe(0);
    const pictures = readdirSync(drawings).filter((name) => name.endsWith('.svg'));
    expect(pictures.length).toBe(hostileNames.length);
    const viewer = await (await browser.newContext()).newPage();
    viewer.on('console', (message) => faults.push(`${message.type()}: ${message.text()}`));
    for (const name of pictures) {
      await viewer.goto(pathToFileURL(join(drawings, name)).href);
      const found = await script<unknown[]>(
        viewer,
        `[typeof hacked, document.documentElement.tagName, document.querySelectorAll('parsererror, script, a, image').length]`,
      );
      expect([name, ...found]).toEqual([name, 'undefined', 'svg', 0]);
    }
  });

  it('has an index of several tests, whose viewers are made when they come into sight', async () => {
    const page = await open(await report('several', [race, fixed], 'lkmm'));
    expect(await page.title()).toBe('2 tests - fencepost');
    await page.getByRole('link', { name: 'blocked-on-vs-state', exact: true }).first().click();
    const links = page.locator('nav a');
    expect(await links.count()).toBe(2);
    await links.nth(1).click();
    await page.locator('#test-2 .drawn g.edge').first().waitFor();
    await page.locator('#test-2').getByRole('button', { name: 'Previous' }).click();
    expect(await seen(page.locator('#test-2 .where'))).not.toBe(await seen(page.locator('#test-1 .where')));
  });
});
