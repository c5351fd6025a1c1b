/** JSON of project files that is hostile: nested without end, or full of mistakes. */
import { expect, test } from 'vitest';
import { readConfig } from '../check/config-schema.js';
import { readLocatedJson } from './locate-field.js';

const read = (text: string) => readLocatedJson({ name: 'c.json', text });

test.each([
  ['arrays', '['.repeat(100_000)],
  ['objects', '{"a":'.repeat(50_000)],
  ['a field', `{"expectations":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
])('%s too deep to be read are an error with a place', (_what, text) => {
  const { value, diagnostics } = read(text);
  expect(value).toBeNull();
  expect(diagnostics.map(({ code, span }) => [code, span?.start])).toEqual([['too-deep', 0]]);
});

test('many mistakes take no longer than one is worth', () => {
  const start = process.cpuUsage();
  const keys = Array.from({ length: 30_000 }, (_, i) => `"k${i}": 1`);
  const twice = read(`{${[...keys, '"k7": 2'].join(',')}}`);
  expect(twice.diagnostics.map(({ message }) => message)).toEqual(['the field `k7` is there twice']);
  const { data, locate } = read(`{${keys.join(',')}}`).value!;
  const { diagnostics } = readConfig(data, 'c.json', locate);
  expect(diagnostics.length).toBe(100);
  expect(diagnostics.every(({ span }) => span !== null)).toBe(true);
  // of the processors, not of the clock
  expect(process.cpuUsage(start).user / 1e6).toBeLessThan(10);
});
