/**
 * Names of files in one folder, for things that have names of their own, not all of them different. The first of a name keeps it, for
 * scripts know it; the others are numbered.
 */

/** `sb`, `mp`, `sb`: the third is called `sb.2`. */
export function distinctNames(names: readonly string[]): string[] {
  // some file systems take capitals and small letters for the same
  const taken = new Set(names.map((name) => name.toLowerCase()));
  const met = new Set<string>();
  return names.map((name) => {
    const isFirst = !met.has(name.toLowerCase());
    met.add(name.toLowerCase());
    if (isFirst) return name;
    let number = 2;
    while (taken.has(`${name}.${number}`.toLowerCase())) number++;
    const distinct = `${name}.${number}`;
    taken.add(distinct.toLowerCase());
    return distinct;
  });
}
