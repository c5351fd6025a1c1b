/** Accesses through registers that hold no address, and the stacks that threads have without being given one. */
import { describe, expect, it } from 'vitest';
import { renderDiagnostics } from '../text/render.js';
import { answerTo } from './assembly-table.js';
import { defaultRunOptions, runTest } from './run-test.js';

function diagnosticsOf(text: string): string {
  return renderDiagnostics(runTest({ name: 't', text }, { ...defaultRunOptions, models: 'own' }).diagnostics);
}

describe('a stack of the thread', () => {
  const dekker = (barrier: string): string =>
    `X86_64 t\n{}\n P0 | P1 ;\n movl $1,(x) | movl $1,(y) ;\n ${barrier} | ${barrier} ;\n` +
    ' movl (y),%eax | movl (x),%eax ;\nlocations [0:rax; 1:rax]';

  it.each([
    ['lock addl $0,-4(%rsp)', false],
    ['lock addq $0,(%rsp)', false],
    ['addl $0,-4(%rsp)', true],
  ])('is no shared memory, but locked it is a barrier: %s', (barrier, isWeak) => {
    const states = answerTo(dekker(barrier)).split('\n');
    expect(states.includes('0:rax=0; 1:rax=0;')).toBe(isWeak);
    expect(states).toContain('0:rax=1; 1:rax=1;');
    expect(diagnosticsOf(dekker(barrier))).toBe('');
  });

  it.each([
    ['X86', 'MOV [ESP-4],$1 ; LOCK ADD [ESP-4],$3 ; MOV EAX,[ESP-4] ; MOV EBX,[ESP-8]', '0:EAX=4; 0:EBX=0;'],
    [
      'AArch64',
      'MOV W1,#7 ; STR W1,[SP,#12] ; STP X1,X1,[SP,#16] ; LDR W0,[SP,#12] ; LDR X2,[SP,#24]',
      '0:X0=7; 0:X2=7;',
    ],
  ])('keeps what is stored to it: %s', (dialect, code, wanted) => {
    const observed = wanted.replace(/=\d+/g, '');
    const lines = code.replace(/ ; /g, ' ;\n ');
    expect(answerTo(`${dialect} t\n{}\n P0 ;\n ${lines} ;\nlocations [${observed}]`)).toBe(wanted);
  });

  it('is read and written in whole cells', () => {
    const text = 'X86_64 t\n{}\n P0 ;\n movq $1,-8(%rsp) ;\n movl -4(%rsp),%eax ;\nforall (true)';
    expect(diagnosticsOf(text)).toContain('unsupported: mixed-size access at rsp-4: 32 bits [mixed-size]');
  });
});

describe('a register that holds no address', () => {
  it.each([
    ['AArch64', '', 'LDR W0,[X5]', 't:4:9: warning: `X5` holds no address here', '`0:X5=x;`'],
    ['AArch64', '0:X5=7;', 'LDR W0,[X5,#8]', 't:4:9: warning: `X5` holds', '`0:X5=x;`'],
    ['AArch64', '', 'STR W0,[SP,#-16]!', 't:4:9: warning: `SP` holds no', 'int64_t stack[4]; 0:SP=stack[2];'],
    ['X86_64', '', 'incl 4(%rax)', 't:4:7: warning: `rax` holds no address here', '`0:rax=x;`'],
    ['X86', '', 'MOV [EBX],$1', 't:4:6: warning: `EBX` holds no address here', '`0:EBX=x;`'],
  ])('%s { %s } %s: is told of once', (dialect, init, line, warning, hint) => {
    const text = `${dialect} t\n{ ${init} }\n P0 ;\n ${line} ;\nforall (true)`;
    const found = diagnosticsOf(text);
    expect(found).toContain(warning);
    expect(found).toContain(hint);
    expect(found.match(/warning/g)).toHaveLength(1);
    expect(answerTo(text)).toContain('no address');
  });

  it.each([
    ['AArch64', 'x=1; 0:X2=x;', 'LDR W0,[X1,X2]'],
    ['AArch64', 'x=1; 0:X2=x;', 'MOV SP,X2 ;\n LDR W0,[SP]'],
    ['AArch64', 'int a[2]={0,1}; 0:X2=a;', 'ADD X2,X2,#4 ;\n LDR W0,[X2]'],
    ['AArch64', 'x=1; p=x; 0:X2=p;', 'LDR X3,[X2] ;\n LDR W0,[X3]'],
    ['X86_64', 'int a[2]={1}; 0:rcx=a;', 'movl (%rbx,%rcx),%eax'],
    ['X86_64', 'int a[2]={1};', 'leaq (a),%rbx ;\n movl (%rbx),%eax'],
  ])('may be part of one: %s { %s } %s', (dialect, init, line) => {
    const register = dialect === 'X86_64' ? '0:rax' : '0:X0';
    const text = `${dialect} t\n{ ${init} }\n P0 ;\n ${line} ;\nlocations [${register}]`;
    expect(diagnosticsOf(text)).toBe('');
    expect(answerTo(text)).toBe(`${register}=1;`);
  });
});
