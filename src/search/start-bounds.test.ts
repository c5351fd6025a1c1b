/** What is known before the first read is assigned, where an address is read: in no execution less. */
import { expect, test } from 'vitest';
import { elaborateC } from '../elaborate/elaborate.js';
import { parseLitmus } from '../syntax/parse.js';
import { renderDiagnostics } from '../text/render.js';
import { unfoldProgram } from '../unfold/unfold.js';
import { buildSkeleton, type Skeleton } from './skeleton.js';
import { StartBounds } from './start-bounds.js';

function skeletonOf(body: string): Skeleton {
  const text = `C test\n{ int *p = x; }\nP0(int *x, int *y, int **p)\n{\n${body}\n}\nexists (x=1)\n`;
  const { value: litmus, diagnostics } = parseLitmus({ name: 'test', text });
  if (litmus?.dialect !== 'C') throw new Error(renderDiagnostics(diagnostics));
  const program = elaborateC(litmus);
  if (program.value === null) throw new Error(renderDiagnostics(program.diagnostics));
  const [thread] = unfoldProgram(program.value).threads;
  const skeleton = buildSkeleton(program.value, [thread!.traces[0]!]);
  if ('fault' in skeleton) throw new Error(skeleton.fault);
  return skeleton;
}

/** With nothing known of sources and of the order on writes. */
function boundsOf(
  skeleton: Skeleton,
  candidates: (read: number) => readonly number[] = () => [],
): StartBounds {
  return new StartBounds(skeleton, { candidates, order: null }, false);
}

const THROUGH_POINTER = 'int *r = READ_ONCE(*p); WRITE_ONCE(*r, 1); WRITE_ONCE(*x, 2); WRITE_ONCE(*x, 3);';

test('accesses are of one location for certain only where both addresses are known', () => {
  const skeleton = skeletonOf(THROUGH_POINTER);
  const [pointed, second, third] = skeleton.writes.filter((write) => write >= skeleton.inits);
  const bounds = boundsOf(skeleton);
  const certain = bounds.certainCommunication;
  expect(certain.has(pointed!, second!)).toBe(false);
  expect(certain.has(second!, third!)).toBe(true);
  const { lo, hi } = bounds.of('co', 'relation');
  expect(lo.bits.every((word) => word === 0)).toBe(true);
  for (const init of [...skeleton.initialWriteOf.values()])
    expect((hi as typeof certain).has(init, pointed!)).toBe(true);
});

test('an only source is certain where the read is one', () => {
  for (const [body, isCertain] of [
    [THROUGH_POINTER, false],
    ['int r = READ_ONCE(*x); WRITE_ONCE(*x, 2);', true],
  ] as const) {
    const skeleton = skeletonOf(body);
    const [read] = skeleton.reads;
    const source = skeleton.initialWriteOf.get(skeleton.location[read!]!)!;
    const { lo, hi } = boundsOf(skeleton, () => [source]).of('rf', 'relation');
    expect(lo.bits.some((word) => word !== 0)).toBe(isCertain);
    expect(hi.bits.some((word) => word !== 0)).toBe(true);
  }
});

test('a write whose address is read may be the last one of a location that is observed', () => {
  const skeleton = skeletonOf(THROUGH_POINTER);
  const pointed = skeleton.writes.find((write) => write >= skeleton.inits)!;
  const { hi } = boundsOf(skeleton).of('FW', 'set');
  expect(((hi.bits[pointed >> 5]! >>> (pointed & 31)) & 1) === 1).toBe(true);
});
