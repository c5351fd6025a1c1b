/** Builds what stands at the top level of kernel C: threads, helper functions, enumerations. Part of the syntax stage, used by litmus-c.ts. */
import type { ActionDict } from 'ohm-js';
import { contextOf, optionalOf, separatedOf, textOf, treesOf } from './c-context.js';
import { baseType, isIgnoredWord, starCount } from './c-declarations.js';
import type { CEnum, CEnumerator, CFunction, CParameter, CStatement, CStruct, CThread } from './c-tree.js';
import { nodeSpan, reportAt, treeOf } from './section.js';

/** A function before it is known who calls it. `typed`: it says more than `void` before its name. */
export interface FunctionParts {
  readonly kind: 'function';
  readonly function: CFunction;
  readonly typed: boolean;
}

export type TopLevel = CEnum | CStruct | FunctionParts;

/** Names that only threads have. */
const threadName = /^(?:P|CPU)\d+$/i;

export function isThread({ function: { name }, typed }: FunctionParts, isCalled: () => boolean): boolean {
  return threadName.test(name) || (!typed && !isCalled());
}

export function threadOf({ function: tree }: FunctionParts): CThread {
  const { name, nameSpan, parameters, body, span } = tree;
  return { name, nameSpan, parameters, body, span };
}

export const definitionActions: ActionDict<unknown> = {
  code(items) {
    return treesOf<TopLevel>(items, contextOf(this));
  },
  function(words, stars, name, _open, first, _commas, rest, _close, _annotations, block) {
    const context = contextOf(this);
    const texts = words.children.map((word) => textOf(word, context));
    const pointers = starCount(stars);
    const named = nodeSpan(context, name);
    const kept = texts.filter((text) => !isIgnoredWord(text));
    const typed = texts.some((text) => text !== 'void') || pointers > 0;
    const span = nodeSpan(context, this);
    const head = nodeSpan(context, words.children[0] ?? name);
    const base =
      kept.length === 0 ? { words: ['void'], struct: null, span: named } : baseType(kept, head, context);
    return {
      kind: 'function',
      typed,
      function: {
        kind: 'function',
        name: textOf(name, context),
        nameSpan: named,
        attributes: texts.filter(isIgnoredWord),
        result: { ...base, pointers, array: null },
        parameters: separatedOf<CParameter | null>(first, rest, context).filter((tree) => tree !== null),
        body: treeOf<Extract<CStatement, { kind: 'block' }>>(block, context).statements,
        span,
      },
    } satisfies FunctionParts;
  },
  struct(_struct, tag, _open, declarations, _close, _annotations, _end) {
    const context = contextOf(this);
    const fields = treesOf<CStatement & { kind: 'declaration' }>(declarations, context);
    const declarators = fields.flatMap((declaration) => declaration.declarators);
    for (const { initialiser } of declarators)
      if (initialiser !== null)
        reportAt(context, initialiser.span, 'field-value', 'a definition of a struct gives no values', {
          hint: 'give them in the init block: `struct foo x = { .a = 1 };`',
        });
    return {
      kind: 'struct',
      tag: textOf(tag, context),
      tagSpan: nodeSpan(context, tag),
      fields: declarators,
      span: nodeSpan(context, this),
    } satisfies CStruct;
  },
  enum(_enum, tag, _open, first, _commas, rest, _trailing, _close, _end) {
    const context = contextOf(this);
    return {
      kind: 'enum',
      tag: tag.children[0] === undefined ? null : textOf(tag.children[0], context),
      enumerators: [treeOf<CEnumerator>(first, context), ...treesOf<CEnumerator>(rest, context)],
      span: nodeSpan(context, this),
    } satisfies CEnum;
  },
  enumerator(name, _equals, value) {
    const context = contextOf(this);
    return {
      name: textOf(name, context),
      nameSpan: nodeSpan(context, name),
      value: optionalOf(value, context),
    } satisfies CEnumerator;
  },
};
