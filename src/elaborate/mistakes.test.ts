/** Mistyped tests: whatever is wrong with a file, elaboration answers with diagnostics or a program that holds together. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Program } from '../program/ir.js';
import { tags } from '../program/vocabulary.js';
import { parseLitmus } from '../syntax/parse.js';
import { hasErrors } from '../text/diagnostic.js';
import { elaborateC } from './elaborate.js';
import { sketchToC } from './sketch-to-c.js';

const litmus = fileURLToPath(new URL('../../litmus/', import.meta.url));
const texts = readdirSync(litmus, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.litmus'))
  .sort()
  .map((name) =>
    readFileSync(join(litmus, name), 'utf8').replace(/\(\*[\s\S]*?\*\)|\/\/.*|\/\*[\s\S]*?\*\//g, ' '),
  );

/** More of the language than the project's own tests use. */
const snippets = [
  'C a {} P0(int *x, atomic_t *v, spinlock_t *l) { int i; u8 b = READ_ONCE(*x); bool t = b && *x; for (i = 0; i < 3; i++) { if (t || !b) break; else continue; } while (!spin_trylock(l)) barrier(); do { i--; } while (i > 0); i += atomic_fetch_add_acquire(2, v) ? xchg(x, 1) : -1; if (atomic_try_cmpxchg(v, &i, 3)) return; } exists (0:i=1)',
  'C b { struct mutex m; p->blocked_on = &m; q = p; } P0(struct task_struct *p, struct task_struct **q) { struct mutex *n = READ_ONCE(p->blocked_on); unsigned long flags; if (n) raw_spin_lock_irqsave(&n->wait_lock, flags); set_current_state(TASK_RUNNING); smp_cond_load_acquire(&current->on_cpu, !VAL); (*q)->on_rq = (u32)n->count; } exists (p->blocked_on=&m)',
  `C d {}
#define N (1 + 2)
#define set(p, v) do { smp_wmb(); WRITE_ONCE(*(p), (v)); } while (0)
#define get(p, f) ((p)->f)
enum state { IDLE, BUSY = N, DONE };
static inline int poll(int *x, int want) { int r = READ_ONCE(*x); if (r != want) return IDLE; guard(rcu)(); return r; }
static void put(struct foo *p) { get(p, next) = p; }
P0(int *x, spinlock_t *l, struct foo *p) { int r; again: switch (poll(x, BUSY)) { case IDLE: set(x, DONE); break; case 2: case N: goto out; default: r = 1, (*x)++; } scoped_guard (spinlock, l) { int r = 2; if (r) break; } put(p); BUG_ON(*x); goto again; out: { guard(mutex)(&p->m); if (poll(x, N)) return; } }
exists (x=DONE)`,
  'C e {} static struct foo *next(struct foo *q, int n) { while (n--) q = q->next; return q; } static void twice(struct foo *q) { WRITE_ONCE(next(q, 1)->a, 1); next(q, 0)->a = 2; } P0(struct foo *p, int *x) { for (int i = 0, j = 2; i < j; i++, j--) { if (*x) continue; twice(p); } if (WARN_ON(p->a == 1 && *x)) goto end; end: ; } exists (p->a=1)',
  'C f {} P0(unsigned long *w, rwlock_t *l, struct rw_semaphore *s, struct srcu_struct *ss, struct foo *p, int **g) { int i = srcu_read_lock(ss); unsigned long flags; rcu_read_lock(); int *q = rcu_dereference_check(*g, 1); if (!test_and_set_bit_lock(i & 3, w)) __clear_bit(5, &p->bits); rcu_read_unlock(); write_lock_irqsave(l, flags); if (down_read_killable(s)) up_write(s); i = READ_ONCE(*q) + spin_is_locked(&p->lock); read_unlock(l); srcu_read_unlock(ss, i); synchronize_srcu(ss); i = atomic_dec_if_positive(&p->n); cmpxchg64(w, i, 1); } exists (0:i=1)',
  'C d { int a[4] = {1, 2}; struct foo p = {1, &q, {3}}; x = 1; } struct foo { int n; struct foo *next; u8 v[2]; } ; P0(int *a, struct foo *p, struct foo *q, int *x) { int i = READ_ONCE(*x); struct foo *r = rcu_dereference(p->next); int *e = a + i; a[i] = sizeof(struct foo); r->v[i] = (u8)*e; e++; long d = e - a; if (r && e < &a[4]) WRITE_ONCE(r->next, p); } exists (p->next=q /\\ a[1]=2 /\\ 0:d=1)',
  'Sketch c { x = 0; } CPU0 | CPU1 ; LOCK | r1 = [RMW.acq] ->state += 2 ; [W.rel] x = 1 | if (r1) [W] x = r1 + 1 ; RELEASE | r2 = [R] p->blocked_on ; UNLOCK | LOCK r2->wait_lock ; exists (1:r2=&lock)',
];

const token = /(?:\w+|->|\/\\|\\\/|[=!<>&|+-]{2}|\S)\s*/g;

/** A text with some of its tokens dropped, doubled, exchanged or replaced by tokens of anywhere. */
const mistyped = fc
  .record({
    text: fc.constantFrom(...texts, ...snippets, ...snippets, ...snippets),
    edits: fc.array(
      fc.record({ at: fc.nat(), from: fc.nat(), how: fc.constantFrom('drop', 'double', 'swap', 'replace') }),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .map(({ text, edits }) => {
    const tokens = text.match(token)!;
    const head = text.match(token)!.findIndex((part) => part.startsWith('{'));
    for (const { at, from, how } of edits) {
      const i = head + (at % (tokens.length - head - 1));
      const other = tokens[head + (from % (tokens.length - head))]!;
      if (how === 'drop') tokens.splice(i, 1);
      else if (how === 'double') tokens.splice(i, 0, tokens[i]!);
      else if (how === 'swap') [tokens[i], tokens[i + 1]] = [tokens[i + 1]!, tokens[i]!];
      else tokens[i] = other;
    }
    return tokens.join('');
  });

function checkProgram({ threads, locations, observed }: Program): void {
  expect(locations.map((location) => location.index)).toEqual(locations.map((_, i) => i));
  expect(new Set(locations.map((location) => location.name)).size).toBe(locations.length);
  for (const { code, registers, index } of threads) {
    const names = new Set(registers.map((register) => register.name));
    for (const instruction of code) {
      if (instruction.kind === 'jump' || instruction.kind === 'branch') {
        expect(instruction.target).toBeGreaterThanOrEqual(0);
        expect(instruction.target).toBeLessThanOrEqual(code.length);
      }
      if ('dst' in instruction && instruction.dst !== null) expect(names).toContain(instruction.dst);
      if ('tags' in instruction) expect(tags.lkmm).toEqual(expect.arrayContaining([...instruction.tags]));
    }
    for (const o of observed)
      if (o.kind === 'register' && o.thread === index) expect(names).toContain(o.name);
  }
}

it('mistyped tests are answered', () => {
  const seen = { refused: 0, elaborated: 0 };
  fc.assert(
    fc.property(mistyped, (text) => {
      const { value: tree } = parseLitmus({ name: 't', text });
      if (tree === null || (tree.dialect !== 'C' && tree.dialect !== 'Sketch')) return;
      const c = tree.dialect === 'C' ? { value: tree, diagnostics: [] } : sketchToC(tree);
      const { value, diagnostics } = c.value === null ? { ...c, value: null } : elaborateC(c.value);
      expect(value === null).toBe(hasErrors(diagnostics));
      seen[value === null ? 'refused' : 'elaborated']++;
      if (value !== null) checkProgram(value);
    }),
    { seed: 20261121, numRuns: 2000 },
  );
  expect(Math.min(seen.refused, seen.elaborated)).toBeGreaterThan(40);
});
