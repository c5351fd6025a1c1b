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

  const help = 'see `npm run bench -- --help`';
  const comparison = 'write `--compare A.json B.json`, two files that --json wrote';
  const profile = 'write `--profile [FILES] [--repeat N]`';

  it.each([
    ['RCU', 'what is `RCU`?', 'families are chosen with --only; --compare and --profile take files'],
    ['--mode fast', '--mode: there is no mode `fast`', 'the modes are count, outcomes, verdict'],
    ['--mode count,verdit', '--mode: there is no mode `verdit`', 'did you mean `verdict`?'],
    ['--mode count,count', '--mode names `count` twice', 'once is enough'],
    ['--repeat 0', '--repeat takes a positive integer, not `0`', help],
    ['--limit soon', '--limit takes a positive number of seconds, not `soon`', help],
    ['--compare a.json', '--compare takes two files, not 1', comparison],
    ['--compare a b c', '--compare takes two files, not 3', comparison],
    ['--compare a b --quick --json c', '--compare does not go with --quick, --json', comparison],
    ['--compare a b --profile', '--compare does not go with --profile', comparison],
    ['--profile --only RCU', '--profile does not go with --only', profile],
    ['--profile a --limit 5 --mode count', '--profile does not go with --limit, --mode', profile],
    ['--profile --repeat x', '--repeat takes a positive integer, not `x`', help],
    ['--fast', 'unknown option `--fast`', help],
    ['--quik --only RCU', 'unknown option `--quik`', 'did you mean `--quick`?'],
    ['--quick=yes', "Option '--quick' does not take an argument", help],
  ])('refuses %s', (line, message, hint) => {
    expect(readBenchRequest(line.split(' '))).toEqual({ kind: 'mistake', message, hint });
  });
});
