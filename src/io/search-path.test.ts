/** Files that files name. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Reach } from './reach.js';
import { findWithin } from './search-path.js';

const root = mkdtempSync(join(tmpdir(), 'fencepost-search-'));
afterAll(() => rmSync(root, { recursive: true }));
mkdirSync(join(root, 'model'));
mkdirSync(join(root, 'include'));
const model = join(root, 'model', 'm.cat');
writeFileSync(model, '');
writeFileSync(join(root, 'model', 'beside.cat'), '');
writeFileSync(join(root, 'include', 'part.cat'), '');
writeFileSync(join(root, 'secret.cat'), '');

const folders = [join(root, 'include')];
const reach = Reach.of([model], folders);

describe('a file that a file names', () => {
  it.each([
    ['beside.cat', model, { kind: 'file', path: join(root, 'model', 'beside.cat') }],
    ['part.cat', model, { kind: 'file', path: join(root, 'include', 'part.cat') }],
    ['missing.cat', model, { kind: 'none' }],
    ['../secret.cat', model, { kind: 'outside' }],
    // One that fencepost ships, wherever the command was started: its own includes are looked for among the user's, then among ours.
    ['cross.cat', 'cos.cat', { kind: 'none' }],
    ['part.cat', 'cos.cat', { kind: 'file', path: join(root, 'include', 'part.cat') }],
    [join(root, 'secret.cat'), 'cos.cat', { kind: 'outside' }],
  ])('%s, in %s', (name, from, found) => {
    expect(findWithin(name, from, folders, reach)).toEqual(found);
  });
});
