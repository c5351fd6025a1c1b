/** Reads a baseline: lines to entries, with the place of each, or what is wrong with it and where. */
import type { OutcomeSet } from '../compare/outcomes.js';
import { type Checked, checked, type Diagnostic, errorAt } from '../text/diagnostic.js';
import { type SourceFile, spanOf } from '../text/source.js';
import { didYouMean } from '../text/suggest.js';
import { type Verdict, verdicts } from '../verdict/verdict.js';
import { BASELINE_HEAD, type Baseline, type BaselineEntry, NO_NAMES } from './baseline.js';

interface Line {
  readonly text: string;
  /** From 1. */
  readonly number: number;
  /** Offset of its first character. */
  readonly start: number;
}

function linesOf({ text }: SourceFile): Line[] {
  let start = 0;
  return text.split('\n').map((line, index) => {
    const found = { text: line.trimEnd(), number: index + 1, start };
    start += line.length + 1;
    return found;
  });
}

/** A model's outcomes as they are read. */
interface ModelEntry {
  readonly model: string;
  readonly verdict: Verdict;
  readonly flags: readonly string[];
  readonly limit: string | null;
  readonly states: string[];
}

class Entry {
  readonly models = new Map<string, ModelEntry>();
  readonly modelLines = new Map<string, number>();
  readonly stateLines = new Map<string, number>();

  constructor(readonly line: number) {}

  finished(): BaselineEntry {
    const { line, modelLines, stateLines } = this;
    const outcomes = [...this.models.values()].map(
      (entry): OutcomeSet => ({ ...entry, observed: namesIn(entry.states[0] ?? '') }),
    );
    return { outcomes, line, modelLines, stateLines };
  }
}

/** The names that a state gives values to. */
function namesIn(state: string): readonly string[] {
  return state === '' ? [] : state.split('; ').map((part) => part.replace(/=.*$/s, ''));
}

const conflict = /^(?:<{7}|={7}|>{7}|\|{7})(?: |$)/;

const modelPattern = /^ {2}("(?:[^"\\]|\\.)*"|[^\s":|]+): (\S+?)((?:, \S+?)*)(?: \((.*)\))?$/;
const statePattern = /^ {2}(.*?) \| (\S.*)$/;

function unquoted(text: string): string | null {
  if (!text.startsWith('"')) return text;
  try {
    return String(JSON.parse(text));
  } catch {
    return null;
  }
}

class BaselineReader {
  readonly diagnostics: Diagnostic[] = [];
  private readonly entries = new Map<string, Entry>();
  private current: Entry | null = null;

  constructor(private readonly source: SourceFile) {}

  read(): Baseline {
    const lines = linesOf(this.source);
    const [first, ...rest] = lines;
    const marker = lines.find(({ text }) => conflict.test(text));
    if (marker !== undefined) this.refuseConflict(marker);
    else if (first !== undefined && first.text !== BASELINE_HEAD) this.refuseHead(first);
    else for (const line of rest) this.readLine(line);
    return new Map([...this.entries].map(([file, entry]) => [file, entry.finished()]));
  }

  private refuse({ text, start }: Line, message: string, hint: string | null = null): void {
    const indent = text.length - text.trimStart().length;
    const end = Math.min(this.source.text.length, start + Math.max(text.length, indent + 1));
    const span = spanOf(this.source, Math.min(end, start + indent), end);
    this.diagnostics.push(errorAt(span, 'baseline', message, { hint }));
  }

  private refuseConflict(line: Line): void {
    const hint =
      'keep either side and run `fencepost baseline`, which writes what is true of the merged tests';
    this.refuse(line, 'a conflict of a merge, which is not resolved', hint);
  }

  private refuseHead(line: Line): void {
    const version = /^# fencepost baseline (\d+)$/.exec(line.text)?.[1];
    if (version === undefined)
      this.refuse(line, `this is no baseline: the first line of one is \`${BASELINE_HEAD}\``);
    else
      this.refuse(
        line,
        `a baseline of format ${version}, and this fencepost reads format 1`,
        'use the fencepost that wrote it, or write it anew: `fencepost baseline`',
      );
  }

  private readLine(line: Line): void {
    const { text } = line;
    if (text === '' || text.startsWith('#')) return;
    if (!/^\s/.test(text)) this.readFile(line);
    else if (this.current === null) this.refuse(line, 'the name of a test is missing before this line');
    else if (statePattern.test(text)) this.readState(line, this.current);
    else this.readModel(line, this.current);
  }

  private readFile(line: Line): void {
    this.current = new Entry(line.number);
    const file = unquoted(line.text);
    if (file === null) this.refuse(line, 'the name of a test, in quotes, is no JSON string');
    else if (this.entries.has(file))
      this.refuse(line, `a second entry of this test; the first is in line ${this.entries.get(file)?.line}`);
    else this.entries.set(file, this.current);
  }

  private readModel(line: Line, entry: Entry): void {
    const match = modelPattern.exec(line.text);
    const model = match === null ? null : unquoted(match[1] ?? '');
    if (match === null || model === null) {
      this.refuse(line, 'expected a model with its verdict (`lkmm: Never`) or a state (`1:r0=1 | lkmm`)');
      return;
    }
    const [, , word = '', flagList = '', limit] = match;
    const verdict = verdicts.find((name) => name === word);
    if (verdict === undefined) {
      const hint = didYouMean(word, verdicts) ?? `one of ${verdicts.join(', ')}`;
      this.refuse(line, `\`${word}\` is no verdict`, hint);
      return;
    }
    if (entry.models.has(model)) {
      this.refuse(line, `${model} for the second time; the first is in line ${entry.modelLines.get(model)}`);
      return;
    }
    const flags = flagList.split(', ').filter((flag) => flag !== '');
    entry.models.set(model, { model, verdict, flags, limit: limit ?? null, states: [] });
    entry.modelLines.set(model, line.number);
  }

  private readState(line: Line, entry: Entry): void {
    const [, text = '', models = ''] = statePattern.exec(line.text) ?? [];
    const state = text === NO_NAMES ? '' : text;
    if (entry.stateLines.has(state)) {
      this.refuse(
        line,
        `this state for the second time; the first is in line ${entry.stateLines.get(state)}`,
      );
      return;
    }
    entry.stateLines.set(state, line.number);
    for (const name of models.split(/ +/)) {
      const model = unquoted(name);
      const own = model === null ? undefined : entry.models.get(model);
      if (own === undefined) {
        const hint = didYouMean(name, entry.models.keys());
        this.refuse(line, `the model ${name} has no line with a verdict above`, hint);
      } else own.states.push(state);
    }
  }
}

export function readBaseline(source: SourceFile): Checked<Baseline> {
  const reader = new BaselineReader(source);
  const baseline = reader.read();
  return checked(baseline, reader.diagnostics);
}
