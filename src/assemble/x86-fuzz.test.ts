/** Random x86 instructions, sensible and not: each is given a meaning or refused at its place, and nothing throws. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseAssembly } from '../syntax/assembly.js';
import { hasErrors } from '../text/diagnostic.js';
import { assemble } from './assemble.js';

interface Style {
  readonly dialect: string;
  /** Sensible instructions to start from. */
  readonly lines: readonly string[];
  readonly operands: readonly string[];
}

const styles: readonly Style[] = [
  {
    dialect: 'X86_64',
    lines: [
      ...[
        'movl $1,(x)',
        'movl (x),%eax',
        'movq %rax,(p)',
        'movb $1,%ah',
        'movabsq $x,%rax',
        'leaq 4(%rax),%rbx',
      ],
      ...[
        'lock xaddl %ecx,(x)',
        'lock; cmpxchgl %ecx,(x)',
        'xchgl %ecx,(x)',
        'incl a+4(%rip)',
        'addl %eax,%ecx',
      ],
      ...['sbbq $-1,%rbx', 'shll $3,%ecx', 'sarl %cl,%edx', 'btsl $3,(x)', 'imull $3,%ebx,%ecx', 'mull %ecx'],
      ...[
        'cmpl $0,(x)',
        'testb %al,%al',
        'sete %al',
        'cmovlel (x),%ecx',
        'jne L0',
        'jmp L0',
        'loop L0',
        'mfence',
      ],
      ...['movzbl %al,%ecx', 'movslq %ecx,%rdx', 'cltq', 'movnti %ecx,(x)', 'movl -4(%rax,%rcx,4),%edx'],
    ],
    operands: [
      ...'%rax %eax %ax %al %ah %rbx %ecx %cl %r8d %r15b %rsp %rip %xmm0 $0 $-1 $255 $0x1ffffffff $x $a 3 L0'.split(
        ' ',
      ),
      ...'x (x) (%rax) 4(x) 4(a) a(%rip) a+4(,%rcx,4) -8(%rax,%rcx,2) (%rax,%rsp,1) (%ax) (rax) [x] [%rax]'.split(
        ' ',
      ),
    ],
  },
  {
    dialect: 'X86',
    lines: [
      ...['MOV [x],$1', 'MOV EAX,[x]', 'MOV [EBX],ECX', 'LOCK XADD [x],EAX', 'XCHG EAX,[x]', 'LOCK; DEC [x]'],
      ...[
        'CMPXCHG [x],ECX',
        'ADD EAX,[EBX+ECX*4-8]',
        'SHL EAX,CL',
        'IMUL EAX,EBX,3',
        'JLE L0',
        'SETB AL',
        'SFENCE',
      ],
    ],
    operands:
      'RAX EAX AX AL AH EBX ECX CL ESP L0 x $0 -1 $255 $0x1ffffffff $x [x] [EAX+4] [a+4] [EAX-ECX] (EAX) [4]'.split(
        ' ',
      ),
  },
];

const MNEMONICS =
  'mov add cmpxchg setnp cmovpo jrcxz rol btc movsx push ret cmpxchg16b clflush div vpaddd rep lock foo'.split(
    ' ',
  );

/** An instruction as it is, or with another operand, mnemonic or suffix, or without a character. */
function mutate(line: string, { operands }: Style, kind: number, at: number): string {
  const [, head = '', rest = ''] = /^((?:lock;? )?\S+) ?(.*)$/i.exec(line)!;
  const parts = rest.split(/,(?![^(]*\))/);
  const other = operands[at % operands.length]!;
  if (kind === 1)
    return `${head} ${parts.map((part, i) => (i === at % parts.length ? other : part)).join(',')}`;
  if (kind === 2) return `${head} ${[...parts, other].join(',')}`;
  if (kind === 3) return `${MNEMONICS[at % MNEMONICS.length]} ${rest}`;
  if (kind === 4) return `${head.replace(/.$/, 'bwlqx'[at % 5]!)} ${rest}`;
  return kind === 5 ? line.slice(0, at % line.length) + line.slice((at % line.length) + 1) : line;
}

const program = fc.constantFrom(...styles).chain((style) =>
  fc.tuple(
    fc.constant(style.dialect),
    fc.array(
      fc
        .tuple(fc.constantFrom(...style.lines), fc.nat({ max: 7 }), fc.nat({ max: 999 }))
        .map(([line, kind, at]) => mutate(line, style, kind, at)),
      { minLength: 1, maxLength: 3 },
    ),
  ),
);

test('random instructions have a meaning or a place', () => {
  const totals = { good: 0, bad: 0 };
  fc.assert(
    fc.property(program, ([dialect, lines]) => {
      const text = `${dialect} t\n{ int a[2]; int64_t p; x=1; 0:rax=a; }\n P0 ;\n${lines.map((line) => ` ${line} ;\n`).join('')} L0: ;\nexists (x=1)`;
      const parsed = parseAssembly({ name: 't', text });
      const assembled = parsed.value === null ? null : assemble(parsed.value);
      const diagnostics = [...parsed.diagnostics, ...(assembled?.diagnostics ?? [])];
      for (const { span } of diagnostics) expect(span).not.toBeNull();
      if (assembled === null || assembled.value === null) {
        expect(hasErrors(diagnostics)).toBe(true);
        totals.bad++;
        return;
      }
      totals.good++;
      const { code, registers } = assembled.value.threads[0]!;
      expect(new Set(registers.map(({ name }) => name)).size).toBe(registers.length);
      for (const i of code)
        if (i.kind === 'branch' || i.kind === 'jump') {
          expect(i.target).toBeGreaterThanOrEqual(0);
          expect(i.target).toBeLessThanOrEqual(code.length);
        }
    }),
    { seed: 404, numRuns: 500 },
  );
  expect(totals.good).toBeGreaterThan(100);
  expect(totals.bad).toBeGreaterThan(100);
});
