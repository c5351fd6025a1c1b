/** What runs in the page: a viewer for each test, made when its section comes into sight. */
import { DATA_ID, type PageData, sectionId } from '../page-data.js';
import { Viewer } from './viewer.js';

async function readData(): Promise<PageData> {
  const base64 = document.getElementById(DATA_ID)?.textContent ?? '';
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return JSON.parse(await new Response(stream).text()) as PageData;
}

async function start(): Promise<void> {
  const data = await readData();
  const live = document.querySelector('.live');
  const announce = (words: string): void => {
    if (live !== null) live.textContent = words;
  };
  const makers = new Map<Element, () => void>();
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        watcher.unobserve(target);
        makers.get(target)?.();
      }
    },
    { rootMargin: '400px' },
  );
  for (const [at, test] of data.tests.entries()) {
    const section = document.getElementById(sectionId(at));
    const stage = section?.querySelector('.stage');
    if (section == null || stage == null || !test.models.some(({ pictures }) => pictures.length > 0))
      continue;
    makers.set(section, () => {
      section.classList.add('scripted');
      stage.prepend(new Viewer(test, at, section, announce).element);
    });
    watcher.observe(section);
  }
  addEventListener('beforeprint', () => {
    for (const details of document.querySelectorAll<HTMLDetailsElement>('.static details'))
      details.open = true;
  });
}

void start();
