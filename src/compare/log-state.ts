/**
 * A state as the logs of herd7 and litmus7 write it, in the words of outcomes.ts.
 *
 * `0:X0=0x1;  [x]=2; 1:r0=&y;` is `0:X0=1; 1:r0=y; x=2`: brackets, stars and `&` off, hexadecimal numbers in decimal, `P0:` as `0:`,
 * registers by thread before memory, each in the order of their names. Faults (`fault(P0,x)`, `~fault(P0,x)`) are names with the
 * value true or false.
 */

/** A name as thread, stem and number: `10:X2` comes after `2:X10`, which comes after `2:X2`; memory comes after all threads. */
function keyOf(name: string): readonly [number, string, number] {
  const thread = /^(\d+):/.exec(name)?.[1];
  let end = name.length;
  while (end > 0 && /\d/.test(name[end - 1]!)) end--;
  const number = Number(name.slice(end));
  return [thread === undefined ? Number.POSITIVE_INFINITY : Number(thread), name.slice(0, end), number];
}

/** The order of names in a log's states, which is that of no test. */
export function compareNames(a: string, b: string): number {
  const [left, right] = [keyOf(a), keyOf(b)];
  for (const [i, part] of left.entries()) if (part !== right[i]) return part < right[i]! ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

export function normalName(written: string): string {
  const text = written.trim();
  const register = /^[Pp]?(\d+):\s*(.+)$/.exec(text);
  if (register !== null) return `${Number(register[1])}:${register[2]}`;
  const inner = /^\[(.*)\]$/.exec(text)?.[1]?.trim() ?? text;
  return inner.replace(/^\*/, '').trim();
}

export function normalValue(written: string): string {
  const text = written.trim();
  if (/^[+-]?(?:0x[\da-f]+|\d+)$/i.test(text)) {
    const digits = BigInt(text.replace(/^[+-]/, ''));
    return String(text.startsWith('-') ? -digits : digits);
  }
  const address = text.replace(/^&/, '').trim();
  return /^\[.*\]$/.test(address) ? normalName(address) : address.replace(/\[0\]$/, '');
}

const FAULT = /^(~?)\s*([Ff]ault\b.*)$/;

/** One `name=value`, or null if it is none. */
function bindingOf(part: string): readonly [string, string] | null {
  const fault = FAULT.exec(part);
  if (fault !== null) return [fault[2]!.replace(/\s+/g, ''), fault[1] === '~' ? 'false' : 'true'];
  const at = part.indexOf('=');
  if (at <= 0) return null;
  const name = normalName(part.slice(0, at));
  const value = normalValue(part.slice(at + 1));
  return name === '' || value === '' || /[\s=]/.test(name) || value.includes('=') ? null : [name, value];
}

export interface LogState {
  readonly names: readonly string[];
  readonly text: string;
}

/** Null: the line is no state. A line without any text is the state of a test that observes nothing. */
export function readState(line: string): LogState | null {
  const text = line.trim();
  if (text !== '' && !text.endsWith(';')) return null;
  const parts = text
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const bindings = parts.map(bindingOf).filter((binding) => binding !== null);
  if (bindings.length < parts.length) return null;
  const sorted = [...new Map(bindings)].sort(([a], [b]) => compareNames(a, b));
  return {
    names: sorted.map(([name]) => name),
    text: sorted.map(([name, value]) => `${name}=${value}`).join('; '),
  };
}
