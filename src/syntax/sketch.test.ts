/** Sketches: what each form of a cell means, and how the table is split. */
import { describe, expect, it } from 'vitest';
import { spanText } from '../text/source.js';
import type { CExpression } from './c-tree.js';
import { parseLitmus } from './parse.js';
import type { SketchLitmus, SketchStatement } from './sketch-tree.js';

function parse(text: string): SketchLitmus {
  const { value, diagnostics } = parseLitmus({ name: 't.litmus', text });
  expect(diagnostics).toEqual([]);
  expect(value?.dialect).toBe('Sketch');
  return value as SketchLitmus;
}

/** An expression as written; the shared object shows as `<shared>`. */
function show(e: CExpression): string {
  if (e.kind !== 'field') return spanText(e.span);
  const object = e.object.kind === 'name' && e.object.name === '' ? '<shared>' : show(e.object);
  return `${object}${e.arrow ? '->' : '.'}${e.field}`;
}

function showStatement(s: SketchStatement): string {
  switch (s.kind) {
    case 'lock':
      return `${s.word} ${s.lock === null ? 'nothing' : show(s.lock)}`;
    case 'fence':
      return s.word;
    case 'read':
      return `read ${s.order} ${s.result?.name ?? 'nothing'} <- ${show(s.place)}`;
    case 'write':
      return `write ${s.order} ${show(s.place)} <- ${show(s.value)}`;
    case 'rmw':
      return `rmw ${s.order} ${s.result?.name ?? 'nothing'} <- ${show(s.place)} ${s.op ?? 'is'} ${show(s.value)}`;
    case 'if':
      return `if ${show(s.condition)} then ${showStatement(s.then)}`;
    case 'c':
      return `c ${s.statement.kind} ${spanText(s.span)}`;
  }
}

function cells(column: string): string[] {
  const rows = column.split('\n').join('|;\n');
  return parse(`Sketch t\n{}\nCPU0 | CPU1;\n${rows}\nexists (x=1)`).threads[0]!.statements.map(showStatement);
}

describe('cells', () => {
  it.each([
    ['LOCK p->blocked_lock', 'LOCK p->blocked_lock'],
    ['UNLOCK(p->pi_lock)', 'UNLOCK p->pi_lock'],
    ['ACQUIRE &rq', 'ACQUIRE rq'],
    ['RELEASE', 'RELEASE nothing'],
    ['LOCK ->pi_lock', 'LOCK <shared>->pi_lock'],
    ['MB', 'MB'],
    ['RMB', 'RMB'],
    ['smp_wmb()', 'WMB'],
    ['[R] ->__state', 'read null nothing <- <shared>->__state'],
    ['r1 = [R] p->__state', 'read null r1 <- p->__state'],
    ['[R] r1 = p->__state', 'read null r1 <- p->__state'],
    ['[R.acq] r1 = p->on_cpu', 'read acquire r1 <- p->on_cpu'],
    ['r1=[R.rlx]x', 'read relaxed r1 <- x'],
    ['[W] p->blocked_on = lock', 'write null p->blocked_on <- lock'],
    ['[ W.rel ] ->x = r1 + 1', 'write release <shared>->x <- r1 + 1'],
    ['r1 = [RMW] p->x = 2', 'rmw null r1 <- p->x is 2'],
    ['[RMW.rlx] p->x += 1', 'rmw relaxed nothing <- p->x + 1'],
    ['[RMW.full] x |= 4', 'rmw full nothing <- x | 4'],
    ['r1 = [RMW.acquire] x--', 'rmw acquire r1 <- x - x--'],
    ['if (r1 == 0) [W] x = 1', 'if (r1 == 0) then write null x <- 1'],
    ['if ((a | b) || (r1)) MB', 'if ((a | b) || (r1)) then MB'],
    ['if (r1) { x = 1; y = 2; }', 'if (r1) then c block { x = 1; y = 2; }'],
    ['r2 = r1 + 1', 'c expression r2 = r1 + 1'],
    ['WRITE_ONCE(p->x, 1)', 'c expression WRITE_ONCE(p->x, 1)'],
    ['int r3', 'c declaration int r3'],
  ])('%s', (cell, expected) => {
    expect(cells(cell)).toEqual([expected]);
  });
});

describe('the table', () => {
  const text = `(* from the list *)
Sketch blocked_on-vs-state
{ p->blocked_on = 0; p->__state = 0; }
 CPU0 (__mutex_lock_common) | CPU 1: ttwu           ;
----------------------------+-----------------------
 LOCK p->blocked_lock       | ACQUIRE p->pi_lock    ;
 [W] p->blocked_on = 1      | r1 = [R] p->__state   ;
 ...
                            | RMB
 MB ; UNLOCK p->blocked_lock | ...                  ;
exists (CPU1:r1 = 1)
`;

  it('has columns with labels', () => {
    const { threads, name, comment } = parse(text);
    expect(name).toBe('blocked_on-vs-state');
    expect(comment).toBe(' from the list ');
    expect(threads.map((t) => [t.name, t.label])).toEqual([
      ['CPU0', '__mutex_lock_common'],
      ['CPU1', 'ttwu'],
    ]);
  });

  it('has rows that end with a line or a semicolon, with empty cells and rules between', () => {
    const { threads } = parse(text);
    expect(threads.map((t) => t.statements.map(showStatement))).toEqual([
      ['LOCK p->blocked_lock', 'write null p->blocked_on <- 1', 'MB', 'UNLOCK p->blocked_lock'],
      ['ACQUIRE p->pi_lock', 'read null r1 <- p->__state', 'RMB'],
    ]);
  });

  it('has spans', () => {
    const { threads } = parse(text);
    expect(threads[1]!.statements.map((s) => spanText(s.span))).toEqual([
      'ACQUIRE p->pi_lock',
      'r1 = [R] p->__state',
      'RMB',
    ]);
    expect(spanText(threads[1]!.nameSpan)).toBe('CPU 1');
  });

  it('may have one column', () => {
    const { threads } = parse('Sketch t\n{}\nCPU0 ;\nMB ;\nif (a || b) MB ;\nexists (x=1)');
    expect(threads.map((t) => t.statements.length)).toEqual([2]);
  });
});
