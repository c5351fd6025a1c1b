/**
 * When to judge candidates before they are complete.
 *
 * A part of a candidate (some reads assigned, the order that they force on writes) that violates a monotone check has no allowed
 * completion: reads-from and coherence only grow from here, so the violation stays. Judging parts costs as much as judging candidates,
 * and where almost everything is allowed it finds nothing. So it starts when the refused candidates outnumber the allowed ones
 * by far, and stops when it does not pay. Which parts are judged never changes what is found.
 */
/** Refused candidates, beyond those allowed, at which parts are judged. */
const PATIENCE = 24;
/** Attempts after which the share that pruned is looked at, and the share that pays. */
const TRIAL = 64;
const PAYING_SHARE = 1 / 16;

export class PruningPolicy {
  private balance = 0;
  private attempts = 0;
  private successes = 0;

  constructor(
    private readonly enabled: boolean,
    private readonly eager: boolean,
  ) {}

  /** A complete candidate was refused by a check of the model. */
  refused(): void {
    this.balance++;
  }

  allowed(): void {
    this.balance -= 4;
  }

  isWorthwhile(): boolean {
    return this.enabled && (this.eager || this.balance > PATIENCE);
  }

  /** A part was judged; `pruned`: it has no allowed completion. */
  tried(pruned: boolean): void {
    this.attempts++;
    if (pruned) this.successes++;
    if (this.attempts < TRIAL) return;
    // After a trial that did not pay, many more refusals must come before the next.
    if (this.successes < TRIAL * PAYING_SHARE) this.balance = -PATIENCE * TRIAL;
    this.attempts = 0;
    this.successes = 0;
  }
}
