/**
 * When to judge candidates before they are complete.
 *
 * To judge a part of a candidate (judge.ts) costs about as much as to judge a few candidates, and saves all those below it where it
 * decides. So it is tried where many are below, and at each depth as long as it decides often enough; after that only now
 * and then, for what does not pay here may pay elsewhere in the search. Which parts are judged never changes what is found.
 */

/** Parts with fewer candidates below them are never judged: less than a judgement costs. */
const FEWEST = 32;
/** Attempts at each depth that are made whatever they bring. */
const TRIAL = 8;
/** Candidates that one judgement is worth. */
const PRICE = 4;
/** Where judging does not pay, one part in so many is judged. */
const PROBE = 64;
/** Attempts after which the older ones count half. */
const MEMORY = 128;

interface Record {
  attempts: number;
  decisions: number;
  skipped: number;
}

export class PruningPolicy {
  private readonly records: Record[] = [];

  constructor(
    private readonly enabled: boolean,
    private readonly eager: boolean,
  ) {}

  /** Whether a part should be judged, `depth` choices deep, with about `candidates` below it. */
  isWorthwhile(depth: number, candidates: number): boolean {
    if (!this.enabled) return false;
    if (this.eager) return true;
    if (candidates < FEWEST) return false;
    const record = this.recordAt(depth);
    if (record.attempts < TRIAL) return true;
    if ((record.decisions / record.attempts) * candidates >= PRICE) return true;
    record.skipped++;
    return record.skipped % PROBE === 0;
  }

  /** A part was judged; `decided`: all below it is refused, or all is allowed. */
  judged(depth: number, decided: boolean): void {
    const record = this.recordAt(depth);
    record.attempts++;
    if (decided) record.decisions++;
    if (record.attempts < MEMORY) return;
    record.attempts /= 2;
    record.decisions /= 2;
  }

  private recordAt(depth: number): Record {
    let record = this.records[depth];
    if (record === undefined) {
      record = { attempts: 0, decisions: 0, skipped: 0 };
      this.records[depth] = record;
    }
    return record;
  }
}
