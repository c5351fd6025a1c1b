/** What the library finds, the matchers take: the states of a run are outcomes, and all of them are all outcomes. */
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runLitmus } from '../index.js';
import { type LitmusTest, litmus } from './vitest.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Of each folder of litmus/ the first test, in the order of their names. */
const files = readdirSync(join(root, 'litmus'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) => {
    const folder = join(root, 'litmus', name);
    const first = readdirSync(folder)
      .filter((file) => file.endsWith('.litmus'))
      .sort()[0];
    return first === undefined ? [] : [relative(root, join(folder, first))];
  })
  .sort();

/** Addresses are values, too. */
const pointers = litmus`
  C pointers
  { p=x; }
  P0(int *x, int *y, int **p) { WRITE_ONCE(*y, 1); rcu_assign_pointer(*p, y); }
  P1(int **p) { int *r0; int r1; r0 = rcu_dereference(*p); r1 = READ_ONCE(*r0); }
  exists (1:r0=y /\ 1:r1=0)`;

async function agree(test: LitmusTest): Promise<void> {
  const { models } = runLitmus(test, { models: 'own' });
  const [found] = models;
  if (found === undefined) throw new Error('not judged');
  expect(found.limit).toBeNull();
  const asked = test.ignoringDataRaces();
  const states = found.states.map(({ values }) => values);
  expect(states.length).toBeGreaterThan(0);
  if (found.observed.length === 0) return;
  await expect(asked).toHaveOutcomes(states);
  await expect(asked).toHaveOutcomes(
    found.states.map(({ text }) => text.replaceAll('; ', ' /\\ ')).reverse(),
  );
  for (const state of states) await expect(asked).toAllow(state);
  if (states.length > 1) await expect(asked).not.toHaveOutcomes(states.slice(1));
}

describe('states of a run', () => {
  it('are tried on a test of each folder', () => {
    expect(files.length).toBeGreaterThan(8);
  });

  it.each(files)('are outcomes: %s', async (file) => {
    await agree(litmus.file(join(root, file)));
  });

  it('are outcomes where they are addresses', async () => {
    await agree(pointers);
    await expect(pointers).toForbid();
  });
});
