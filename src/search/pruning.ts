/**
 * When to judge candidates before they are complete.
 *
 * To judge a part of a candidate (judge.ts) costs about as much as to judge a candidate or two, and saves all those below it where it
 * decides. So the policy learns, for each depth, how much work the search had below a part (candidates that it came to, and parts
 * that it came to or judged), and how often judging decided; it goes on where the product pays, and else tries again now and then. To
 * begin with it takes a part with enough work below it to pay for making the judge. Which parts are judged never changes what is
 * found.
 */

/** Before anything is learnt: parts with fewer candidates below them, as far as their reads tell, are not judged. */
const FEWEST = 32;
/** Parts of a depth after which what was learnt of it counts. */
const TRIAL = 4;
/** Work that one judgement must save, at least, to be expected to pay. */
const PRICE = 1;
/** Permissions that are rarer are not asked for. */
const SELDOM = 1 / 16;
/** What it costs to come to a part, in candidates. */
const STEP = 0.2;
/** Where something does not pay, it is tried once in so many times. */
const PROBE = 64;
/** Attempts after which the older ones count half. */
const MEMORY = 256;

/** How often something was tried, and how often it brought something. */
class Record {
  private attempts = 0;
  private successes = 0;
  private skipped = 0;

  /** The share of successes to expect; one half before the first. */
  get rate(): number {
    return (this.successes + 1) / (this.attempts + 2);
  }

  add(success: boolean): void {
    this.attempts++;
    if (success) this.successes++;
    if (this.attempts < MEMORY) return;
    this.attempts /= 2;
    this.successes /= 2;
  }

  /** True now and then. */
  skip(): boolean {
    this.skipped++;
    return this.skipped % PROBE === 0;
  }
}

/** What was learnt of the parts of a depth. */
class Level {
  readonly refusals = new Record();
  readonly permissions = new Record();
  private parts = 0;
  private below = 0;
  /** The work that was done when the search entered the present part; -1 outside of parts. */
  private entered = -1;

  enter(work: number): void {
    this.leave(work);
    this.entered = work;
  }

  leave(work: number): void {
    if (this.entered < 0) return;
    this.parts++;
    this.below += work - this.entered;
    this.entered = -1;
  }

  /** What was refused says nothing of the work below. */
  forget(): void {
    this.entered = -1;
  }

  /** Work below a part that is not refused, on average; null before enough is known. */
  get average(): number | null {
    return this.parts < TRIAL ? null : this.below / this.parts;
  }
}

export class PruningPolicy {
  private readonly levels: Level[] = [];
  private work = 0;

  constructor(
    private readonly enabled: boolean,
    private readonly eager: boolean,
  ) {}

  /** The search has come to a candidate. */
  completed(): void {
    this.work++;
  }

  /**
   * Whether a part should be judged that is `depth` choices deep; as far as its choices tell, `estimate` candidates complete it.
   * `cost`: of what must be made before the first judgement, in evaluations of a candidate.
   */
  isWorthwhile(depth: number, estimate: () => number, cost: number): boolean {
    if (!this.enabled) return false;
    if (this.eager) return true;
    this.work += STEP;
    const level = this.levelAt(depth);
    for (let deeper = depth + 1; deeper < this.levels.length; deeper++) this.levels[deeper]!.leave(this.work);
    level.enter(this.work);
    const { average } = level;
    if (average === null) return estimate() >= Math.max(FEWEST, cost);
    if (average < cost) return false;
    const { refusals, permissions } = level;
    // a permission that is not asked for any more is not to be had
    const rate = Math.max(refusals.rate, permissions.rate >= SELDOM ? permissions.rate : 0);
    return rate * average >= PRICE || refusals.skip();
  }

  /** Whether it should be asked, too, if a part that is not refused is allowed as a whole. */
  asksPermission(depth: number): boolean {
    const { permissions } = this.levelAt(depth);
    return this.eager || permissions.rate >= SELDOM || permissions.skip();
  }

  /** A part was judged. `askedPermission`: whether that it is allowed could have been found. */
  judged(depth: number, judgement: 'refused' | 'open' | 'allowed', askedPermission: boolean): void {
    const level = this.levelAt(depth);
    const { refusals, permissions } = level;
    this.work++;
    if (judgement === 'refused') level.forget();
    refusals.add(judgement === 'refused');
    if (askedPermission && judgement !== 'refused') permissions.add(judgement === 'allowed');
  }

  private levelAt(depth: number): Level {
    while (this.levels.length <= depth) this.levels.push(new Level());
    return this.levels[depth]!;
  }
}
