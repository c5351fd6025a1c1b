/** Builds declarations, parameters and types of kernel C. Part of the syntax stage, used by litmus-c.ts. */
import type { ActionDict, Node } from 'ohm-js';
import { type Span, spanText } from '../text/source.js';
import { type CContext, contextOf, optionalOf } from './c-context.js';
import { isReserved, typeWords } from './c-expression.js';
import type { CDeclarator, CExpression } from './c-tree.js';
import type { TypeTree } from './condition-tree.js';
import { nodeSpan, reportAt, treeOf } from './section.js';

export type BaseType = Pick<TypeTree, 'words' | 'struct' | 'span'>;

/** Words that say nothing about a litmus test's variable or function. `volatile` is not among them: it is kept. */
const ignoredWords = new Set(
  'const static extern register restrict inline noinline notrace asmlinkage __inline __inline__'.split(' '),
);

/** The kernel's annotations begin with two underscores, as do some of its types. */
const annotation = /^__(?!(?:[us]|le|be)\d+$|auto_type$|signed|kernel_)/;

export function isIgnoredWord(word: string): boolean {
  return ignoredWords.has(word) || annotation.test(word);
}

/** The type that a list of words names. */
export function baseType(words: readonly string[], span: Span, context: CContext): BaseType {
  const kept = words.filter((word) => !isIgnoredWord(word));
  const tag = kept.indexOf('struct');
  const struct = tag < 0 ? null : (kept[tag + 1] ?? null);
  const rest = tag < 0 ? kept : [...kept.slice(0, tag), ...kept.slice(tag + 2)];
  const isEnum = rest.length === 2 && rest[0] === 'enum' && !isReserved(rest[1]!);
  const isType = struct !== null || rest.some((word) => word !== 'volatile');
  const foreign = (isEnum ? [] : rest).find(
    (word) => /^\d/.test(word) || (isReserved(word) && !typeWords.has(word)),
  );
  if (!isType || foreign !== undefined || (tag >= 0 && struct === null))
    reportAt(context, span, 'missing-type', `\`${foreign ?? spanText(span)}\` does not name a type`, {
      hint: 'types are `int`, `u64`, `spinlock_t`, `struct task_struct` and the like',
    });
  return { words: rest, struct, span };
}

export function declaredName(node: Node, context: CContext): string {
  const name = node.sourceString;
  if (/^\d/.test(name) || isReserved(name))
    reportAt(context, nodeSpan(context, node), 'reserved-word', `\`${name}\` cannot be a name`);
  return name;
}

/** How many stars `stars` matched, among spaces and qualifiers. */
export function starCount(stars: Node): number {
  return stars.sourceString.split('*').length - 1;
}

/** The length in `("[" number? "]")?`: null without brackets, 0 for empty ones. */
function lengthOf(open: Node, length: Node): number | null {
  return open.children.length === 0 ? null : Number(length.children[0]?.children[0]?.sourceString ?? 0);
}

interface DeclaratorParts {
  readonly stars: number;
  readonly name: string;
  readonly nameSpan: Span;
  readonly array: number | null;
  readonly initialiser: CExpression | null;
}

export const declarationActions: ActionDict<unknown> = {
  Parameter_named(type, stars, name, open, length, _close) {
    const context = contextOf(this);
    const base = treeOf<BaseType>(type, context);
    // An array parameter is a pointer (C11 6.7.6.3); its length says what the thread sees there.
    const array = lengthOf(open, length);
    const pointers = starCount(stars) + (array === 0 ? 1 : 0);
    return {
      type: {
        words: base.words,
        struct: base.struct,
        pointers,
        array: array === 0 ? null : array,
        span: base.span,
      },
      name: declaredName(name, context),
      span: nodeSpan(context, this),
    };
  },
  Parameter_none(_void) {
    return null;
  },
  Declaration(type, first, _commas, rest, _end) {
    const context = contextOf(this);
    const base = treeOf<BaseType>(type, context);
    const declarators = [first, ...rest.children].map((node): CDeclarator => {
      const { stars, name, nameSpan, array, initialiser } = treeOf<DeclaratorParts>(node, context);
      const { words, struct, span } = base;
      return { name, nameSpan, type: { words, struct, pointers: stars, array, span }, initialiser };
    });
    return { kind: 'declaration', declarators, span: nodeSpan(context, this) };
  },
  Declarator(stars, name, open, length, _close, _equals, value) {
    const context = contextOf(this);
    return {
      stars: starCount(stars),
      name: declaredName(name, context),
      nameSpan: nodeSpan(context, name),
      array: lengthOf(open, length),
      initialiser: optionalOf<CExpression>(value, context),
    } satisfies DeclaratorParts;
  },
  DeclaredType(words) {
    const context = contextOf(this);
    const texts = words.children.map((word) => word.sourceString);
    return baseType(texts, nodeSpan(context, this), context);
  },
  CastType_struct(_struct, name, stars) {
    const span = nodeSpan(contextOf(this), this);
    return {
      words: [],
      struct: name.sourceString,
      pointers: starCount(stars),
      array: null,
      span,
    } satisfies TypeTree;
  },
  CastType_words(words, stars) {
    const texts = words.children.map((word) => word.sourceString);
    const span = nodeSpan(contextOf(this), this);
    return { words: texts, struct: null, pointers: starCount(stars), array: null, span } satisfies TypeTree;
  },
  CastType_qualified(qualifiers, type) {
    const context = contextOf(this);
    const tree = treeOf<TypeTree>(type, context);
    const volatile = qualifiers.children.some((word) => word.sourceString === 'volatile');
    return volatile ? { ...tree, words: ['volatile', ...tree.words] } : tree;
  },
  CastType_name(name, stars, _end) {
    const span = nodeSpan(contextOf(this), this);
    return {
      words: [name.sourceString],
      struct: null,
      pointers: starCount(stars),
      array: null,
      span,
    } satisfies TypeTree;
  },
};
