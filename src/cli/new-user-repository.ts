/** The repository of somebody who has ten tests of his own and wants CI to notice a weakened barrier: for the test of that. */

export interface RepositoryFile {
  readonly path: string;
  readonly text: string;
  readonly executable?: boolean;
}

interface Sketch {
  readonly name: string;
  readonly comment: string;
  /** What is expected: ` * Result: Never`, by model. */
  readonly results: readonly string[];
  readonly threads: readonly (readonly string[])[];
  readonly condition: string;
}

const locals = (lines: readonly string[]): string[] =>
  [...new Set(lines.join('\n').match(/\br\d\b/g) ?? [])].sort().map((name) => `\tint ${name};`);

const parameters = ['int *x', 'int *y', 'spinlock_t *l'];

function litmus({ name, comment, results, threads, condition }: Sketch): string {
  const code = threads.map((lines, i) => {
    const declared = locals(lines);
    const body = [...declared, ...(declared.length > 0 ? [''] : []), ...lines.map((line) => `\t${line}`)];
    const used = parameters.filter((each) => new RegExp(`\\b${each.at(-1)}\\b`).test(lines.join('\n')));
    return `P${i}(${used.join(', ')})\n{\n${body.join('\n')}\n}\n`;
  });
  const result = results.map((each) => ` * ${each}\n`).join('');
  return `C ${name}\n\n(*\n * ${comment}\n *\n${result} *)\n\n{}\n\n${code.join('\n')}\nexists (${condition})\n`;
}

const write = (name: string, value = 1) => `WRITE_ONCE(*${name}, ${value});`;
const read = (register: string, name: string) => `${register} = READ_ONCE(*${name});`;
const both = (body: readonly string[]) => ['spin_lock(l);', ...body, 'spin_unlock(l);'];

const sketches: readonly Sketch[] = [
  {
    name: 'handover',
    comment: 'The flag says that the data is there.',
    results: ['Result: Never', 'Result(arm64): Never'],
    threads: [
      [write('x'), 'smp_store_release(y, 1);'],
      ['r0 = smp_load_acquire(y);', read('r1', 'x')],
    ],
    condition: '1:r0=1 /\\ 1:r1=0',
  },
  {
    name: 'publish',
    comment: 'The same by barriers.',
    results: ['Result: Never'],
    threads: [
      [write('x'), 'smp_wmb();', write('y')],
      [read('r0', 'y'), 'smp_rmb();', read('r1', 'x')],
    ],
    condition: '1:r0=1 /\\ 1:r1=0',
  },
  {
    name: 'progress',
    comment: 'Asks whether the reader can see both: it can. What it must not see is for the baseline to say.',
    results: ['Result: Sometimes'],
    threads: [
      [write('x'), 'smp_wmb();', write('y')],
      [read('r0', 'y'), 'smp_rmb();', read('r1', 'x')],
    ],
    condition: '1:r0=1 /\\ 1:r1=1',
  },
  {
    name: 'sleep-or-wake',
    comment: 'Each announces itself and then looks for the other.',
    results: ['Result: Never'],
    threads: [
      [write('x'), 'smp_mb();', read('r0', 'y')],
      [write('y'), 'smp_mb();', read('r1', 'x')],
    ],
    condition: '0:r0=0 /\\ 1:r1=0',
  },
  {
    name: 'sleep-or-wake-unordered',
    comment: 'Without the barriers each may miss the other.',
    results: ['Result: Sometimes', 'Result(x86): Sometimes', 'Result(sc): Never'],
    threads: [
      [write('x'), read('r0', 'y')],
      [write('y'), read('r1', 'x')],
    ],
    condition: '0:r0=0 /\\ 1:r1=0',
  },
  {
    name: 'locked-pair',
    comment: 'Two writes under a lock are seen together under the lock.',
    results: ['Result: Never'],
    threads: [both([write('x'), write('y')]), both([read('r0', 'x'), read('r1', 'y')])],
    condition: '1:r0=1 /\\ 1:r1=0',
  },
  {
    name: 'no-return-in-time',
    comment: 'Each writes what the other read before.',
    results: ['Result: Never'],
    threads: [
      ['r0 = smp_load_acquire(x);', write('y')],
      ['r1 = smp_load_acquire(y);', write('x')],
    ],
    condition: '0:r0=1 /\\ 1:r1=1',
  },
  {
    name: 'same-variable',
    comment: 'Two reads of one variable do not go back.',
    results: ['Result: Never'],
    threads: [[write('x')], [read('r0', 'x'), read('r1', 'x')]],
    condition: '1:r0=1 /\\ 1:r1=0',
  },
  {
    name: 'last-writer',
    comment: 'The second write of a thread does not lose to its first.',
    results: ['Result: Never'],
    threads: [[write('x', 1), write('x', 2)], [read('r0', 'x')]],
    condition: 'x=1',
  },
  {
    name: 'chain',
    comment: 'What is handed on twice arrives.',
    results: ['Result: Never'],
    threads: [
      [write('x')],
      [read('r0', 'x'), 'smp_store_release(y, 1);'],
      ['r1 = smp_load_acquire(y);', read('r2', 'x')],
    ],
    condition: '1:r0=1 /\\ 2:r1=1 /\\ 2:r2=0',
  },
];

const configuration = `{
  "tests": "tests",
  "limits": { "timeout": 60 },
  "baseline": "tests/outcomes.baseline"
}
`;

/** As README.md has it. */
const script = `#!/bin/sh
# Fails if an outcome is not the expected one.
set -eu
cd "$(git rev-parse --show-toplevel)"
npx --no fencepost check --reporter human --reporter junit=litmus.xml
`;

export const newUserFiles: readonly RepositoryFile[] = [
  { path: 'package.json', text: '{ "private": true }\n' },
  { path: '.gitignore', text: 'node_modules/\nlitmus.xml\n' },
  { path: 'fencepost.config.json', text: configuration },
  { path: 'ci/litmus.sh', text: script, executable: true },
  ...sketches.map((sketch) => ({ path: `tests/${sketch.name}.litmus`, text: litmus(sketch) })),
];
