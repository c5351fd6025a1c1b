/** x86 programs of several threads: which outcomes the architecture allows. Intel SDM volume 3A, 9.2.3, for the shapes it names. */
import { describe, expect, it } from 'vitest';
import { defaultRunOptions, runTest } from './run-test.js';

function run(dialect: string, init: string, columns: readonly (readonly string[])[], condition: string) {
  const height = Math.max(...columns.map(({ length }) => length));
  const row = (cells: readonly string[]): string => ` ${cells.join(' | ')} ;\n`;
  const rows = Array.from({ length: height }, (_, i) => row(columns.map((column) => column[i] ?? '')));
  const header = row(columns.map((_, i) => `P${i}`));
  const text = `${dialect} t\n{ ${init} }\n${header}${rows.join('')}${condition}\n`;
  const report = runTest({ name: 't', text }, { ...defaultRunOptions, models: 'own', mode: 'count' });
  const [only] = report.kind === 'test' ? report.models : [];
  if (only?.kind === 'run') return only;
  throw new Error(JSON.stringify((only ?? report).diagnostics.map(({ message }) => message)));
}

const reader = ['movl (y),%eax', 'movl (x),%ebx'];
const stale = 'exists (1:rax=1 /\\ 1:rbx=0)';
const both = 'exists (0:rax=0 /\\ 1:rax=0)';

describe('x86_64', () => {
  it.each<[string, string, readonly (readonly string[])[], string, string]>([
    // Non-temporal stores
    ['MP', '', [['movl $1,(x)', 'movl $1,(y)'], reader], stale, 'Never'],
    ['MP, movnti', '', [['movl $1,%ecx', 'movnti %ecx,(x)', 'movl $1,(y)'], reader], stale, 'Sometimes'],
    [
      'MP, movnti and sfence',
      '',
      [['movl $1,%ecx', 'movnti %ecx,(x)', 'sfence', 'movl $1,(y)'], reader],
      stale,
      'Never',
    ],
    [
      'MP, movnti and xchg',
      '',
      [['movl $1,%ecx', 'movnti %ecx,(x)', 'xchgl %ecx,(y)'], reader],
      'exists (1:rax=1 /\\ 1:rbx=0)',
      'Never',
    ],
    [
      'movnti is read back at once',
      '',
      [['movl $1,%ecx', 'movnti %ecx,(x)', 'movl (x),%eax']],
      'exists (0:rax=0)',
      'Never',
    ],
    // Without lock a read-modify-write is two accesses.
    ['two incl', '', [['incl (x)'], ['incl (x)']], 'exists (x=1)', 'Sometimes'],
    ['two lock incl', '', [['lock incl (x)'], ['lock incl (x)']], 'exists (x=1)', 'Never'],
    [
      'two xaddl',
      '',
      [
        ['movl $1,%eax', 'xaddl %eax,(x)'],
        ['movl $1,%eax', 'xaddl %eax,(x)'],
      ],
      both,
      'Sometimes',
    ],
    [
      'two lock xaddl',
      '',
      [
        ['movl $1,%eax', 'lock xaddl %eax,(x)'],
        ['movl $1,%eax', 'lock xaddl %eax,(x)'],
      ],
      both,
      'Never',
    ],
    [
      'xchgl locks itself',
      '',
      [
        ['movl $1,%eax', 'xchgl %eax,(x)'],
        ['movl $1,%eax', 'xchgl %eax,(x)'],
      ],
      both,
      'Never',
    ],
    [
      'a failed cmpxchg without lock undoes a store',
      '',
      [['movl $7,%eax', 'movl $9,%ecx', 'cmpxchgl %ecx,(x)'], ['movl $1,(x)']],
      'exists (0:rax=0 /\\ x=0)',
      'Sometimes',
    ],
    [
      'a failed lock cmpxchg does not',
      '',
      [['movl $7,%eax', 'movl $9,%ecx', 'lock cmpxchgl %ecx,(x)'], ['movl $1,(x)']],
      'exists (0:rax=0 /\\ x=0)',
      'Never',
    ],
    [
      'both acquire by cmpxchg without lock',
      '',
      [
        ['movl $0,%eax', 'movl $1,%ecx', 'cmpxchgl %ecx,(x)', 'sete %bl'],
        ['movl $0,%eax', 'movl $1,%ecx', 'cmpxchgl %ecx,(x)', 'sete %bl'],
      ],
      'exists (0:rbx=1 /\\ 1:rbx=1)',
      'Sometimes',
    ],
    [
      'both acquire by lock cmpxchg',
      '',
      [
        ['movl $0,%eax', 'movl $1,%ecx', 'lock cmpxchgl %ecx,(x)', 'sete %bl'],
        ['movl $0,%eax', 'movl $1,%ecx', 'lock cmpxchgl %ecx,(x)', 'sete %bl'],
      ],
      'exists (0:rbx=1 /\\ 1:rbx=1)',
      'Never',
    ],
    // A locked instruction is a fence, also if it fails or its value is not used.
    [
      'SB, a failed lock cmpxchg between',
      '',
      [
        ['movl $1,(x)', 'movl $1,%eax', 'lock cmpxchgl %ecx,(a)', 'movl (y),%eax'],
        ['movl $1,(y)', 'movl $1,%eax', 'lock cmpxchgl %ecx,(b)', 'movl (x),%eax'],
      ],
      both,
      'Never',
    ],
    [
      'SB, lock addl $0',
      '',
      [
        ['movl $1,(x)', 'lock; addl $0,(a)', 'movl (y),%eax'],
        ['movl $1,(y)', 'lock', 'orl $0,(b)', 'movl (x),%eax'],
      ],
      both,
      'Never',
    ],
    [
      'SB, lock btsl',
      '',
      [
        ['lock btsl $0,(x)', 'movl (y),%eax'],
        ['lock btsl $0,(y)', 'movl (x),%eax'],
      ],
      both,
      'Never',
    ],
    [
      'SB, sfence and lfence',
      '',
      [
        ['movl $1,(x)', 'sfence', 'movl (y),%eax'],
        ['movl $1,(y)', 'lfence', 'movl (x),%eax'],
      ],
      both,
      'Sometimes',
    ],
    // A bit of an array, in the element that its number leads to.
    [
      'btsl leads to another element',
      'int a[2];',
      [['movl $33,%ecx', 'btsl %ecx,(a)']],
      'exists (a[0]=0 /\\ a[1]=2)',
      'Always',
    ],
  ])('%s: %s', (_name, init, columns, condition, verdict) => {
    expect(run('X86_64', init, columns, condition).verdict).toBe(verdict);
  });

  it('says so when a bit is outside of its cell', () => {
    const { result } = run('X86_64', 'x=40;', [['movl (x),%ecx', 'btsl %ecx,(y)']], 'exists (y=1)');
    expect(result.limit).not.toBeNull();
  });
});

it('reads Intel order', () => {
  const thread = (mine: string, other: string) => ['MOV EAX,$1', `XCHG [${mine}],EAX`, `MOV EAX,[${other}]`];
  const { verdict } = run('X86', '', [thread('x', 'y'), thread('y', 'x')], 'exists (0:EAX=0 /\\ 1:EAX=0)');
  expect(verdict).toBe('Never');
});
