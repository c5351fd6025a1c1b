/**
 * Reads the logs of herd7 and of litmus7, and our own by `run --format herd`: what a tool said of each test, as OutcomeSets.
 *
 * The formats as measured (verdict/herd-report.ts; litmus7 7.58): a block a test, from `Test NAME Allowed` to the next one. herd7 has
 * `States n` and n lines of states; litmus7 `Histogram (n states)` and lines as `123  *>0:r0=1;`, how often and `*` for those that satisfy
 * the proposition. All other lines (warnings, listings, times) are passed over. What a test really can do is known of herd7, which looks
 * at all executions; litmus7 tells what was seen.
 */
import { type Checked, checked, type Diagnostic, errorAt, warningAt } from '../text/diagnostic.js';
import { type SourceFile, type Span, spanOf } from '../text/source.js';
import type { Verdict } from '../verdict/verdict.js';
import { LogAnswers, type LogTest } from './log-answers.js';
import { compareNames, type LogState, readState } from './log-state.js';

export interface OutcomeLog {
  readonly name: string;
  /** By name, in the order of the log; of a name with several answers, the second is `NAME (2)`. */
  readonly tests: ReadonlyMap<string, LogTest>;
}

const HEAD = /^Test\s+(\S.*?)\s+(Allowed|Forbidden|Required|Final)\s*$/;
const COUNT = /^(?:(States)\s+(\d+)|(Histogram)\s*\((\d+)\s+states?\))\s*$/;
const SEEN = /^\s*(\d+)\s*[^\w\s]>(.*)$/;
const WITNESSES = /^Positive:\s*(\d+),?\s+Negative:\s*(\d+)\s*$/;
const OBSERVATION = /^Observation\s+(\S.*?)\s+(Never|Sometimes|Always|Unknown)\s+(\d+)\s+(\d+)\s*$/;
const CONDITION = /^Condition\s+(.*?)(?:\s+is\s+(?:NOT\s+)?validated)?\s*$/;
const FLAG = /^Flag\s+(\S.*?)\s*$/;
/** What comes behind the states. */
const AFTER_STATES = /^(?:Ok|No|Loop|Undef|Witnesses|Positive|Flag|Condition|Observation|Hash|Time)\b/;
const LIMIT = /^Limit\s+(\S.*?)\s*$/;

/** No line but one of states is longer: longer ones are not looked at, so that no pattern takes long. */
const LONGEST = 4096;

interface Line {
  readonly text: string;
  readonly span: Span;
}

function* linesOf(source: SourceFile): Generator<Line> {
  const { text } = source;
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    yield { text: text.slice(start, end).replace(/\r$/, ''), span: spanOf(source, start, end) };
    start = end + 1;
  }
}

/** A block as it is being read. */
class Block {
  kind: LogTest['kind'] | null = null;
  /** How many states there are to be. */
  private promised = 0;
  private readonly states = new Map<string, readonly string[]>();
  /** Lines of states, whether different or not. */
  private count = 0;
  private readonly flags: string[] = [];
  private limit: string | null = null;
  private condition: string | null = null;
  private verdict: Verdict | null = null;
  private isWitnessed = false;
  private isBehindStates = false;

  constructor(
    readonly name: string,
    private readonly question: string,
    readonly span: Span,
  ) {}

  read({ text, span }: Line): Diagnostic | null {
    if (this.isInStates && this.readStateLine(text)) return null;
    if (this.isSurplus(text)) return this.surplus(span);
    this.readOther(text);
    return null;
  }

  /** One more state than there are to be. */
  private isSurplus(text: string): boolean {
    if (this.kind === null || this.isInStates || this.isBehindStates) return false;
    const state = this.stateIn(text);
    return state !== null && state.names.length > 0;
  }

  private surplus(span: Span): Diagnostic {
    // once is enough
    this.isBehindStates = true;
    const message = `${this.name} has more states than the ${this.promised} that are announced`;
    const hint = 'the log is damaged, or two logs got into each other: write it anew';
    return errorAt(span, 'log-miscounts', message, { hint });
  }

  private get isInStates(): boolean {
    return this.kind !== null && this.count < this.promised;
  }

  private stateIn(text: string): LogState | null {
    const line = this.kind === 'seen' ? SEEN.exec(text)?.[2] : text;
    return line === undefined ? null : readState(line);
  }

  private readStateLine(text: string): boolean {
    const state = this.stateIn(text);
    // an empty line is a state only where nothing is observed
    if (state === null || (state.names.length === 0 && this.states.size > 0)) return false;
    this.count++;
    this.states.set(state.text, state.names);
    return true;
  }

  private readOther(text: string): void {
    if (text.length > LONGEST) return;
    this.isBehindStates ||= this.kind !== null && AFTER_STATES.test(text);
    const count = COUNT.exec(text);
    const observation = OBSERVATION.exec(text);
    const witnesses = WITNESSES.exec(text);
    if (count !== null && this.kind === null) {
      this.kind = count[1] === undefined ? 'seen' : 'all';
      this.promised = Number(count[2] ?? count[4]);
    } else if (observation !== null) this.observe(observation);
    else if (witnesses !== null) this.witness(Number(witnesses[1]), Number(witnesses[2]));
    else {
      const flag = FLAG.exec(text)?.[1];
      if (flag !== undefined && !this.flags.includes(flag)) this.flags.push(flag);
      this.limit ??= LIMIT.exec(text)?.[1] ?? null;
      this.condition ??= CONDITION.exec(text)?.[1] ?? null;
    }
  }

  private observe([, , word, positive, negative]: RegExpExecArray): void {
    const isNone = Number(positive) === 0 && Number(negative) === 0;
    // herd7's way to say that no execution completes
    if (word === 'Never' && isNone && this.kind === 'all') this.verdict = 'Deadlock';
    else this.verdict = word as Verdict;
  }

  /** What `Positive` counts depends on the question; without `Observation`, as older logs are. */
  private witness(first: number, second: number): void {
    this.isWitnessed = true;
    const [positive, negative] = this.question === 'Forbidden' ? [second, first] : [first, second];
    if (positive > 0) this.verdict ??= negative > 0 ? 'Sometimes' : 'Always';
    else if (negative > 0) this.verdict ??= 'Never';
  }

  private limitOf(): string | null {
    if (this.limit !== null) return this.limit;
    if (this.count < this.promised) return `the log has ${this.count} of ${this.promised} states`;
    return this.verdict === null && !this.isWitnessed ? 'the log breaks off in this test' : null;
  }

  /** Null: there was nothing but the head. */
  finish(tool: string): LogTest | null {
    if (this.kind === null) return null;
    const limit = this.limitOf();
    const names = new Set([...this.states.values()].flat());
    return {
      name: this.name,
      kind: this.kind,
      condition: this.condition,
      outcomes: {
        model: tool,
        verdict: limit === null || this.verdict !== null ? (this.verdict ?? 'Unknown') : 'Unknown',
        observed: [...names].sort(compareNames),
        states: [...this.states.keys()],
        flags: this.flags,
        limit,
      },
    };
  }
}

class LogReader {
  readonly answers = new LogAnswers();
  readonly diagnostics: Diagnostic[] = [];
  private block: Block | null = null;

  constructor(private readonly tool: string) {}

  read(line: Line): void {
    const { text, span } = line;
    const head = text.length > LONGEST ? null : HEAD.exec(text);
    if (head === null) {
      const problem = this.block?.read(line) ?? null;
      if (problem !== null) this.diagnostics.push(problem);
      return;
    }
    this.finish();
    this.block = new Block(head[1]!, head[2]!, span);
  }

  finish(): void {
    const { block } = this;
    this.block = null;
    if (block === null) return;
    const test = block.finish(this.tool);
    if (test === null) {
      const message = `the log says nothing of the states of ${block.name}`;
      this.diagnostics.push(warningAt(block.span, 'log-without-states', message));
    } else this.add(test, block.span);
  }

  private add(test: LogTest, span: Span): void {
    const { name } = test;
    const key = this.answers.add(test);
    if (key === null || key === name) return;
    const message = `${name} is in the log more than once, with different answers; this one is called ${key}`;
    this.diagnostics.push(warningAt(span, 'log-repeats-test', message));
  }
}

const WHAT = 'a log of herd7 or litmus7';

/** Whether a text looks like a log, whatever its name. */
export function isLog({ text }: SourceFile): boolean {
  return /^Test[ \t]+\S.*[ \t](?:Allowed|Forbidden|Required|Final)[ \t]*\r?$/m.test(text);
}

/** `tool`: what to call who wrote it. An error if there is no test in it. */
export function readLog(source: SourceFile, tool: string): Checked<OutcomeLog> {
  const reader = new LogReader(tool);
  for (const line of linesOf(source)) reader.read(line);
  reader.finish();
  const { diagnostics } = reader;
  const { tests } = reader.answers;
  if (tests.size === 0) {
    const message = `${source.name}: expected ${WHAT}, found no test in it`;
    const hint =
      'of each test, a log has a line `Test NAME Allowed` (or Forbidden, Required), then `States n` or `Histogram (n states)`';
    diagnostics.push(errorAt(null, 'not-a-log', message, { hint }));
  }
  return checked({ name: source.name, tests }, diagnostics);
}
