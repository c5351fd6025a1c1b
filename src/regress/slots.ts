/** All slots of a test of any language; those whose text is no test are left out. */
import { kernelPrimitives, type PrimitiveTable } from '../elaborate/primitive-table.js';
import type { Program } from '../program/ir.js';
import type { LitmusTree } from '../syntax/parse.js';
import { asmSlots } from './asm-slots.js';
import { cSlots } from './c-slots.js';
import { sketchSlots } from './sketch-slots.js';
import type { Slot, SlotOption } from './slot.js';

function allSlots(tree: LitmusTree, program: Program, table: PrimitiveTable): readonly Slot[] {
  switch (tree.dialect) {
    case 'C':
      return cSlots(tree, program, table);
    case 'Sketch':
      return sketchSlots(tree, program, table);
    default:
      return asmSlots(tree);
  }
}

/** `isTest`: whether the test with an option is still one. */
export function slotsOf(
  tree: LitmusTree,
  program: Program,
  macros: PrimitiveTable | null,
  isTest: (option: SlotOption) => boolean,
): readonly Slot[] {
  return allSlots(tree, program, macros ?? kernelPrimitives())
    .map((slot) => ({ ...slot, options: slot.options.filter(isTest) }))
    .filter(({ options }) => options.length > 0);
}
