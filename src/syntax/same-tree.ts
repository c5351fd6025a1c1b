/** Whether two syntax trees say the same: equal apart from where things stand in their files, and from the comments' text. */

/** Of a litmus tree: the header's comments, as text. */
const ignored = new Set(['comment']);

function isSpan(value: object): boolean {
  return 'file' in value && 'start' in value && 'end' in value;
}

export function isSameTree(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  if (isSpan(a)) return isSpan(b);
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = a as Readonly<Record<string, unknown>>;
  const right = b as Readonly<Record<string, unknown>>;
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  for (const name of names) if (!ignored.has(name) && !isSameTree(left[name], right[name])) return false;
  return true;
}
