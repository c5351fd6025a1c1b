/** The slots of a sketch: a barrier in a row of its own, an order in a mark, and what there is in the C of its cells. */
import type { PrimitiveTable } from '../elaborate/primitive-table.js';
import type { Program } from '../program/ir.js';
import type { SketchLitmus, SketchOrder, SketchStatement, SketchThread } from '../syntax/sketch-tree.js';
import { accessSlots, MemoryMap } from './c-slots.js';
import { rowAbove } from './cell-edit.js';
import { cellsOf, codeOfCells, type SketchCell, withFence, withMark } from './sketch-sites.js';
import { BARRIER_ORDERS, nameOf, type Slot, type SlotOption } from './slot.js';

/** Stronger orders of a mark, with what they order. */
function strongerOrders(statement: SketchStatement): readonly (readonly [SketchOrder, readonly string[]])[] {
  switch (statement.kind) {
    case 'read':
      return statement.order === 'acquire' ? [] : [['acquire', ['acquire']]];
    case 'write':
      return statement.order === 'release' || statement.order === 'full' ? [] : [['release', ['release']]];
    case 'rmw': {
      const { order, result, op } = statement;
      const acquire = ['acquire', ['acquire']] as const;
      const release = ['release', ['release']] as const;
      const full = ['full', ['acquire', 'release', 'full']] as const;
      if (order === 'full' || (order === null && (result !== null || op === null))) return [];
      return order === 'acquire' || order === 'release' ? [full] : [acquire, release, full];
    }
    default:
      return [];
  }
}

function markSlot(cell: SketchCell, thread: string): Slot | null {
  const options = strongerOrders(cell.statement).flatMap(([order, orders]): SlotOption[] => {
    const change = withMark(cell, order);
    if (change === null) return [];
    const what = `${change.to} for ${nameOf(thread, cell.statement.span)}`;
    return [{ ...change, what, orders: new Set(orders) }];
  });
  return options.length === 0 ? null : { thread, offset: cell.span.start, options };
}

const WORDS = [
  ['WMB', BARRIER_ORDERS.writes],
  ['RMB', BARRIER_ORDERS.reads],
  ['MB', BARRIER_ORDERS.full],
] as const;

function gapSlot(between: readonly SketchCell[], next: SketchCell, thread: string): Slot | null {
  const fences = between.filter(({ statement }) => statement.kind === 'fence');
  const words = fences.map(({ statement }) => (statement.kind === 'fence' ? statement.word : ''));
  if (words.includes('MB')) return null;
  const options = WORDS.filter(([word]) => !words.includes(word)).map(([word, orders]): SlotOption => {
    const [half] = fences;
    if (word === 'MB' && half !== undefined) {
      const change = withFence(half, word);
      return { ...change, what: `${change.to} for ${nameOf(thread, half.statement.span)}`, orders };
    }
    const what = `${word} before ${nameOf(thread, next.span)}`;
    return { to: word, what, orders, edits: [rowAbove(next.span, word)] };
  });
  return { thread, offset: next.span.start, options };
}

function threadSlots(thread: SketchThread, memory: MemoryMap, table: PrimitiveTable): Slot[] {
  const cells = cellsOf(thread);
  const slots: Slot[] = [];
  let between: SketchCell[] = [];
  let isOpen = false;
  for (const cell of cells) {
    const isActive = cell.statement.kind !== 'fence' && memory.hasAccess(cell.span);
    if (!isActive) {
      between.push(cell);
      continue;
    }
    const gap = isOpen ? gapSlot(between, cell, thread.name) : null;
    const mark = markSlot(cell, thread.name);
    slots.push(...[gap, mark].filter((slot) => slot !== null));
    isOpen = true;
    between = [];
  }
  return [...slots, ...accessSlots(codeOfCells(cells), thread.name, table)];
}

/** All slots of a sketch, thread by thread. */
export function sketchSlots(tree: SketchLitmus, program: Program, table: PrimitiveTable): Slot[] {
  const memory = new MemoryMap(program, table);
  return tree.threads.flatMap((thread) => threadSlots(thread, memory, table));
}
