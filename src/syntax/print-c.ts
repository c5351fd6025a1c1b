/** Prints a litmus test in kernel C in the kernel's style, from its tree and, for what the tree leaves out, its source. */
import { assertNever } from '../text/diagnostic.js';
import type {
  CDeclarator,
  CDefinition,
  CEnum,
  CFunction,
  CLitmus,
  CStatement,
  CStruct,
  CThread,
} from './c-tree.js';
import type { Layout, Range } from './layout.js';
import { showExpression } from './print-c-expression.js';
import { StatementPrinter, showDeclaration } from './print-c-statement.js';
import { initStart, printHeader, printInit, printTail } from './print-frame.js';
import type { SourceWriter } from './source-writer.js';
import { writtenText, writtenType } from './written.js';

type TopLevel = CDefinition | (CThread & { readonly kind: 'thread' });

function isDirective(tree: TopLevel): boolean {
  return tree.kind === 'macro' || tree.kind === 'include';
}

/** The fields that one declaration declares share the place of their type. */
function declarationsOf(fields: readonly CDeclarator[]): CDeclarator[][] {
  const found: CDeclarator[][] = [];
  for (const field of fields) {
    const last = found.at(-1);
    if (last?.[0]?.type.span.start === field.type.span.start) last.push(field);
    else found.push([field]);
  }
  return found;
}

class CPrinter {
  /** Threads and definitions that are not written yet, in the order of the file. */
  private readonly pending: TopLevel[];
  private readonly statements: StatementPrinter;

  constructor(
    private readonly writer: SourceWriter,
    private readonly layout: Layout,
    private readonly tree: CLitmus,
  ) {
    const threads = tree.threads.map((thread) => ({ ...thread, kind: 'thread' as const }));
    this.pending = [...tree.definitions, ...threads].sort((a, b) => a.span.start - b.span.start);
    this.statements = new StatementPrinter(writer, layout, (offset) => this.directives(offset));
  }

  print(): void {
    const { writer, layout, tree } = this;
    printHeader(writer, layout, this.headerEnd());
    this.topLevel(initStart(layout));
    printInit(writer, layout, tree.init);
    this.topLevel(Number.POSITIVE_INFINITY);
    printTail(writer, layout, tree);
  }

  /** The header ends where the definitions before the init block begin, if nothing of the header stands between those. */
  private headerEnd(): number {
    const { layout, pending } = this;
    const init = initStart(layout);
    const early = pending.filter((item) => item.span.start < init);
    const start = early[0]?.span.start ?? init;
    let between = '';
    let at = start;
    for (const { span } of early) {
      between += layout.text.slice(at, span.start);
      at = span.end;
    }
    between += layout.text.slice(at, init);
    if (/^[\s;]*$/.test(between)) return start;
    pending.splice(0, early.length);
    return init;
  }

  /** Everything that begins before `offset`. */
  private topLevel(offset: number): void {
    let last: TopLevel | null = null;
    while ((this.pending[0]?.span.start ?? offset) < offset) {
      const item = this.pending.shift()!;
      // Preprocessor lines stand together as they are written; all else has blank lines around it.
      if (last === null || !isDirective(last) || !isDirective(item)) this.writer.blank();
      this.writer.item(item.span, () => this.item(item));
      last = item;
    }
    if (last !== null) this.writer.blank();
  }

  /** Preprocessor lines between statements. */
  private directives(offset: number): void {
    while ((this.pending[0]?.span.start ?? offset) < offset) {
      const item = this.pending.shift()!;
      this.writer.item(item.span, () => this.item(item));
    }
  }

  private item(item: TopLevel): void {
    switch (item.kind) {
      case 'thread':
      case 'function':
        this.function(item);
        return;
      case 'enum':
        this.enumeration(item);
        return;
      case 'struct':
        this.structure(item);
        return;
      case 'macro':
      case 'include':
        // A macro's text is what it is: parentheses, continued lines and comments included.
        this.writer.verbatim(item.span);
        return;
      default:
        assertNever(item);
    }
  }

  /** What is written before a name, without its span's start: `static inline int *`. */
  private function({ name, nameSpan, parameters, body, span }: CThread | CFunction): void {
    const { writer, layout } = this;
    const before = writtenType(layout, { start: span.start, end: nameSpan.start });
    const space = before === '' || before.endsWith('*') ? '' : ' ';
    const nothing = /^\s*\(\s*void\s*\)/.test(layout.text.slice(nameSpan.end)) ? ['void'] : [];
    const named = parameters.map((parameter) => writtenType(layout, parameter.span));
    const shown = named.length === 0 ? nothing : named;
    const annotations = this.annotations(nameSpan.end);
    writer.line(`${before}${space}${name}(${shown.join(', ')})${annotations}`);
    writer.line('{');
    writer.moveTo(layout.text.indexOf('{', nameSpan.end) + 1);
    writer.indented(() => this.body(body, span.end - 1));
    writer.line('}');
    writer.moveTo(span.end);
  }

  private body(body: readonly CStatement[], close: number): void {
    this.statements.statements(body, close);
  }

  /** ` __must_hold(l)`: what stands between the parameters and the body. */
  private annotations(from: number): string {
    const { text } = this.layout;
    let depth = 0;
    for (let i = text.indexOf('(', from); i >= 0 && i < text.length; i++) {
      if (text[i] === '(') depth++;
      else if (text[i] === ')' && --depth === 0) {
        const written = writtenText(this.layout, { start: i + 1, end: text.indexOf('{', i) });
        return written === '' ? '' : ` ${written}`;
      }
    }
    return '';
  }

  private structure({ tag, fields, span }: CStruct): void {
    const { writer, layout } = this;
    const close = layout.text.lastIndexOf('}', span.end);
    writer.line(`struct ${tag} {`);
    writer.opens(layout.text.indexOf('{', span.start) + 1);
    writer.indented(() => {
      for (const declarators of declarationsOf(fields)) {
        const last = declarators.at(-1)!.nameSpan.end;
        const range = { start: declarators[0]!.type.span.start, end: layout.text.indexOf(';', last) };
        writer.item(range, () => writer.line(showDeclaration(declarators, layout)));
      }
      writer.flush(close);
    });
    const annotations = writtenText(layout, { start: close + 1, end: span.end - 1 });
    writer.line(`}${annotations === '' ? '' : ' '}${annotations};`);
    writer.moveTo(span.end);
  }

  private enumeration({ tag, enumerators, span }: CEnum): void {
    const { writer, layout } = this;
    const name = tag === null ? '' : `${tag} `;
    const show = (index: number): string => {
      const { name: own, value } = enumerators[index]!;
      return value === null ? own : `${own} = ${showExpression(value, layout, 1)}`;
    };
    const open = layout.text.indexOf('{', span.start);
    const single = `enum ${name}{ ${enumerators.map((_, i) => show(i)).join(', ')} };`;
    if (!layout.source.text.slice(span.start, span.end).includes('\n')) {
      writer.line(single);
      return;
    }
    writer.line(`enum ${name}{`);
    writer.opens(open + 1);
    writer.indented(() => {
      enumerators.forEach(({ nameSpan, value }, i) => {
        const range: Range = { start: nameSpan.start, end: value?.span.end ?? nameSpan.end };
        writer.item(range, () => writer.line(`${show(i)},`));
      });
      writer.flush(layout.text.lastIndexOf('}', span.end));
    });
    writer.line('};');
    writer.moveTo(span.end);
  }
}

export function printC(writer: SourceWriter, layout: Layout, tree: CLitmus): void {
  new CPrinter(writer, layout, tree).print();
}
