/** The command line of herd7, as it is taken. */
import { describe, expect, it } from 'vitest';
import { herdHelp } from './herd-help.js';
import { type HerdRequest, onlyDefault, readHerdOptions, withoutEffect } from './herd-options.js';

function request(line: string): HerdRequest {
  const read = readHerdOptions(line.split(' '));
  if (read.kind !== 'run') throw new Error(`${line}: ${JSON.stringify(read)}`);
  return read;
}

function mistake(line: string): string {
  const read = readHerdOptions(line.split(' '));
  return read.kind === 'mistake' ? read.message : read.kind;
}

describe('options', () => {
  it.each<[string, Partial<HerdRequest>]>([
    ['-conf linux-kernel.cfg a.litmus', { conf: 'linux-kernel.cfg', files: ['a.litmus'] }],
    [
      'a.litmus -conf=linux-kernel.cfg b.litmus',
      { conf: 'linux-kernel.cfg', files: ['a.litmus', 'b.litmus'] },
    ],
    [
      '-model m.cat -bell m.bell -macros m.def t',
      { model: 'm.cat', bell: 'm.bell', macros: 'm.def', files: ['t'] },
    ],
    ['-cat a.cat -model b.cat', { model: 'b.cat' }],
    ['-set-libdir lib -I one -I two', { includes: ['one', 'two', 'lib'] }],
    ['-variant lkmmv1,a -variant b', { variants: ['lkmmv1', 'a', 'b'] }],
    ['-unroll 0 -timeout 2.5', { unroll: 0, timeout: 2.5 }],
    ['-show prop -o dir -suffix -x -nshow 3', { show: 'prop', output: 'dir', suffix: '-x', most: 3 }],
    ['-show ALL -o - -showone true', { show: 'all', output: '-', most: 1 }],
    ['-q -exit true', { quiet: true, stopAtError: true }],
    ['-shift -1.0,2 -speedcheck fast -through none t', { files: ['t'] }],
  ])('%s', (line, expected) => {
    expect(request(line)).toEqual({ ...request('t'), files: [], ...expected });
  });

  it('that ask for something else', () => {
    expect(readHerdOptions(['-version']).kind).toBe('version');
    expect(readHerdOptions(['t.litmus', '-help', 'short']).kind).toBe('help');
  });
});

describe('mistakes', () => {
  it.each([
    ['-cnof x', "unknown option '-cnof' (did you mean -conf?)"],
    ['-j 4', "unknown option '-j'"],
    ['- t', "unknown option '-'"],
    ['-conf', '-conf needs a value'],
    ['-unroll two', "-unroll takes a number, not 'two'"],
    ['-timeout 0', "-timeout takes a positive number of seconds, not '0'"],
    ['-show some', "-show takes prop, neg, cond, wit, all, none, not 'some'"],
    ['-exit yes', "-exit takes true or false, not 'yes'"],
    ['-through all', '-through all is not supported: it would change the results (-through none is taken)'],
    ['-skipcheck atomic', '-skipcheck is not supported: give a model file without the check'],
    ['-rename file', '-rename is not supported'],
    ['-variant mixed', '-variant mixed is not supported'],
    ['-gv', '-gv is not supported: pictures go to the folder of -o'],
  ])('%s', (line, message) => {
    expect(mistake(line)).toBe(message);
  });
});

it('the help names every option that is taken without effect', () => {
  const words = new Set(herdHelp().split(/[\s,]+/));
  for (const option of [...withoutEffect, ...onlyDefault.keys()]) expect(words).toContain(option);
});
