/**
 * The code of a test as lists of statements, whatever its language: what align-statements.ts compares, and how a test is put together
 * again of statements of two versions.
 *
 * A statement is known by its text without comments and blanks. Statements that hold others (`if`, loops, blocks) are lists of their
 * own behind a head, so that a barrier in a branch is compared with the barrier in the same branch.
 */
import { isBarrier } from '../regress/asm-ladders.js';
import { oneLine } from '../regress/text-edit.js';
import type { AsmDialect, AsmLine, AsmLitmus } from '../syntax/asm-tree.js';
import { expressionsOf, partsOf } from '../syntax/c-children.js';
import type { CExpression, CLitmus, CStatement } from '../syntax/c-tree.js';
import type { SketchLitmus, SketchStatement } from '../syntax/sketch-tree.js';
import { type Span, spanOf, spanText } from '../text/source.js';

export interface Statement<T> {
  readonly tree: T;
  readonly span: Span;
  /** On one line, without comments. */
  readonly text: string;
  /** The same without blanks: equal if the statements are. */
  readonly key: string;
  /** The names and numbers that it is about; none of a barrier. */
  readonly words: readonly string[];
  /** The functions and macros that it calls, in the order of the text; not those of statements inside. */
  readonly calls: readonly string[];
  /** A local variable without a value: it goes with the statements that name it. */
  readonly isDeclaration: boolean;
  readonly inner: Inner<T> | null;
}

export interface Inner<T> {
  /** What stands in front of the statements inside: `if(r0)`. */
  readonly head: string;
  /** `if (r0)`, without what is inside. */
  readonly headSpan: Span;
  readonly headText: string;
  /** Which statement it is: only those of one form may have their heads exchanged. */
  readonly form: string;
  readonly lists: readonly (readonly Statement<T>[])[];
  /** The statement with others inside. */
  readonly rebuild: (lists: readonly (readonly T[])[]) => T;
}

/** The statements of a thread, or of a function that threads call. */
export interface Code<T> {
  readonly name: string;
  readonly isThread: boolean;
  readonly statements: readonly Statement<T>[];
}

/** `spin_lock(&l)`, whatever the blanks; those between words stay. */
function keyOf(text: string): string {
  return text.replace(/\s*([^\w\s])\s*/g, '$1');
}

function wordsOf(text: string): string[] {
  return text.match(/[A-Za-z_]\w*(?!\w|\s*\()|\d\w*/g) ?? [];
}

function calleesOf(tree: CExpression): string[] {
  const inner = partsOf(tree).flatMap(calleesOf);
  return tree.kind === 'call' ? [tree.callee, ...inner] : inner;
}

function blockOf(tree: CStatement): readonly CStatement[] {
  return tree.kind === 'block' ? tree.statements : [tree];
}

/** Statements in the place of one. */
function asBlock(statements: readonly CStatement[], span: Span): CStatement {
  return { kind: 'block', statements, span };
}

interface Body {
  readonly at: CStatement;
  readonly lists: readonly (readonly CStatement[])[];
  readonly rebuild: (lists: readonly (readonly CStatement[])[]) => CStatement;
}

/** What is inside of a statement; null: nothing, or it is best compared as a whole. */
function bodyOf(tree: CStatement): Body | null {
  switch (tree.kind) {
    case 'block':
      return {
        at: tree,
        lists: [tree.statements],
        rebuild: ([statements = []]) => ({ ...tree, statements }),
      };
    case 'if': {
      const { then, otherwise } = tree;
      return {
        at: then,
        lists: [blockOf(then), otherwise === null ? [] : blockOf(otherwise)],
        rebuild: ([yes = [], no = []]) => ({
          ...tree,
          then: asBlock(yes, then.span),
          otherwise: no.length === 0 ? null : asBlock(no, (otherwise ?? then).span),
        }),
      };
    }
    case 'while':
    case 'for':
    case 'switch': {
      const { body } = tree;
      const rebuild: Body['rebuild'] = ([inner = []]) => ({ ...tree, body: asBlock(inner, body.span) });
      return { at: body, lists: [blockOf(body)], rebuild };
    }
    case 'guard': {
      const { body } = tree;
      if (body === null) return null;
      const rebuild: Body['rebuild'] = ([inner = []]) => ({ ...tree, body: asBlock(inner, body.span) });
      return { at: body, lists: [blockOf(body)], rebuild };
    }
    default:
      return null;
  }
}

function innerOf(tree: CStatement, { at, lists, rebuild }: Body): Inner<CStatement> {
  const headSpan = spanOf(tree.span.file, tree.span.start, at.span.start);
  const headText = oneLine(spanText(headSpan));
  return {
    head: `${tree.kind} ${keyOf(headText)}`,
    headSpan,
    headText,
    form: tree.kind,
    lists: lists.map((list) => list.map(cStatement)),
    rebuild,
  };
}

function cStatement(tree: CStatement): Statement<CStatement> {
  const { span } = tree;
  const text = oneLine(spanText(span));
  const body = bodyOf(tree);
  const calls = expressionsOf(tree).flatMap(calleesOf);
  const inner = body === null ? null : innerOf(tree, body);
  const isDeclaration =
    tree.kind === 'declaration' && tree.declarators.every(({ initialiser }) => initialiser === null);
  return { tree, span, text, key: keyOf(text), words: wordsOf(text), calls, isDeclaration, inner };
}

function asmStatement(dialect: AsmDialect, tree: AsmLine): Statement<AsmLine> {
  const { span } = tree;
  const text = oneLine(spanText(span));
  const isBare = tree.kind === 'instruction' && isBarrier(dialect, tree);
  const [, ...operands] = wordsOf(text.replace(/^lock\s*;?\s*/i, ''));
  const words = isBare ? [] : tree.kind === 'label' ? [text] : operands;
  return { tree, span, text, key: keyOf(text), words, calls: [], isDeclaration: false, inner: null };
}

function sketchStatement(tree: SketchStatement): Statement<SketchStatement> {
  const { span } = tree;
  const text = oneLine(spanText(span));
  const words = tree.kind === 'fence' ? [] : wordsOf(text.replace(/\[\s*(?:R|W|RMW)\b[^\]]*\]/g, ' '));
  return { tree, span, text, key: keyOf(text), words, calls: [], isDeclaration: false, inner: null };
}

export function codesOfC({ threads, definitions }: CLitmus): Code<CStatement>[] {
  const functions = definitions.flatMap((tree) => (tree.kind === 'function' ? [tree] : []));
  return [
    ...functions.map(({ name, body }) => ({ name, isThread: false, statements: body.map(cStatement) })),
    ...threads.map(({ name, body }) => ({ name, isThread: true, statements: body.map(cStatement) })),
  ];
}

export function codesOfAsm({ dialect, threads }: AsmLitmus): Code<AsmLine>[] {
  return threads.map(({ name, lines }) => ({
    name,
    isThread: true,
    statements: lines.map((line) => asmStatement(dialect, line)),
  }));
}

export function codesOfSketch({ threads }: SketchLitmus): Code<SketchStatement>[] {
  return threads.map(({ name, statements }) => ({
    name,
    isThread: true,
    statements: statements.map(sketchStatement),
  }));
}
