/** The forms in which x86 code is written: addresses, orders of operands, widths, prefixes; and what is refused, with place and hint. */
import { describe, expect, it } from 'vitest';
import type { Expr, Instruction } from '../program/ir.js';
import { showValue } from '../program/value.js';
import { parseAssembly } from '../syntax/assembly.js';
import { showInstruction } from '../syntax/print-instruction.js';
import type { Diagnostic } from '../text/diagnostic.js';
import { assemble } from './assemble.js';

type Dialect = 'X86' | 'X86_64';

function build(dialect: Dialect, init: string, lines: readonly string[]) {
  const text = `${dialect} t\n{ ${init} }\n P0 ;\n${lines.map((line) => ` ${line} ;\n`).join('')}forall (true)`;
  const parsed = parseAssembly({ name: 't', text });
  const assembled = parsed.value === null ? null : assemble(parsed.value);
  return {
    thread: parsed.value?.threads[0] ?? null,
    code: assembled?.value?.threads[0]?.code ?? [],
    diagnostics: [...parsed.diagnostics, ...(assembled?.diagnostics ?? [])],
  };
}

function show(expr: Expr): string {
  switch (expr.kind) {
    case 'const':
      return showValue(expr.value);
    case 'register':
      return expr.name;
    case 'old':
      return 'old';
    case 'convert':
      return show(expr.operand);
    case 'unary':
      return `${expr.op}${show(expr.operand)}`;
    case 'binary':
      return `(${show(expr.left)}${expr.op}${show(expr.right)})`;
    case 'select':
      return `(${show(expr.condition)}?${show(expr.then)}:${show(expr.otherwise)})`;
  }
}

function showCode(code: readonly Instruction[]): string {
  return code
    .map((i) => {
      if (i.kind === 'load') return `${i.dst}=[${show(i.address)}]:${i.type.bits}`;
      if (i.kind === 'store') return `[${show(i.address)}]:${i.type.bits}=${show(i.value)}`;
      if (i.kind === 'rmw') return `[${show(i.address)}]:${i.type.bits}<->${show(i.update)}`;
      return i.kind === 'assign' ? `${i.dst}=${show(i.value)}` : i.kind;
    })
    .join(' ');
}

describe('addresses and operands', () => {
  it.each<[Dialect, string, string, string]>([
    ['X86_64', '', 'movl $1,(x)', '[x]:32=1'],
    ['X86_64', '', 'movl $1,x(%rip)', '[x]:32=1'],
    ['X86_64', '', 'movl [x],%eax', 'rax=[x]:32'],
    ['X86_64', '0:rbx=x;', 'movl [%rbx],%eax', 'rax=[rbx]:32'],
    ['X86_64', 'int a[4];', 'movl $1,a+8(%rip)', '[a[2]]:32=1'],
    ['X86_64', 'int a[4];', 'movl $1,8(a)', '[a[2]]:32=1'],
    ['X86_64', 'int a[4];', 'movl $1,a(,%rcx,4)', '[(a+(rcx<<2))]:32=1'],
    ['X86_64', 'int a[4];', 'movl $1,a-4(,%rcx,4)', '[(a+((rcx<<2)+-4))]:32=1'],
    ['X86_64', 'int a[4]; 0:rax=a;', 'movl -4(%rax,%rcx,8),%edx', 'rdx=[(rax+((rcx<<3)+-4))]:32'],
    ['X86_64', 'int a[4]; 0:rax=a;', 'movl (%rax,%rcx),%edx', 'rdx=[(rax+rcx)]:32'],
    ['X86_64', 'int a[4];', 'leaq 4(a),%rdx', 'rdx=a[1]'],
    ['X86_64', '', 'movq $x,%rax', 'rax=x'],
    ['X86_64', 'int64_t p;', 'movq $x,(p)', '[p]:64=x'],
    ['X86', '', 'MOV EAX,[x]', 'rax=[x]:32'],
    ['X86', '', 'MOV [x],$-1', '[x]:32=-1'],
    ['X86', '', 'MOV [x],1', '[x]:32=1'],
    ['X86', '0:EBX=x;', 'MOV [EBX],EAX', '[rbx]:32=rax'],
    ['X86', '0:EBX=x;', 'mov (EBX),eax', '[rbx]:32=rax'],
    ['X86', 'int a[4]; 0:EBX=a;', 'MOV EAX,[EBX+ECX*4-8]', 'rax=[(rbx+((rcx<<2)+-8))]:32'],
    ['X86', 'int a[4];', 'MOV EAX,[a+4]', 'rax=[a[1]]:32'],
    ['X86', 'uint8_t x;', 'MOV AL,[x]', '.loaded=[x]:8 rax=((rax&-256)|.loaded)'],
    ['X86', 'uint8_t x;', 'MOV [x],$1', '[x]:8=1'],
    ['X86', '', 'XCHG [x],EAX', '[x]:32<->rax rax=.old'],
    ['X86', '', 'XCHG EAX,[x]', '[x]:32<->rax rax=.old'],
    ['X86', '', 'ADD EAX,EBX', 'rax=(rax+rbx)'],
    ['X86', '', 'SHL EAX,2', 'rax=(rax<<2)'],
    ['X86', '', 'IMUL EAX,EBX,3', 'rax=(rbx*3)'],
    ['X86', 'uint8_t x;', 'MOVZX EAX,[x]', '.loaded=[x]:8 rax=.loaded'],
    // no suffix: the register or the cell tells the width
    ['X86_64', 'int16_t x;', 'mov $1,(x)', '[x]:16=1'],
    ['X86_64', 'int64_t x;', 'mov %rax,(x)', '[x]:64=rax'],
    ['X86_64', 'int64_t x;', 'incq (x)', '.old=[x]:64 [x]:64=(.old+1)'],
    ['X86_64', 'uint8_t x;', 'movzb (x),%eax', '.loaded=[x]:8 rax=.loaded'],
    ['X86_64', 'uint8_t x;', 'sete (x)', '[x]:8=.zf'],
    ['X86_64', '', 'movntil %eax,(x)', '[x]:32=rax'],
    ['X86_64', '', 'xorl %eax,%eax', 'rax=(rax^rax)'],
    ['X86_64', '', 'nop', ''],
    ['X86_64', '', 'pause', ''],
    // the fence is one, the prefix belongs to what follows
    ['X86_64', '', 'lock xaddl %eax,(x)', '[x]:32<->(old+rax) rax=.old'],
    ['X86_64', '', 'lock; xaddl %eax,(x)', '[x]:32<->(old+rax) rax=.old'],
    ['X86_64', '', 'lock cmpxchgl %ecx,(x)', '.expected=rax [x]:32<->rcx rax=.old'],
    ['X86_64', '', 'lock cmpxchgl (x),%ecx', '.expected=rax [x]:32<->rcx rax=.old'],
    [
      'X86_64',
      '',
      'cmpxchgl %ecx,(x)',
      '.expected=rax .old=[x]:32 [x]:32=((.old==.expected)?rcx:.old) rax=.old',
    ],
    ['X86_64', '', 'lock btsl $3,(x)', '[x]:32<->(old|(1<<(3&31)))'],
    ['X86_64', '', 'cmovel (x),%eax', '.loaded=[x]:32 rax=(.zf?.loaded:rax)'],
  ])('%s { %s } %s', (dialect, init, line, expected) => {
    const { code, diagnostics } = build(dialect, init, [line]);
    expect(diagnostics).toEqual([]);
    expect(showCode(code)).toBe(expected);
  });

  it('lock on a line of its own', () => {
    const { thread, code, diagnostics } = build('X86_64', '', ['movl $1,%eax', 'lock', 'xaddl %eax,(x)']);
    expect(diagnostics).toEqual([]);
    expect(thread!.lines.length).toBe(2);
    expect(showCode(code)).toBe('rax=1 [x]:32<->(old+rax) rax=.old');
  });

  it('lock in another column', () => {
    const text = 'X86 t\n{ }\n P0 | P1 ;\n LOCK | MOV [x],$1 ;\n INC [x] | MFENCE ;\nforall (true)';
    const { value, diagnostics } = parseAssembly({ name: 't', text });
    expect(diagnostics).toEqual([]);
    const shown = value!.threads.map(({ lines }) =>
      lines.map((line) => (line.kind === 'label' ? line.name : showInstruction('X86', line))),
    );
    expect(shown).toEqual([['LOCK INC [x]'], ['MOV [x],$1', 'MFENCE']]);
  });

  it.each<[Dialect, string]>([
    ['X86_64', 'movl $1,a+8(,%rcx,4)'],
    ['X86_64', 'movl -4(%rax,%rcx,8),%edx'],
    ['X86_64', 'lock orl $6,(x)'],
    ['X86_64', 'movl $1,4(x)'],
    ['X86', 'MOV EAX,[EBX+ECX*4-8]'],
    ['X86', 'MOV [a+4],$1'],
    ['X86', 'LOCK XADD [x],EAX'],
  ])('%s %s prints as it is written', (dialect, line) => {
    const [only] = build(dialect, 'int a[4];', [line]).thread!.lines;
    expect(only?.kind === 'instruction' ? showInstruction(dialect, only) : null).toBe(line);
  });
});

function showDiagnostic({ severity, message, code, hint }: Diagnostic): string {
  const kind = severity === 'error' ? '' : `${severity}: `;
  return `${kind}${message} [${code}]${hint === null ? '' : ` | ${hint}`}`;
}

describe('refusals', () => {
  it.each<[Dialect, string, string, string]>([
    ['X86_64', '', 'movq %eax,(x)', '`movq` is of 64 bits and its register of 32 [operand-size]'],
    ['X86_64', '', 'movl %rax,%rbx', '`movl` is of 32 bits and its register of 64 [operand-size]'],
    ['X86_64', '', 'mov %eax,%rbx', 'registers of 32 and of 64 bits in one `mov` [operand-size]'],
    [
      'X86_64',
      '',
      'addl (x),(y)',
      'unsupported operands of `addl`: expected a source and a destination, at most one of them in memory [bad-operands]',
    ],
    [
      'X86_64',
      '',
      'movl (x),$1',
      'unsupported operands of `movl`: expected a register or memory as its destination [bad-operands]',
    ],
    [
      'X86',
      '',
      'MOV $1,[x]',
      'unsupported operands of `mov`: expected a register or memory as its destination [bad-operands]',
    ],
    [
      'X86_64',
      '',
      'movl x,%eax',
      'unsupported operands of `movl`: expected a source and a destination, at most one of them in memory [bad-operands] | `x` alone is a label: its memory is `(x)`',
    ],
    [
      'X86_64',
      '',
      'movv $1,(x)',
      'unsupported instruction `movv` [unsupported-instruction] | did you mean `mov`?',
    ],
    [
      'X86_64',
      '0:rax=x;',
      'movq $1,%rax ; incl %ebx ; inc (%rax)',
      '`inc` does not say how wide its access is [operand-size] | write `incl` for 32 bits',
    ],
    ['X86_64', '', 'movl $1,(rax)', '`rax` is a register [bad-address] | write `%rax`'],
    ['X86_64', '', 'movl (%ax),%ebx', 'an address is not in a register of 16 bits [bad-address]'],
    ['X86_64', '', 'movl (%rax,%rbx,3),%ecx', 'an index is scaled by 1, 2, 4 or 8 [bad-address]'],
    ['X86_64', '', 'movl (%rax,%rsp,2),%ecx', 'the stack pointer is no index [bad-address]'],
    ['X86', '', 'MOV EAX,[EBX-ECX]', 'a register is added, not taken away [bad-address]'],
    [
      'X86',
      '',
      'MOV EAX,[EBX+ECX+EDX]',
      'an address has a base and an index, no more registers [bad-address]',
    ],
    ['X86_64', '', 'movl 4(x),%eax', 'no cell begins at `x+4` [out-of-bounds]'],
    [
      'X86_64',
      '',
      'movl %xmm0,(x)',
      '`xmm0` is not a register of X86_64 [unknown-register] | vector and floating-point registers are not supported',
    ],
    [
      'X86_64',
      'int64_t x;',
      'movq $0x123456789,(x)',
      '`movq` takes a signed constant of 32 bits, and `4886718345` is longer [immediate-size] | put it into a register with `movabsq`',
    ],
    [
      'X86_64',
      'uint8_t x;',
      'movb $0x1ff,(x)',
      'warning: `511` has more than 8 bits: `movb` takes 255 of it [immediate-size]',
    ],
    [
      'X86_64',
      '',
      'lock movl $1,(x)',
      '`movl` cannot be locked here [bad-prefix] | lock needs a read-modify-write of memory',
    ],
    [
      'X86_64',
      '',
      'lock addl (x),%eax',
      '`addl` cannot be locked here [bad-prefix] | lock needs a read-modify-write of memory',
    ],
    [
      'X86_64',
      '',
      'lock xchgl %eax,%ebx',
      '`xchgl` cannot be locked here [bad-prefix] | lock needs a read-modify-write of memory',
    ],
    ['X86_64', '', 'lock', 'unsupported: a prefix without its instruction: `lock` [unsupported-instruction]'],
    ['X86_64', '', 'pushq %rax', 'unsupported: the stack and calls: `pushq` [unsupported-instruction]'],
    ['X86_64', '', 'call f', 'unsupported: the stack and calls: `call` [unsupported-instruction]'],
    [
      'X86_64',
      '',
      'lock cmpxchg16b (x)',
      'unsupported: accesses of two cells at once: `cmpxchg16b` [unsupported-instruction]',
    ],
    [
      'X86_64',
      '',
      'cmpxchg8b (x)',
      'unsupported: accesses of two cells at once: `cmpxchg8b` [unsupported-instruction]',
    ],
    ['X86_64', '', 'clflush (x)', 'unsupported: control of caches: `clflush` [unsupported-instruction]'],
    ['X86_64', '', 'divl %ecx', 'unsupported: division, which may fault: `divl` [unsupported-instruction]'],
    ['X86_64', '', 'rep', 'unsupported: string instructions: `rep` [unsupported-instruction]'],
    ['X86_64', '', 'xbegin L0', 'unsupported: transactions: `xbegin` [unsupported-instruction]'],
    ['X86_64', '', 'btl $3,(x) ; sets %al', 'this reads SF, which `btl` leaves undefined [undefined-flag]'],
    [
      'X86_64',
      '',
      'imull %ebx,%eax ; jle L0 ; L0:',
      'this reads ZF, SF, OF, which `imull` leaves undefined [undefined-flag]',
    ],
    [
      'X86_64',
      '',
      'shll $2,%eax ; jo L0 ; L0:',
      'this reads OF, which `shll` leaves undefined [undefined-flag]',
    ],
  ])('%s { %s } %s', (dialect, init, lines, expected) => {
    const { diagnostics } = build(dialect, init, lines.split(' ; '));
    expect(showDiagnostic(diagnostics[0]!)).toBe(expected);
    expect(diagnostics[0]!.span).not.toBeNull();
  });
});
