/** Symbol names for C cells: assembly litmus files know neither `->` nor `[ ]`, nor symbols that look like registers. */

import type { CellRow, Location } from '../program/value.js';
import { parseRegister } from '../syntax/asm-registers.js';
import type { AsmDialect } from '../syntax/asm-tree.js';

function mangled(dialect: AsmDialect, name: string): string {
  const word = name.replace(/->|[^A-Za-z0-9_]+/g, '_').replace(/_$/, '');
  const safe = /^[A-Za-z_]/.test(word) ? word : `v${word}`;
  return parseRegister(dialect, safe) !== null || /^[LP]\d+$/.test(safe) ? `${safe}_` : safe;
}

/** A symbol for each cell, unique: `p->__state` is `p___state`, `p->v[1]` is `p_v[1]`. */
export function symbolNames(
  dialect: AsmDialect,
  locations: readonly Location[],
): ReadonlyMap<Location, string> {
  const names = new Map<Location, string>();
  const taken = new Set<string>();
  const rows = new Map<CellRow, string>();
  const unique = (written: string): string => {
    const base = mangled(dialect, written);
    let name = base;
    for (let n = 1; taken.has(name); n++) name = `${base}_${n}`;
    taken.add(name);
    return name;
  };
  for (const location of locations) {
    const { inRow } = location;
    if (inRow === undefined) names.set(location, unique(location.name));
    else {
      const array = rows.get(inRow.row) ?? unique(location.name.replace(/\[\d+\]$/, ''));
      const { row, position } = inRow;
      const named = (at: number): string => `${array}[${(at * row.stride) / granuleOf(row)}]`;
      rows.set(row, array);
      names.set(location, named(position));
      names.set(row.end, named(row.elements.length));
    }
  }
  return names;
}

/**
 * The size of the elements of an array in assembly, which has integers only: an array of larger structs is one of words, of which
 * each struct takes several.
 */
export function granuleOf({ stride }: CellRow): 1 | 2 | 4 | 8 {
  return stride % 8 === 0 ? 8 : stride % 4 === 0 ? 4 : stride % 2 === 0 ? 2 : 1;
}
