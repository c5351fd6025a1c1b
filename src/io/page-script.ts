/** The script of a report's page, which the build puts beside the command (page-script.mjs). */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import type { PageScript } from '../page/page-html.js';
import { type Checked, checked, errorAt } from '../text/diagnostic.js';

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

function compress(text: string): string {
  return gzipSync(text, { level: 9 }).toString('base64');
}

export function pageScript(text: string): PageScript {
  return { text, digest, compress };
}

export async function loadPageScript(url: URL): Promise<Checked<PageScript>> {
  try {
    return checked(pageScript(await readFile(url, 'utf8')), []);
  } catch {
    const hint = 'fencepost is not built completely: `npm run build` makes it';
    return {
      value: null,
      diagnostics: [errorAt(null, 'no-page-script', `${url.pathname}: cannot be read`, { hint })],
    };
  }
}
