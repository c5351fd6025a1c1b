/** Families by name. */
import { describe, expect, it } from 'vitest';
import { chooseFamilies } from './choose-families.js';
import { families } from './families.js';
import { familyId } from './family.js';

function chosen(...only: readonly string[]): readonly string[] {
  const choice = chooseFamilies(only);
  return choice.kind === 'families' ? choice.families.map(familyId) : [choice.message];
}

function hint(...only: readonly string[]): string {
  const choice = chooseFamilies(only);
  return choice.kind === 'mistake' ? choice.hint : '';
}

describe('--only', () => {
  it('takes parts of names, whatever their case, and all without any', () => {
    expect(chosen('rcu', 'x86 SB')).toEqual(['lkmm RCU ring', 'lkmm RCU chain', 'x86 SB']);
    expect(chosen()).toHaveLength(families.length);
  });

  it('refuses what is in no name, even beside what is in one', () => {
    expect(chosen('zzz')).toEqual(['no family has `zzz` in its name']);
    expect(chosen('RCU', 'zzz')).toEqual(['no family has `zzz` in its name']);
  });

  it('says which names there are, and which may have been meant', () => {
    const listed = `the families are:\n${families.map((family) => `  ${familyId(family)}`).join('\n')}`;
    expect(hint('zzz')).toBe(listed);
    expect(hint('cohrence')).toBe(`did you mean \`coherence\`? ${listed}`);
    expect(hint('lkmm RCU rnig')).toBe(`did you mean \`lkmm RCU ring\`? ${listed}`);
  });
});
