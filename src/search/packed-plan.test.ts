import { describe, expect, it } from 'vitest';
import { loadShippedModel, shippedModels } from '../model/shipped.js';
import { packPlan, unpackPlan } from './packed-plan.js';
import { makePlan } from './plan.js';

describe('a packed plan', () => {
  it.each(shippedModels.map(({ name }) => name))('of %s is the same after JSON', (name) => {
    const model = loadShippedModel(name);
    const plan = makePlan(model);
    const unpacked = unpackPlan(model, JSON.parse(JSON.stringify(packPlan(plan))));
    expect(unpacked).toEqual(plan);
    expect([...unpacked.recognised.satisfied].every((check) => model.checks.includes(check))).toBe(true);
  });

  it('is refused for another model', () => {
    const packed = packPlan(makePlan(loadShippedModel('x86')));
    expect(() => unpackPlan(loadShippedModel('sc'), packed)).toThrow('another model than sc');
  });
});
