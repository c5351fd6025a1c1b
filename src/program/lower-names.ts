/** Symbol names for C cells: assembly litmus files know neither `->` nor `[ ]`, nor symbols that look like registers. */
import { parseRegister } from '../syntax/asm-registers.js';
import type { AsmDialect } from '../syntax/asm-tree.js';
import type { Location } from './value.js';

function mangled(dialect: AsmDialect, name: string): string {
  const word = name.replace(/->|[^A-Za-z0-9_]+/g, '_').replace(/_$/, '');
  const safe = /^[A-Za-z_]/.test(word) ? word : `v${word}`;
  return parseRegister(dialect, safe) !== null || /^[LP]\d+$/.test(safe) ? `${safe}_` : safe;
}

/** A symbol for each cell, unique: `p->__state` is `p___state`, `a[1]` is `a_1`. */
export function symbolNames(
  dialect: AsmDialect,
  locations: readonly Location[],
): ReadonlyMap<Location, string> {
  const names = new Map<Location, string>();
  const taken = new Set<string>();
  for (const location of locations) {
    const base = mangled(dialect, location.name);
    let name = base;
    for (let n = 1; taken.has(name); n++) name = `${base}_${n}`;
    taken.add(name);
    names.set(location, name);
  }
  return names;
}
