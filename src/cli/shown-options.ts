/** The options of a run as they are given on the command line, for a journal that is asked how a run differs from its own. */

const optionNames: ReadonlyMap<string, string> = new Map([
  ...[
    'model',
    'conf',
    'bell',
    'macros',
    'mode',
    'format',
    'atomics',
    'unroll',
    'timeout',
    'memory',
    'graph',
    'explain',
    'plain',
  ].map((name) => [name, name] as const),
  ['includes', 'include'],
  ['variants', 'variant'],
  ['compileTo', 'compile-to'],
]);

function leavesOf(value: unknown, name: string): readonly (readonly [name: string, value: unknown])[] {
  const isLeaf = typeof value !== 'object' || value === null;
  if (isLeaf || (Array.isArray(value) && optionNames.has(name))) return [[name, value]];
  return Object.entries(value).flatMap(([key, part]) =>
    leavesOf(part, name === 'techniques' ? `no-${key}` : key),
  );
}

/** As it is written behind the option's name; null: the option is not given. */
function shown(value: unknown): string | null {
  if (value === null || value === undefined || value === false) return null;
  if (Array.isArray(value)) return value.length === 0 ? null : value.join(' ');
  return value === true ? 'given' : String(value);
}

/** `options`: plain data, in which options have the names of the setups of commands. What is no option is left out. */
export function shownOptions(options: unknown): Readonly<Record<string, string>> {
  const found = leavesOf(options, '').flatMap(([name, value]): [string, string][] => {
    // A technique is named to switch it off.
    if (name.startsWith('no-')) return value === false ? [[`--${name}`, 'given']] : [];
    const option = optionNames.get(name);
    const text = shown(value);
    return option === undefined || text === null ? [] : [[`--${option}`, text]];
  });
  return Object.fromEntries(found);
}
