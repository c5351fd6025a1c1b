/** What sketches become: the IR, and the statements as their authors wrote them. */
import { describe, expect, it } from 'vitest';
import { showProgram } from '../oracle/show-program.js';
import type { Program } from '../program/ir.js';
import { parseLitmus } from '../syntax/parse.js';
import { type Checked, checked, invariant } from '../text/diagnostic.js';
import { renderDiagnostics } from '../text/render.js';
import { elaborateC } from './elaborate.js';
import { sketchToC } from './sketch-to-c.js';

function elaborate(rows: string, tail = 'exists (true)', init = ''): Checked<Program> {
  const text = `Sketch test\n{ ${init} }\n${rows}\n${tail}\n`;
  const tree = parseLitmus({ name: 't', text });
  invariant(tree.value?.dialect === 'Sketch', renderDiagnostics(tree.diagnostics));
  const c = sketchToC(tree.value);
  if (c.value === null) return { value: null, diagnostics: c.diagnostics };
  const program = elaborateC(c.value);
  return program.value === null
    ? program
    : checked(program.value, [...c.diagnostics, ...program.diagnostics]);
}

function show(rows: string, tail = 'exists (true)', init = ''): string {
  const { value, diagnostics } = elaborate(rows, tail, init);
  expect(renderDiagnostics(diagnostics)).toBe('');
  return `\n${showProgram(value!)}\n`;
}

describe('a sketch', () => {
  it.each([
    '[W] *p->b = 1',
    'r1 = [R] *p->b',
    '[W] **p = 1',
    '[RMW] *p->b += 1',
    '[W] *(p->b) = 1',
    'LOCK *p->l',
  ])('comes to an end on %s', (cell) => {
    const { value, diagnostics } = elaborate(` CPU0 | CPU1 ;\n ${cell} | r9 = [R] x ;`);
    if (value === null) expect(diagnostics.some(({ span }) => span !== null)).toBe(true);
  });

  it('of the mail', () => {
    const rows = `
      CPU0 (__mutex_lock_common) | CPU1 (try_to_wake_up)  ;
      LOCK p->blocked_lock       | ACQUIRE p->pi_lock     ;
      [W] p->blocked_on = 1      | r1 = [R] p->__state    ;
      [W] p->__state = 1         | RMB                    ;
      MB                         | r2 = [R] p->blocked_on ;`;
    const program = elaborate(rows, 'exists (CPU1:r1 = 1 /\\ CPU1:r2 = 0)').value!;
    expect(showProgram(program)).toMatchInlineSnapshot(`
      "lkmm { p->blocked_lock = 0; p->blocked_on = 0; p->__state = 0; p->pi_lock = 0; }
      CPU0:
        0: _ = rmw[LKR][LKW] &p->blocked_lock = 1 when (old == 0) -> 1 else block
        1: store[Once] &p->blocked_on = 1
        2: store[Once]:u32 &p->__state = 1
        3: fence[Mb]
      CPU1:
        0: _ = rmw[LKR][LKW] &p->pi_lock = 1 when (old == 0) -> 1 else block
        1: r1 = load[Once]:u32 &p->__state
        2: fence[Rmb]
        3: r2 = load[Once] &p->blocked_on
      observe 1:r1 1:r2
      exists (1:r1 = 1 /\\ 1:r2 = 0)"
    `);
    expect(program.threads.map((t) => [t.name, t.label])).toEqual([
      ['CPU0', '__mutex_lock_common'],
      ['CPU1', 'try_to_wake_up'],
    ]);
    expect(program.threads[0]!.code.map(({ source }) => [source.text, source.primitive])).toEqual([
      ['LOCK p->blocked_lock', 'spin_lock'],
      ['[W] p->blocked_on = 1', 'WRITE_ONCE'],
      ['[W] p->__state = 1', 'WRITE_ONCE'],
      ['MB', 'smp_mb'],
    ]);
  });

  it.each([
    ['with orders', 'CPU0 | CPU1 ;\n[W.rel] x = 1 | r1 = [R.acq] x ;\n[W.full] y = 2 | [R] y ;'],
    ['with atomics', 'CPU0 ;\nr1 = [RMW] x = 1 ;\nr2 = [RMW.acq] x += 2 ;\n[RMW] x++ ;\n[RMW.rlx] x |= 4 ;'],
    [
      'of the shared object',
      'CPU0 | CPU1 ;\n[W] ->blocked_on = 1 | LOCK ->pi_lock ;\n | r1 = [R] ->blocked_on ;',
    ],
    [
      'with bare locks',
      'CPU0 | CPU1 ;\nACQUIRE | LOCK l ;\n[W] x = 1 | [W] x = 2 ;\nRELEASE | UNLOCK ;\nRELEASE | ;',
    ],
    ['with nested locks', 'CPU0 ;\nLOCK a ;\nLOCK b ;\nUNLOCK a ;\nUNLOCK ;'],
    [
      'with C',
      'CPU0 ;\nr1 = x + 1 ;\nif (r1 == 2) [W] x = 3 ;\nWRITE_ONCE(x, r1) ;\nsmp_store_release(&x, 4) ;\nint r2 = READ_ONCE(x) ;\n[W] x = r2 ;',
    ],
    ['with constants', 'CPU0 ;\n[W] p->__state = TASK_WAKING ;\n[W] p->blocked_on = PROXY_WAKING ;'],
    ['with tasks', 'CPU0 ;\n[W] current->on_rq = 1 ;\nset_current_state(TASK_RUNNING) ;'],
  ])('%s', (_name, rows) => {
    const init = rows.includes('x + 1') ? 'x = 0;' : '';
    expect(show(rows, 'exists (true)', init)).toMatchSnapshot();
  });

  it('may name a value without saying which', () => {
    const rows = `
      CPU0                     | CPU1                  ;
      LOCK                     | ACQUIRE               ;
      [W] ->blocked_on = lock  | r0 = [R] ->__state    ;
      [W] ->__state = state    | RMB                   ;
      [W] ->on_rq = 1          | r1 = [R] ->blocked_on ;`;
    const { value, diagnostics } = elaborate(rows, 'exists (CPU1:r0 = state /\\ CPU1:r1 = 0)');
    expect(`\n${renderDiagnostics(diagnostics)}\n`).toMatchInlineSnapshot(`
      "
      t:7:23: warning: \`state\` is taken as a value of its own: 2 [named-value]
       7 |       [W] ->__state = state    | RMB                   ;
         |                       ^^^^^
        hint: write a number, or a constant such as TASK_INTERRUPTIBLE
      "
    `);
    expect(value!.condition.text).toBe('exists (1:r0=2 /\\ 1:r1=0)');
    // What resembles a constant or a register is a mistake.
    for (const name of ['TASK_SLEEPY', 'r7'])
      expect(elaborate(` CPU0 ;\n [W] ->__state = ${name} ;`).value).toBeNull();
  });

  it('may follow what it read', () => {
    const rows = 'CPU0 ;\nr1 = [R] rq->curr ;\nr2 = [R] r1->on_cpu ;';
    expect(
      show(rows, 'exists (0:r2=1)', 'struct task_struct p; rq->curr = &p; p->on_cpu = 1;'),
    ).toMatchSnapshot();
  });

  it('may point to objects', () => {
    const rows =
      'CPU0 | CPU1 ;\n[W] p->blocked_on = lock | r1 = [R] p->blocked_on ;\n | ACQUIRE r1->wait_lock ;';
    expect(show(rows, 'exists (1:r1=&lock)', 'struct mutex lock;')).toMatchSnapshot();
  });
});

describe('a sketch is refused', () => {
  it.each([
    ['for constants that are mistyped', 'CPU0 ;\n[W] p->__state = TASK_RUNING ;'],
    ['for registers that nothing is read into', 'CPU0 ;\nr1 = [R] x ;\n[W] x = r2 ;'],
    ['for reads that are barriers', 'CPU0 ;\n[R.full] x ;'],
    ['for operations that are not atomic', 'CPU0 ;\n[RMW] x *= 2 ;'],
    ['for locks that are read', 'CPU0 | CPU1 ;\nLOCK l | r1 = [R] l ;'],
    ['for fields that are mistyped', 'CPU0 ;\n[W] p->__state = 1 ;\nr1 = [R] p->__stat ;'],
  ])('%s', (_name, rows) => {
    const { value, diagnostics } = elaborate(rows);
    expect(value).toBeNull();
    expect(`\n${renderDiagnostics(diagnostics)}\n`).toMatchSnapshot();
  });
});
