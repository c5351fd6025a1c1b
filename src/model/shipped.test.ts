import { expect, test } from 'vitest';
import { loadShippedModel, shippedModels } from './shipped.js';

test.each(shippedModels)('$name compiles, once', ({ name, title }) => {
  const model = loadShippedModel(name);
  expect([model.name, model.title]).toEqual([name, title]);
  expect(model.checks.length).toBeGreaterThan(0);
  expect(loadShippedModel(name)).toBe(model);
});
