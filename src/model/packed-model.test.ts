import { describe, expect, it } from 'vitest';
import { packModel, unpackModel } from './packed-model.js';
import { loadShippedModel, shippedModels } from './shipped.js';

describe('a packed model', () => {
  it.each(shippedModels.map(({ name }) => name))('%s is the same after JSON', (name) => {
    const model = loadShippedModel(name);
    expect(unpackModel(JSON.parse(JSON.stringify(packModel(model))))).toEqual(model);
  });
});
