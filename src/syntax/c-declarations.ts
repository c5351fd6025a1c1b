/** Builds declarations, parameters and types of kernel C. Part of the syntax stage, used by litmus-c.ts. */
import type { ActionDict, Node } from 'ohm-js';
import { joinSpans, type Span, spanText } from '../text/source.js';
import { type CContext, contextOf, optionalOf, textOf } from './c-context.js';
import { isReserved, typeWords } from './c-expression.js';
import type { CDeclarator, CExpression } from './c-tree.js';
import type { TypeTree } from './condition-tree.js';
import { nodeSpan, reportAt, treeOf } from './section.js';

export type BaseType = Pick<TypeTree, 'words' | 'struct' | 'span'>;

/** Words that say nothing about a litmus test's variable or function. `volatile` is not among them: it is kept. */
const ignoredWords = new Set(
  'const static extern register restrict inline noinline notrace asmlinkage __inline __inline__'.split(' '),
);

/** Words that cannot be the name of what is declared. */
function isOnlyType(word: string): boolean {
  return /^(int|long|short|char|(un)?signed|bool|_Bool|void|const|volatile|(__)?[us]\d+|\w+_t)$/.test(word);
}

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
  const name = textOf(node, context);
  if (/^\d/.test(name) || isReserved(name))
    reportAt(context, nodeSpan(context, node), 'reserved-word', `\`${name}\` cannot be a name`);
  return name;
}

/** How many stars `stars` matched, among spaces and qualifiers. */
export function starCount(stars: Node): number {
  return stars.sourceString.split('*').length - 1;
}

type Length = Pick<TypeTree, 'array' | 'lengthName'>;

/** The length in `("[" length? "]")?`: null without brackets, 0 for empty ones and for a name. */
function lengthOf(open: Node, length: Node, context: CContext): Length {
  if (open.children.length === 0) return { array: null };
  const written = length.children[0]?.children[0];
  return written === undefined ? { array: 0 } : arrayLength(written, context);
}

function typeOfWords(words: readonly Node[], context: CContext): BaseType {
  const texts = words.map((word) => textOf(word, context));
  const span = joinSpans(nodeSpan(context, words[0]!), nodeSpan(context, words.at(-1)!));
  return baseType(texts, span, context);
}

/** A local that outlives its function is shared by all threads, and a global is not here. */
function refuseStatic(words: readonly Node[], context: CContext): void {
  const found = words.find((word) => /^(?:static|extern)$/.test(textOf(word, context)));
  if (found === undefined) return;
  const message = `a local that is \`${textOf(found, context)}\` is not supported`;
  const hint = 'name a shared object in the init block, and make it a parameter';
  reportAt(context, nodeSpan(context, found), 'unsupported', message, { hint });
}

function arrayLength(written: Node, context: CContext): Length {
  const text = textOf(written, context);
  if (/^[A-Za-z_]/.test(text) && !isReserved(text)) return { array: 0, lengthName: text };
  if (!/^\d+$/.test(text))
    reportAt(context, nodeSpan(context, written), 'bad-number', `\`${text}\` is not a number of elements`);
  return { array: Number.parseInt(text, 10) || 0 };
}

interface DeclaratorParts {
  readonly stars: number;
  readonly name: string;
  readonly nameSpan: Span;
  readonly length: Length;
  readonly initialiser: CExpression | null;
}

export const declarationActions: ActionDict<unknown> = {
  parameter_named(type, stars, name, open, length, _close) {
    const context = contextOf(this);
    const base = treeOf<BaseType>(type, context);
    // An array parameter is a pointer (C11 6.7.6.3); its length says what the thread sees there.
    const written = lengthOf(open, length, context);
    const isOpen = written.array === 0 && written.lengthName === undefined;
    return {
      type: {
        words: base.words,
        struct: base.struct,
        pointers: starCount(stars) + (isOpen ? 1 : 0),
        ...(isOpen ? { array: null } : written),
        span: base.span,
      },
      name: declaredName(name, context),
      span: nodeSpan(context, this),
    };
  },
  parameter_none(_void) {
    return null;
  },
  declaration(type, first, _commas, rest, _end) {
    const context = contextOf(this);
    const parts = [first, ...rest.children].map((node) => treeOf<DeclaratorParts>(node, context));
    const words = type.children[0]!.children;
    refuseStatic(words, context);
    const head = parts[0]!;
    // `int r __maybe_unused` declares r, `unsigned int __state` does not declare int.
    const isAnnotated =
      annotation.test(head.name) &&
      head.stars === 0 &&
      words.length > 1 &&
      !isOnlyType(textOf(words.at(-1)!, context));
    const named = isAnnotated ? words.at(-1)! : null;
    if (named !== null)
      parts[0] = { ...head, name: declaredName(named, context), nameSpan: nodeSpan(context, named) };
    const { words: kept, struct, span } = typeOfWords(named === null ? words : words.slice(0, -1), context);
    const declarators = parts.map(
      ({ stars, name, nameSpan, length, initialiser }): CDeclarator => ({
        name,
        nameSpan,
        type: { words: kept, struct, pointers: stars, ...length, span },
        initialiser,
      }),
    );
    return { kind: 'declaration', declarators, span: nodeSpan(context, this) };
  },
  declarator(stars, name, open, length, _close, _equals, value) {
    const context = contextOf(this);
    return {
      stars: starCount(stars),
      name: declaredName(name, context),
      nameSpan: nodeSpan(context, name),
      length: lengthOf(open, length, context),
      initialiser: optionalOf<CExpression>(value, context),
    } satisfies DeclaratorParts;
  },
  declaredType(words) {
    return typeOfWords(words.children, contextOf(this));
  },
  castType_struct(_struct, name, stars) {
    const span = nodeSpan(contextOf(this), this);
    return {
      words: [],
      struct: textOf(name, contextOf(this)),
      pointers: starCount(stars),
      array: null,
      span,
    } satisfies TypeTree;
  },
  castType_enum(_enum, name, stars) {
    const context = contextOf(this);
    return {
      words: ['enum', textOf(name, context)],
      struct: null,
      pointers: starCount(stars),
      array: null,
      span: nodeSpan(context, this),
    } satisfies TypeTree;
  },
  castType_words(words, stars) {
    const texts = words.children.map((word) => textOf(word, contextOf(this)));
    const span = nodeSpan(contextOf(this), this);
    return { words: texts, struct: null, pointers: starCount(stars), array: null, span } satisfies TypeTree;
  },
  castType_qualified(qualifiers, type) {
    const context = contextOf(this);
    const tree = treeOf<TypeTree>(type, context);
    const volatile = qualifiers.children.some((word) => textOf(word, context) === 'volatile');
    return volatile ? { ...tree, words: ['volatile', ...tree.words] } : tree;
  },
  castType_name(name, stars, _end) {
    const span = nodeSpan(contextOf(this), this);
    return {
      words: [textOf(name, contextOf(this))],
      struct: null,
      pointers: starCount(stars),
      array: null,
      span,
    } satisfies TypeTree;
  },
};
