/**
 * Rows of the table of primitives: atomics, exchanges and bit operations, by family.
 *
 * Source: the kernel's Documentation/atomic_t.txt and atomic_bitops.txt for the families and their ordering (include/linux/atomic/
 * atomic-instrumented.h lists the members); include/asm-generic/bitops/ for what bit operations do: test_and_set_bit_lock() leaves a bit that is
 * set alone, and orders nothing then.
 */
import type { BinaryOp } from '../program/ir.js';
import {
  type Action,
  type AtomicException,
  type AtomicResult,
  type BitOp,
  LOAD_ACQUIRE,
  LOAD_ONCE,
  ONCE,
  ORDERS,
  type Parameter,
  type Row,
  STORE_ONCE,
  STORE_RELEASE,
} from './primitives.js';

/** Operations by name, and what has no argument of its own. */
const OPERATIONS: readonly (readonly [
  name: string,
  op: BinaryOp,
  operand: number | null,
  complement: boolean,
])[] = [
  ['add', '+', null, false],
  ['sub', '-', null, false],
  ['inc', '+', 1, false],
  ['dec', '-', 1, false],
  ['and', '&', null, false],
  ['or', '|', null, false],
  ['xor', '^', null, false],
  ['andnot', '&', null, true],
];

/** Those that leave the cell alone in one case. */
const CONDITIONAL: readonly (readonly [
  name: string,
  operand: number | null,
  unless: AtomicException,
  result: 'old' | 'new' | 'done',
])[] = [
  ['add_unless', null, 'argument', 'done'],
  ['fetch_add_unless', null, 'argument', 'old'],
  ['inc_not_zero', 1, 'zero', 'done'],
  ['inc_unless_negative', 1, 'negative', 'done'],
  ['dec_unless_positive', -1, 'positive', 'done'],
  ['dec_if_positive', -1, 'underflow', 'new'],
];

function* exchangeRows(prefix: string): Generator<Row> {
  for (const [suffix, order] of ORDERS) {
    yield [`${prefix}xchg${suffix}`, ['pointer', 'value'], { kind: 'exchange', order }];
    yield* compareRows(prefix, suffix, order, false);
  }
}

function* compareRows(
  prefix: string,
  suffix: string,
  order: (typeof ORDERS)[number][1],
  wide: boolean,
): Generator<Row> {
  const [compare, attempt] = ['cmpxchg', 'try_cmpxchg'].map((name) => `${prefix}${name}`);
  const width = wide ? '64' : '';
  const action = (isTry: boolean): Action => ({ kind: 'compare', order, try: isTry, wide });
  yield [`${compare}${width}${suffix}`, ['pointer', 'value', 'value'], action(false), `${compare}${suffix}`];
  yield [
    `${attempt}${width}${suffix}`,
    ['pointer', 'expected', 'value'],
    action(true),
    `${attempt}${suffix}`,
  ];
}

function* operationRows(): Generator<Row> {
  for (const [name, op, operand, complement] of OPERATIONS) {
    const parameters: readonly Parameter[] = operand === null ? ['value', 'pointer'] : ['pointer'];
    const action = (result: AtomicResult, order: (typeof ORDERS)[number][1]): Action => ({
      kind: 'atomic',
      op,
      complement,
      operand,
      result,
      order,
    });
    yield [`atomic_${name}`, parameters, action('none', 'relaxed')];
    const returns = op === '+' || op === '-';
    for (const [suffix, order] of ORDERS) {
      yield [`atomic_fetch_${name}${suffix}`, parameters, action('old', order)];
      if (returns) yield [`atomic_${name}_return${suffix}`, parameters, action('new', order)];
      if (name === 'add') yield [`atomic_add_negative${suffix}`, parameters, action('negative', order)];
    }
    if (returns && name !== 'add') yield [`atomic_${name}_and_test`, parameters, action('zero', 'full')];
  }
}

function* familyRows(): Generator<Row> {
  yield ['atomic_read', ['pointer'], LOAD_ONCE];
  yield ['atomic_read_acquire', ['pointer'], LOAD_ACQUIRE];
  yield ['atomic_set', ['pointer', 'value'], STORE_ONCE];
  yield ['atomic_set_release', ['pointer', 'value'], STORE_RELEASE];
  yield ['atomic_cond_read_relaxed', ['pointer', 'condition'], { kind: 'wait', tags: ONCE }];
  yield ['atomic_cond_read_acquire', ['pointer', 'condition'], { kind: 'wait', tags: ['Acquire'] }];
  yield* exchangeRows('atomic_');
  yield* operationRows();
  for (const [name, operand, unless, result] of CONDITIONAL) {
    const parameters: readonly Parameter[] = operand === null ? ['pointer', 'value', 'value'] : ['pointer'];
    yield [`atomic_${name}`, parameters, { kind: 'add-unless', operand, unless, result, order: 'full' }];
  }
}

function* bitRows(): Generator<Row> {
  const parameters: readonly Parameter[] = ['value', 'bits'];
  const bit = (op: BitOp, returns: boolean, order: (typeof ORDERS)[number][1], lock = false): Action => ({
    kind: 'bit',
    op,
    returns,
    order,
    lock,
  });
  const plain = { read: ['Plain'], write: ['Plain'] };
  for (const op of ['set', 'clear', 'change'] as const) {
    yield [`${op}_bit`, parameters, bit(op, false, 'relaxed')];
    yield [`test_and_${op}_bit`, parameters, bit(op, true, 'full')];
    yield [`__${op}_bit`, parameters, { kind: 'split-bit', op, returns: false, ...plain }];
    yield [`__test_and_${op}_bit`, parameters, { kind: 'split-bit', op, returns: true, ...plain }];
  }
  yield ['test_bit', parameters, { kind: 'test-bit', tags: ONCE }];
  yield ['test_bit_acquire', parameters, { kind: 'test-bit', tags: ['Acquire'] }];
  yield ['test_and_set_bit_lock', parameters, bit('set', true, 'acquire', true)];
  yield ['clear_bit_unlock', parameters, bit('clear', false, 'release')];
  const release: Action = {
    kind: 'split-bit',
    op: 'clear',
    returns: false,
    read: ONCE,
    write: ['Release'],
  };
  yield ['__clear_bit_unlock', parameters, release];
}

/** All read-modify-writes, and the loads and stores of their families. */
export function* atomicRows(): Generator<Row> {
  yield* exchangeRows('');
  for (const [suffix, order] of ORDERS) yield* compareRows('', suffix, order, true);
  // For memory that is shared with a hypervisor: atomic even in a kernel for one CPU, else the same.
  const compare: Action = { kind: 'compare', order: 'full', try: false, wide: false };
  yield ['sync_cmpxchg', ['pointer', 'value', 'value'], compare, 'cmpxchg'];
  for (const [name, parameters, action] of familyRows())
    for (const family of ['atomic_', 'atomic_long_', 'atomic64_'])
      yield [name.replace('atomic_', family), parameters, action, name];
  yield* bitRows();
}
