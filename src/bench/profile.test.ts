/** The profile as text. */
import { describe, expect, it } from 'vitest';
import { type Profile, renderProfile } from './profile.js';

const profile: Profile = {
  title: 'x.litmus',
  runs: 3,
  lines: [
    { name: 'node itself', time: { cpu: 30, wall: 40 } },
    { name: 'parse', time: { cpu: 10, wall: 10.26 } },
  ],
  latencyMs: 61.4,
  leftOut: [],
};

describe('a profile', () => {
  it('is a table of phases with their sum', () => {
    expect(`\n${renderProfile(profile)}`).toBe(`
x.litmus, all models that fit, median of 3 runs
                               CPU ms  share   wall ms
node itself                      30.0   75 %      40.0
parse                            10.0   25 %      10.3
sum                              40.0  100 %      50.3
fencepost run, start to end: 61 ms
`);
  });

  it('shows no time below zero, and counts none', () => {
    const rest = { name: 'rest', time: { cpu: -0.4, wall: -2 } };
    const lines = renderProfile({ ...profile, lines: [...profile.lines, rest] }).split('\n');
    expect(lines.slice(4, 6)).toEqual([
      'rest                              0.0    0 %       0.0',
      'sum                              40.0  100 %      50.3',
    ]);
  });

  it('says what Node was measured without', () => {
    const lines = renderProfile({ ...profile, leftOut: ['NODE_EXTRA_CA_CERTS'] }).split('\n');
    expect(lines.at(-2)).toBe('without NODE_EXTRA_CA_CERTS, for which each start of Node takes longer');
  });

  it('says that one run has noise', () => {
    const lines = renderProfile({ ...profile, runs: 1 }).split('\n');
    expect([lines[0], lines.at(-2)]).toEqual([
      'x.litmus, all models that fit, one run',
      'in one run, some milliseconds more or less are noise; --repeat N takes medians',
    ]);
  });
});
