/** The benchmark's command line. */
import { describe, expect, it } from 'vitest';
import { readBenchRequest } from './bench-options.js';

const run = {
  kind: 'run',
  only: [],
  modes: ['count', 'outcomes', 'verdict'],
  quick: false,
  repeat: 1,
  limit: 10,
  json: null,
};

describe('the command line', () => {
  it.each([
    ['', run],
    ['--only RCU --only lock --quick', { ...run, only: ['RCU', 'lock'], quick: true }],
    ['--mode verdict,count --repeat 3', { ...run, modes: ['count', 'verdict'], repeat: 3 }],
    ['--limit 0.5 --json out.json', { ...run, limit: 0.5, json: 'out.json' }],
    ['--compare a.json b.json', { kind: 'compare', before: 'a.json', after: 'b.json' }],
    ['--profile', { kind: 'profile', files: [], runs: 15 }],
    ['--profile a.litmus b --repeat 5', { kind: 'profile', files: ['a.litmus', 'b'], runs: 5 }],
    ['--help', { kind: 'help' }],
  ])('%s', (line, request) => {
    expect(readBenchRequest(line.split(' ').filter((word) => word !== ''))).toEqual(request);
  });

  it.each([
    ['RCU', 'what is "RCU"? Families are chosen with --only'],
    ['--mode fast', '--mode takes count, outcomes, verdict'],
    ['--mode count,count', '--mode takes count, outcomes, verdict'],
    ['--repeat 0', '--repeat takes a positive integer'],
    ['--limit soon', '--limit takes a positive number of seconds'],
    ['--compare a.json', '--compare takes two files that --json wrote'],
  ])('refuses %s', (line, message) => {
    expect(readBenchRequest(line.split(' '))).toEqual({ kind: 'mistake', message });
  });

  it('refuses options that it does not know', () => {
    expect(readBenchRequest(['--fast'])).toMatchObject({ kind: 'mistake' });
  });
});
