/**
 * Reads herd's configuration files (`linux-kernel.cfg`): which model, bell and macro files belong together.
 *
 * A line is a key, blanks or `=`, and its value; `#` begins a comment line. What only says how to draw is ignored; what would change
 * the answer and is not done here is a warning. Source: the diy manual, and the keys that herd reads.
 */
import { type Checked, checked, type Diagnostic, errorAt, warningAt } from '../text/diagnostic.js';
import { type SourceFile, type Span, spanOf } from '../text/source.js';
import { didYouMean } from '../text/suggest.js';

/** A value with its place: a file's name as written, relative to the search path. */
export interface Setting {
  readonly value: string;
  readonly span: Span;
}

export interface Configuration {
  readonly macros: Setting | null;
  readonly bell: Setting | null;
  readonly model: Setting | null;
  readonly variants: readonly Setting[];
  /** Folders to search, in order. */
  readonly includes: readonly Setting[];
  /** Other configuration files, whose settings come before those after them. */
  readonly configurations: readonly Setting[];
  /** How often a loop is taken. */
  readonly unroll: number | null;
}

/** The last line with one of these keys counts. */
const SINGLE = { macros: 'macros', bell: 'bell', model: 'model', cat: 'model' } as const;
const REPEATED = { include: 'includes', conf: 'configurations' } as const;

/** Of drawing, of progress, and of what is printed: without effect here. */
const IGNORED: ReadonlySet<string> = new Set(
  `verbose suffix timeout debug show showflag nshow showkind shortlegend texmacros hexa outcomereads dotmode dotcom view showevents
   graph mono fontname fontsize edgefontsizedelta penwidth arrowsize splines overlap sep margin pad scale xscale yscale dsiy siwidth
   boxscale ptscale squished showpo relabel withbox labelbox showfinalrf showinitrf finalrfpos initrfpos oneinit labelinit initpos
   threadposy showinitwrites showthread showlegend brackets showobserved movelabel fixedsize extrachars dotheader doshow unshow noid
   symetric classes showraw edgeattr shift edgemerge speedcheck optace initwrites dumpallfaults`.split(/\s+/),
);

/** What changes which executions count or which tests run. */
const UNSUPPORTED: ReadonlySet<string> = new Set(
  'names oknames excl nonames rename kinds conds machsize endian through skipchecks strictskip archcheck badexecs badflag restrict'.split(
    ' ',
  ),
);

const KEYS: readonly string[] = [
  ...Object.keys(SINGLE),
  ...Object.keys(REPEATED),
  'variant',
  'unroll',
  ...IGNORED,
  ...UNSUPPORTED,
];

class ConfigurationReader {
  readonly diagnostics: Diagnostic[] = [];
  readonly single: Record<'macros' | 'bell' | 'model', Setting | null> = {
    macros: null,
    bell: null,
    model: null,
  };
  readonly repeated: Record<'includes' | 'configurations', Setting[]> = { includes: [], configurations: [] };
  readonly variants: Setting[] = [];
  unroll: number | null = null;

  constructor(private readonly source: SourceFile) {}

  line(text: string, start: number): void {
    if (/^\s*(?:#|$)/.test(text)) return;
    const parts = /^(\s*)([A-Za-z]+)(\s*=\s*|\s+|$)(.*?)\s*$/.exec(text);
    if (parts === null) {
      const at = start + (text.length - text.trimStart().length);
      const span = spanOf(this.source, at, start + text.trimEnd().length);
      const hint = 'lines are a key and a value: `model linux-kernel.cat`';
      this.diagnostics.push(errorAt(span, 'syntax', 'this is no setting', { hint }));
      return;
    }
    const [, indent, key, between, value] = parts as unknown as [string, string, string, string, string];
    const from = start + indent.length;
    const keySpan = spanOf(this.source, from, from + key.length);
    if (value === '') {
      this.diagnostics.push(errorAt(keySpan, 'missing-value', `\`${key}\` has no value`));
      return;
    }
    const valueStart = from + key.length + between.length;
    this.setting(key, keySpan, {
      value,
      span: spanOf(this.source, valueStart, valueStart + value.length),
    });
  }

  private setting(key: string, keySpan: Span, setting: Setting): void {
    if (Object.hasOwn(SINGLE, key)) this.single[SINGLE[key as keyof typeof SINGLE]] = setting;
    else if (Object.hasOwn(REPEATED, key))
      this.repeated[REPEATED[key as keyof typeof REPEATED]].push(setting);
    else if (key === 'variant') this.variantsOf(setting);
    else if (key === 'unroll') this.setUnroll(setting);
    else if (UNSUPPORTED.has(key))
      this.warn(keySpan, 'unsupported-setting', `\`${key}\` is not supported: it is left out of account`);
    else if (!IGNORED.has(key))
      this.warn(keySpan, 'unknown-setting', `unknown setting \`${key}\``, didYouMean(key, KEYS));
  }

  private warn(span: Span, code: string, message: string, hint: string | null = null): void {
    this.diagnostics.push(warningAt(span, code, message, { hint }));
  }

  private variantsOf({ value, span }: Setting): void {
    for (const match of value.matchAll(/[^,\s]+/g)) {
      const start = span.start + match.index;
      this.variants.push({ value: match[0], span: spanOf(this.source, start, start + match[0].length) });
    }
  }

  private setUnroll({ value, span }: Setting): void {
    if (/^\d{1,6}$/.test(value)) this.unroll = Number(value);
    else if (value !== 'none')
      this.diagnostics.push(errorAt(span, 'bad-value', `\`unroll\` takes a number, not \`${value}\``));
  }
}

/** The settings of a configuration file. */
export function readConfiguration(source: SourceFile): Checked<Configuration> {
  const reader = new ConfigurationReader(source);
  let start = 0;
  for (const line of source.text.split('\n')) {
    reader.line(line, start);
    start += line.length + 1;
  }
  const { single, repeated, variants, unroll, diagnostics } = reader;
  return checked({ ...single, ...repeated, variants, unroll }, diagnostics);
}
