/** A short fuzz run with a fixed seed, and the fuzzer's own parts. The long run is `npm run fuzz -- --count 100000`. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { grammar as conditionGrammar } from '../../../grammar/condition.ohm';
import { Chance } from './chance.js';
import { checkInput, type End } from './check.js';
import { readCorpus } from './corpus.js';
import { fuzzHelp, readFuzzCommand } from './fuzz-options.js';
import { languageOf, sentence } from './grammar-sentences.js';
import { fuzzInput, fuzzKinds } from './inputs.js';
import { faultFamily } from './job.js';
import { minimise } from './minimise.js';
import { conditionWords } from './seeds.js';
import { FuzzSummary } from './summary.js';

const corpus = readCorpus(fileURLToPath(new URL('../../../', import.meta.url)), []);
const SEED = 20261201;

describe('a short fuzz run', () => {
  it('finds nothing', async () => {
    const seen = new Map<string, number>();
    const origins = new Set<string>();
    for (let index = 0; index < 900; index++) {
      const input = fuzzInput(SEED, index, fuzzKinds, corpus);
      const thorough = index % 75 === 74;
      let end: End | string;
      try {
        end = await checkInput(input, { seconds: 0.25, megabytes: 256, thorough, drawer: null });
      } catch (error) {
        end = error instanceof Error ? (error.stack ?? error.message) : String(error);
      }
      if (!['verdicts', 'errors', 'limits'].includes(end)) expect({ ...input, index, end }).toBe('fine');
      origins.add(input.origin);
      const key = `${input.kind} ${end}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
    // All languages were both understood and refused, or the run says nothing.
    for (const kind of fuzzKinds) expect(seen.get(`${kind} verdicts`) ?? 0, kind).toBeGreaterThan(0);
    for (const kind of fuzzKinds) expect(seen.get(`${kind} errors`) ?? 0, kind).toBeGreaterThan(0);
    expect([...origins].sort()).toEqual(['corpus', 'damaged', 'grammar']);
  });

  it('makes an input again from its number alone', () => {
    const all = Array.from({ length: 40 }, (_, i) => fuzzInput(SEED, i, fuzzKinds, corpus).text);
    expect(fuzzInput(SEED, 23, fuzzKinds, corpus).text).toBe(all[23]);
    expect(new Set(all).size).toBeGreaterThan(35);
    expect(fuzzInput(SEED + 1, 23, fuzzKinds, corpus).text).not.toBe(all[23]);
  });
});

describe('sentences of a grammar', () => {
  it('are mostly of the language, and of all its rules', () => {
    const language = languageOf(conditionGrammar, conditionWords);
    const texts = Array.from({ length: 300 }, (_, i) => sentence(language, 'Tail', new Chance(i), 40));
    const good = texts.filter((text) => conditionGrammar.match(text, 'Tail').succeeded());
    expect(good.length).toBeGreaterThan(100);
    for (const word of ['exists', 'forall', 'locations', 'filter', '/\\', '=>', '~', '{'])
      expect(
        good.some((text) => text.includes(word)),
        word,
      ).toBe(true);
  });
});

describe('a failing text', () => {
  it('is made as small as it can be', async () => {
    const text = 'a line\nint x = (broken + 1);\nanother line, broken\nthe last\n';
    let asked = 0;
    const small = await minimise(
      text,
      async (candidate) => {
        asked++;
        return candidate.includes('(') && candidate.includes('broken');
      },
      500,
    );
    expect([...small].sort().join('')).toBe([...'(broken'].sort().join(''));
    expect(asked).toBeLessThan(200);
  });

  it('stays as it is where no more may be asked', async () => {
    expect(await minimise('some text', async () => true, 0)).toBe('some text');
  });

  it('is of the family of others that differ in names and numbers', () => {
    expect(faultFamily('line 12: `a` is outside')).toBe(faultFamily('line 7: `b c` is outside'));
  });
});

describe('the figures', () => {
  it('count by kind, and keep the first ones of a fault', () => {
    const summary = new FuzzSummary(0);
    const batch = { findings: [], slowest: { seconds: 2, index: 7 }, heap: 20, served: 10 };
    summary.add({ ...batch, ends: { c: { verdicts: 3, errors: 2 }, cat: { limits: 1 } } });
    const finding = { index: 9, kind: 'c', what: 'fault 1', stack: null, text: '', small: null } as const;
    expect(Array.from({ length: 7 }, () => summary.isNew(finding)).filter(Boolean).length).toBe(5);
    const text = summary.text(3000);
    expect(text).toMatch(/^c +12 +3 +2 +0 +7$/m);
    expect(text).toMatch(/^cat +1 +0 +0 +1 +0$/m);
    expect(text).toContain('13 inputs in 3 s; the slowest, 7, took 2.0 s');
    expect(text).toContain('7 x fault 0');
  });
});

describe('the command line', () => {
  it('is read', () => {
    const command = readFuzzCommand([
      '--count',
      '100000',
      '--only',
      'c, cat',
      '--corpus',
      'a',
      '--corpus',
      'b',
    ]);
    expect(command).toMatchObject({
      kind: 'run',
      request: { count: 100_000, seed: 1, kinds: ['c', 'cat'], corpora: ['a', 'b'] },
    });
    expect(readFuzzCommand(['--help'])).toEqual({ kind: 'help' });
    for (const name of ['count', 'seed', 'only', 'out']) expect(fuzzHelp).toContain(`--${name}`);
  });

  it.each([
    [['--count', '0'], /--count takes a whole number from 1 on/],
    [['--only', 'cats'], /no kind `cats`/],
    [['--sed', '1'], /--sed/],
  ])('%j is refused', (args, message) => {
    const command = readFuzzCommand(args);
    expect(command.kind === 'mistake' ? command.message : '').toMatch(message);
  });
});
