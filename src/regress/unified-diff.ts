/**
 * Unified diffs, as `git apply` and `patch` take them.
 *
 * Longest common subsequence of lines (quadratic, after the common start and end are set aside): tests are short, and changes few.
 */

type Step = { readonly kind: ' ' | '-' | '+'; readonly line: string };

const CONTEXT = 3;

/** Lines with their line breaks; the last one may have none. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** What turns `a` into `b`; removed lines come before the added ones. */
function steps(a: readonly string[], b: readonly string[]): Step[] {
  const width = b.length + 1;
  const common = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i * width + j] =
        a[i] === b[j]
          ? common[(i + 1) * width + j + 1]! + 1
          : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!);
  const result: Step[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      result.push({ kind: ' ', line: a[i]! });
      i++;
      j++;
    } else if (
      i < a.length &&
      (j === b.length || common[(i + 1) * width + j]! >= common[i * width + j + 1]!)
    ) {
      result.push({ kind: '-', line: a[i]! });
      i++;
    } else {
      result.push({ kind: '+', line: b[j]! });
      j++;
    }
  }
  return result;
}

function allSteps(before: readonly string[], after: readonly string[]): Step[] {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before.at(-1 - end) === after.at(-1 - end)) end++;
  const same = (lines: readonly string[]): Step[] => lines.map((line) => ({ kind: ' ', line }));
  return [
    ...same(before.slice(0, start)),
    ...steps(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...same(before.slice(before.length - end)),
  ];
}

interface Hunk {
  readonly from: number;
  readonly to: number;
}

/** Ranges of steps: changes with their context, joined where they meet. */
function hunksOf(all: readonly Step[]): Hunk[] {
  const hunks: Hunk[] = [];
  for (const [at, step] of all.entries()) {
    if (step.kind === ' ') continue;
    const from = Math.max(0, at - CONTEXT);
    const to = Math.min(all.length, at + 1 + CONTEXT);
    const last = hunks.at(-1);
    if (last !== undefined && from <= last.to) hunks[hunks.length - 1] = { from: last.from, to };
    else hunks.push({ from, to });
  }
  return hunks;
}

/** `12,4`; a range without lines is named by the line before it. */
function range(before: number, count: number): string {
  const start = count === 0 ? before : before + 1;
  return count === 1 ? `${start}` : `${start},${count}`;
}

function count(all: readonly Step[], kind: '-' | '+'): number {
  return all.filter((step) => step.kind === ' ' || step.kind === kind).length;
}

function printed({ kind, line }: Step): string {
  return line.endsWith('\n') ? `${kind}${line}` : `${kind}${line}\n\\ No newline at end of file\n`;
}

/** The diff from one text to another of the file `name`; empty if they are the same. */
export function unifiedDiff(name: string, before: string, after: string): string {
  const all = allSteps(linesOf(before), linesOf(after));
  const hunks = hunksOf(all).map(({ from, to }) => {
    const part = all.slice(from, to);
    const head = all.slice(0, from);
    const old = range(count(head, '-'), count(part, '-'));
    const fresh = range(count(head, '+'), count(part, '+'));
    return `@@ -${old} +${fresh} @@\n${part.map(printed).join('')}`;
  });
  const path = name.replace(/^(?:\.\/)+/, '').replace(/^\/+/, '');
  return hunks.length === 0 ? '' : `--- a/${path}\n+++ b/${path}\n${hunks.join('')}`;
}
