/**
 * What a reference tool needed for the tests of the families, and what it counted: measured, not derived.
 *
 * Source: herd7 7.58, one core of a machine of the kind that fencepost was developed on, CPU seconds of the process, count of
 * candidates and of allowed executions as it reports them; "faster" is the same with `-optace true -variant OptRfRMW`. Where it
 * did not finish in the seconds given, it was stopped. The RCU chain was measured on a chain of the same size and number of
 * executions as ours, but not the same text.
 */
export interface RecordedFigure {
  readonly family: string;
  readonly size: number;
  readonly seconds: number;
  /** False: it was stopped after the seconds. */
  readonly finished: boolean;
  /** Seconds with the options that help it most; null: not measured, or no gain. */
  readonly faster: number | null;
  /** Candidate executions that it looked at; null: not finished, or not recorded exactly. */
  readonly candidates: number | null;
  /** Null: not finished. */
  readonly allowed: number | null;
}

/** Size, seconds, candidates, allowed, seconds with the options that help. */
type Finished = readonly [
  size: number,
  seconds: number,
  candidates: number | null,
  allowed: number,
  faster?: number,
];
type Stopped = readonly [size: number, after: number, faster?: number];

function figures(
  family: string,
  finished: readonly Finished[],
  stopped: readonly Stopped[] = [],
): RecordedFigure[] {
  return [
    ...finished.map(([size, seconds, candidates, allowed, faster = null]) => ({
      family,
      size,
      seconds,
      finished: true,
      faster,
      candidates,
      allowed,
    })),
    ...stopped.map(([size, seconds, faster = null]) => ({
      family,
      size,
      seconds,
      finished: false,
      faster,
      candidates: null,
      allowed: null,
    })),
  ];
}

export const recordedFigures: readonly RecordedFigure[] = [
  ...figures('lkmm SB', [[8, 0.22, 256, 256]]),
  ...figures('lkmm SB+mb', [[8, 0.36, 256, 255]]),
  ...figures('lkmm MP chain', [[9, 0.68, 512, 511]]),
  ...figures('lkmm IRIW+rmb', [
    [5, 0.82, 1024, 1024],
    [6, 4.06, 4096, 4096],
    [7, 20.6, 16384, 16384],
  ]),
  ...figures(
    'lkmm coherence nx2',
    [
      [3, 0.01, 93, 90],
      [4, 0.37, 2524, 2520],
      [5, 24.3, 113405, 113400],
    ],
    [[6, 60]],
  ),
  ...figures('lkmm n writers + n reads', [
    [4, 0.4, 2096, 1680],
    [5, 8.2, 36470, 30240],
  ]),
  ...figures('lkmm lock nx1, counter', [
    [3, 0.07, 237, 6],
    [4, 6.1, 14068, 24],
  ]),
  ...figures('lkmm lock nx2, counter', [[2, 0.33, 678, 6]]),
  ...figures('lkmm lock nx3, counter', [], [[2, 60, 11]]),
  ...figures('lkmm lock nx2, own data', [
    [3, 0.33, 91, 90],
    [4, 17.4, 2521, 2520],
  ]),
  ...figures(
    'lkmm atomic_inc',
    [
      [4, 0.08, 820, 24],
      [5, 1.5, 17755, 120],
      [6, 39, 572586, 720, 1.6],
    ],
    [[7, 60]],
  ),
  // Candidates in thousands: 548 and 13.8.
  ...figures('lkmm xchg', [[6, 31, null, 720]]),
  ...figures('lkmm cmpxchg', [[6, 0.58, null, 6]]),
  ...figures('lkmm RCU ring', [
    [3, 0.08, 64, 63],
    [4, 0.53, 256, 255],
    [5, 3, 1024, 1023],
  ]),
  ...figures(
    'lkmm RCU chain',
    [
      [9, 1.2, 512, 511],
      [12, 16, 4096, 4095],
      [14, 101, 16384, 16383],
    ],
    [[16, 150]],
  ),
  ...figures('x86 SB', [[9, 0.24, 512, 512]]),
  ...figures('x86 IRIW', [[7, 10.7, 16384, 9909]]),
  ...figures(
    'x86 coherence nx2',
    [
      [3, 0.02, 720, 90],
      [4, 2.7, 40320, 2520],
    ],
    [[5, 60, 7.5]],
  ),
  ...figures('arm64 SB', [[9, 1.6, 512, 512]]),
  ...figures('arm64 IRIW+dmb', [[7, 40.9, 16384, 9909]]),
  ...figures('arm64 coherence nx2', [[4, 19.6, 40320, 2520]]),
  ...figures(
    'arm64 LDADD',
    [
      [3, 0.04, 96, 6],
      [4, 1.4, 3000, 24],
    ],
    [[5, 60, 0.26]],
  ),
  ...figures(
    'arm64 LDXR/STXR',
    [
      [3, 0.18, 163, 37],
      [4, 5.7, 4893, 261],
    ],
    [[5, 60]],
  ),
  // It counts the attempts that fail as well, which our test without a counter does not.
  ...figures('arm64 LDXR/STXR, retry counted', [[2, 4.4, 1102, 36]], [[3, 60, 40]]),
  // Two contended locks: 45 to 83 s, depending on the test.
  ...figures('arm64 CASA lock', [], [[2, 45]]),
];

export function recordedFigure(family: string, size: number): RecordedFigure | null {
  return recordedFigures.find((figure) => figure.family === family && figure.size === size) ?? null;
}
