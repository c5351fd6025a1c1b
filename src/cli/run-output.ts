/** The report of `fencepost run` as it is written: in the order of the files, each as soon as all before it are done. */
import { printTexts } from './diagnostics-output.js';
import type { FileResult, Format } from './run-file.js';
import { StatusCounts } from './run-status.js';
import type { ShardHeader } from './shard.js';
import { type Terminal, tablePalette } from './terminal.js';

/** What stands before, between and behind the files. */
interface Frame {
  readonly before: string;
  readonly between: string;
  readonly after: (code: number, open: number) => string;
}

function frameOf(format: Format, shard: ShardHeader | null): Frame {
  if (format === 'table') return { before: '', between: '\n', after: () => '' };
  if (format === 'herd') return { before: '', between: '', after: () => '' };
  if (shard === null) return { before: '[\n', between: ',\n', after: () => '\n]\n' };
  const head = JSON.stringify(shard, null, 2).slice(0, -'\n}'.length);
  return {
    before: `${head},\n  "results": [\n`,
    between: ',\n',
    after: (code, open) => `\n  ],\n  "open": ${open},\n  "exitCode": ${code}\n}\n`,
  };
}

export class RunOutput {
  /** Done before one that stands before them. */
  private readonly waiting = new Map<number, FileResult>();
  private readonly said = new Set<string>();
  private readonly frame: Frame;
  private readonly statuses = new StatusCounts();
  private next = 0;
  private written = 0;
  private files = 0;

  /** `beforeWriting`: takes a progress line away. */
  constructor(
    private readonly format: Format,
    shard: ShardHeader | null,
    private readonly terminal: Terminal,
    private readonly beforeWriting: () => void,
  ) {
    this.frame = frameOf(format, shard);
  }

  add(result: FileResult, index: number): void {
    this.waiting.set(index, result);
    for (let next = this.waiting.get(this.next); next !== undefined; next = this.waiting.get(this.next)) {
      this.waiting.delete(this.next++);
      this.write(next);
    }
  }

  /** Writes the end. What is still missing is left out: `open` files of them. */
  finish(code: number, open: number): void {
    for (const index of [...this.waiting.keys()].sort((a, b) => a - b)) this.write(this.waiting.get(index)!);
    this.waiting.clear();
    this.beforeWriting();
    const { before, after } = this.frame;
    const end = after(code, open);
    if (this.format === 'table') this.sumUp();
    // An array without elements, as JSON.stringify writes it.
    if (this.written === 0) this.terminal.out(end === '' ? '' : before.trimEnd() + end.trimStart());
    else this.terminal.out(end);
  }

  /** Of one table nothing is left to say. */
  private sumUp(): void {
    if (this.files < 2) return;
    const { title } = tablePalette(this.terminal.colours.out);
    this.terminal.out(`${this.written === 0 ? '' : this.frame.between}${title(this.statuses.text)}\n`);
  }

  private write({ out, messages, status }: FileResult): void {
    this.beforeWriting();
    this.files++;
    this.statuses.add(status);
    if (out !== '') this.terminal.out((this.written++ === 0 ? this.frame.before : this.frame.between) + out);
    for (const { texts, once } of messages) {
      const fresh = once ? texts.filter((text) => !this.said.has(text)) : texts;
      if (once) for (const text of fresh) this.said.add(text);
      printTexts(fresh, this.terminal);
    }
  }
}
