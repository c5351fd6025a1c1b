/** Prints C statements: one a line, kernel style; or all on one line, for the cell of a sketch. */
import { assertNever } from '../text/diagnostic.js';
import type { CDeclarator, CExpression, CStatement } from './c-tree.js';
import type { Layout } from './layout.js';
import { showExpression } from './print-c-expression.js';
import type { SourceWriter } from './source-writer.js';
import { writtenText, writtenType } from './written.js';

type Block = Extract<CStatement, { kind: 'block' }>;

/** `*const x[2] = 1`: the stars as written before the name. */
function showDeclarator({ name, nameSpan, type, initialiser }: CDeclarator, layout: Layout): string {
  const before = layout.text.slice(type.span.end, nameSpan.start);
  const stars = /(?:[\s*]|\b(?:const|volatile|restrict)\b)*$/.exec(before)?.[0] ?? '';
  const written = writtenType(layout, { start: nameSpan.start - stars.length, end: nameSpan.start });
  const space = /\w$/.test(written) ? ' ' : '';
  const length = type.array === null ? '' : `[${type.lengthName ?? (type.array === 0 ? '' : type.array)}]`;
  const value = initialiser === null ? '' : ` = ${showExpression(initialiser, layout, 1)}`;
  return `${written}${space}${name}${length}${value}`;
}

/** `int a, *b;` */
export function showDeclaration(declarators: readonly CDeclarator[], layout: Layout): string {
  const [first] = declarators;
  const type = first === undefined ? '' : writtenType(layout, first.type.span);
  return `${type} ${declarators.map((declarator) => showDeclarator(declarator, layout)).join(', ')};`;
}

function showReturn(value: CExpression | null, layout: Layout): string {
  return value === null ? 'return;' : `return ${showExpression(value, layout)};`;
}

type For = Extract<CStatement, { kind: 'for' }>;

function forHead({ init, condition, step }: For, layout: Layout): string {
  const first = init === null ? ';' : showOnOneLine(init, layout);
  const part = (tree: CExpression | null) => (tree === null ? '' : ` ${showExpression(tree, layout)}`);
  return `for (${first}${part(condition)};${part(step)})`;
}

type Guard = Extract<CStatement, { kind: 'guard' }>;

function guardHead({ class: name, arguments: args, body }: Guard, layout: Layout): string {
  const shown = args.map((argument) => showExpression(argument, layout, 1));
  return body === null
    ? `guard(${name})(${shown.join(', ')});`
    : `scoped_guard (${[name, ...shown].join(', ')})`;
}

function caseHead(value: CExpression | null, layout: Layout): string {
  return value === null ? 'default:' : `case ${showExpression(value, layout)}:`;
}

/** The whole statement on one line. */
export function showOnOneLine(tree: CStatement, layout: Layout): string {
  const show = (part: CStatement) => showOnOneLine(part, layout);
  const labelled = (head: string, part: CStatement | null) =>
    part === null ? head : `${head} ${show(part)}`;
  switch (tree.kind) {
    case 'declaration':
      return showDeclaration(tree.declarators, layout);
    case 'expression':
      return `${showExpression(tree.expression, layout)};`;
    case 'if': {
      const head = `if (${showExpression(tree.condition, layout)}) ${show(tree.then)}`;
      return tree.otherwise === null ? head : `${head} else ${show(tree.otherwise)}`;
    }
    case 'while':
      return `while (${showExpression(tree.condition, layout)}) ${show(tree.body)}`;
    case 'do':
      return `do ${show(tree.body)} while (${showExpression(tree.condition, layout)});`;
    case 'for':
      return `${forHead(tree, layout)} ${show(tree.body)}`;
    case 'block':
      return tree.statements.length === 0 ? '{ }' : `{ ${tree.statements.map(show).join(' ')} }`;
    case 'return':
      return showReturn(tree.value, layout);
    case 'break':
    case 'continue':
      return `${tree.kind};`;
    case 'empty':
      return ';';
    case 'goto':
      return `goto ${tree.label};`;
    case 'label':
      return labelled(`${tree.name}:`, tree.statement);
    case 'switch':
      return `switch (${showExpression(tree.value, layout)}) ${show(tree.body)}`;
    case 'case':
      return labelled(caseHead(tree.value, layout), tree.statement);
    case 'guard':
      return labelled(guardHead(tree, layout), tree.body);
    case 'unsupported':
      return writtenText(layout, tree.span);
    default:
      return assertNever(tree);
  }
}

/** Writes statements on lines of their own. `between`: what may have to stand before a part at an offset (preprocessor lines). */
export class StatementPrinter {
  constructor(
    private readonly writer: SourceWriter,
    private readonly layout: Layout,
    private readonly between: (offset: number) => void,
  ) {}

  /** The statements between braces, of which the closing one stands at `close`. */
  statements(trees: readonly CStatement[], close: number): void {
    let last: CStatement | null = null;
    for (const tree of trees) {
      if (last?.kind === 'declaration' && tree.kind !== 'declaration') this.writer.blank();
      this.statement(tree);
      last = tree;
    }
    this.between(close);
    this.writer.flush(close);
  }

  statement(tree: CStatement): void {
    this.between(tree.span.start);
    this.writer.item(tree.span, () => this.write(tree));
  }

  private write(tree: CStatement): void {
    const { writer, layout } = this;
    switch (tree.kind) {
      case 'if':
        this.writeIf(tree, '');
        return;
      case 'while':
        this.withBody(`while (${showExpression(tree.condition, layout)})`, tree.body, '');
        return;
      case 'do':
        this.withBody('do', tree.body, ` while (${showExpression(tree.condition, layout)});`);
        return;
      case 'for':
        this.withBody(forHead(tree, layout), tree.body, '');
        return;
      case 'switch':
        this.withBody(`switch (${showExpression(tree.value, layout)})`, tree.body, '');
        return;
      case 'guard':
        if (tree.body === null) {
          writer.line(guardHead(tree, layout));
          return;
        }
        this.withBody(guardHead(tree, layout), tree.body, '');
        return;
      case 'block':
        this.block('{', tree, '}');
        return;
      case 'label':
        this.labelled(`${tree.name}:`, tree.statement);
        return;
      case 'case':
        this.labelled(caseHead(tree.value, layout), tree.statement);
        return;
      case 'declaration':
      case 'expression':
      case 'return':
      case 'break':
      case 'continue':
      case 'empty':
      case 'goto':
      case 'unsupported':
        writer.line(showOnOneLine(tree, layout));
        return;
      default:
        assertNever(tree);
    }
  }

  private block(open: string, { statements, span }: Block, close: string): void {
    this.writer.line(open);
    this.writer.opens(span.start + 1);
    this.writer.indented(() => this.statements(statements, span.end - 1));
    this.writer.line(close);
    this.writer.moveTo(span.end);
  }

  /** `head { body } tail`; a body without braces has a line of its own. */
  private withBody(head: string, body: CStatement, tail: string): void {
    if (body.kind === 'block') {
      this.block(`${head} {`, body, `}${tail}`);
      return;
    }
    this.writer.line(head);
    this.writer.moveTo(body.span.start);
    this.writer.indented(() => this.statement(body));
    if (tail !== '') this.writer.line(tail.trimStart());
  }

  /** `before`: `} else ` where this continues a line. */
  private writeIf(tree: Extract<CStatement, { kind: 'if' }>, before: string): void {
    const head = `${before}if (${showExpression(tree.condition, this.layout)})`;
    const { then, otherwise } = tree;
    if (otherwise === null) {
      this.withBody(head, then, '');
      return;
    }
    const braces = then.kind === 'block';
    if (braces) {
      this.writer.line(`${head} {`);
      this.writer.opens(then.span.start + 1);
      this.writer.indented(() => this.statements(then.statements, then.span.end - 1));
      this.writer.moveTo(then.span.end);
    } else this.withBody(head, then, '');
    const rest = braces ? '} else ' : 'else ';
    if (otherwise.kind === 'if') this.writeIf(otherwise, rest);
    else this.withBody(rest.trimEnd(), otherwise, '');
  }

  /** Labels stand one step to the left of what they label. */
  private labelled(head: string, statement: CStatement | null): void {
    this.writer.line(head, -1);
    if (statement !== null) this.statement(statement);
  }
}
