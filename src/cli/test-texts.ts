/** Tests in kernel C for the tests of the commands. */

/** Store buffering. `comment`: what stands before the init block. */
export function storeBuffering(comment = '', value = 1): string {
  return `C sb
${comment}
{}
P0(int *x, int *y) { int r0; WRITE_ONCE(*x, ${value}); r0 = READ_ONCE(*y); }
P1(int *x, int *y) { int r0; WRITE_ONCE(*y, 1); r0 = READ_ONCE(*x); }
exists (0:r0=0 /\\ 1:r0=0)
`;
}

/**
 * Threads that all write to x and y and read what they can: executions without number. All have written x when the first writes y, so that
 * no two can read different values of x at the end, which takes a look at all of them. `between`: a statement in the middle of each.
 */
export function endlessTest(comment = '', between = ''): string {
  const threads = Array.from(
    { length: 9 },
    (_, i) =>
      `P${i}(int *x, int *y) { int r0; int r1; WRITE_ONCE(*x, ${i + 1}); r0 = READ_ONCE(*y); ${between} WRITE_ONCE(*y, ${i + 1}); r1 = READ_ONCE(*x); }`,
  );
  const early = threads.map((_, i) => `${i}:r0=0`).join(' /\\ ');
  return `C endless\n${comment}\n{}\n${threads.join('\n')}\nexists (${early} /\\ 0:r1=1 /\\ 1:r1=2)\n`;
}
