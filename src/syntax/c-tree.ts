/**
 * Syntax tree of litmus tests in kernel C: what was written, before macros, enumerators and helper functions are replaced
 * (elaborate/c-expand.ts). Every node has the span it was written at.
 */
import type { Span } from '../text/source.js';
import type { LitmusFrame, TypeTree } from './condition-tree.js';

export type CBinaryOp =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '&'
  | '|'
  | '^'
  | '<<'
  | '>>'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '&&'
  | '||';

/** What all expressions have. */
export interface Written {
  /** Includes the parentheses around it. */
  readonly span: Span;
  /** Present if parentheses are written around it: the expansion of macros depends on them. */
  readonly parenthesised?: true;
}

export type CExpression = Written & CExpressionForm;

type CExpressionForm =
  /** `radix` is absent of decimal numbers; others may be unsigned without saying so (C11 6.4.4.1). */
  | { readonly kind: 'number'; readonly value: bigint; readonly suffix: string; readonly radix?: 8 | 16 }
  | { readonly kind: 'name'; readonly name: string }
  | {
      readonly kind: 'unary';
      readonly op: '-' | '+' | '~' | '!' | '*' | '&';
      readonly operand: CExpression;
    }
  | {
      readonly kind: 'binary';
      readonly op: CBinaryOp;
      readonly left: CExpression;
      readonly right: CExpression;
    }
  | {
      readonly kind: 'conditional';
      readonly condition: CExpression;
      readonly then: CExpression;
      readonly otherwise: CExpression;
    }
  /** `object->field` (arrow) or `object.field`. */
  | {
      readonly kind: 'field';
      readonly object: CExpression;
      readonly arrow: boolean;
      readonly field: string;
    }
  | { readonly kind: 'index'; readonly array: CExpression; readonly index: CExpression }
  /** `callee(arguments)`; the callee is always a plain name. */
  | {
      readonly kind: 'call';
      readonly callee: string;
      readonly calleeSpan: Span;
      readonly arguments: readonly CExpression[];
    }
  | { readonly kind: 'cast'; readonly type: TypeTree; readonly operand: CExpression }
  /** `sizeof(type)`, `sizeof operand`, which is not evaluated. */
  | { readonly kind: 'sizeof'; readonly of: TypeTree | CExpression }
  /** `left = right`, `left += right` ...; `op` is null for plain assignment. */
  | {
      readonly kind: 'assign';
      readonly op: CBinaryOp | null;
      readonly target: CExpression;
      readonly value: CExpression;
    }
  | {
      readonly kind: 'step';
      readonly op: '++' | '--';
      readonly prefix: boolean;
      readonly target: CExpression;
    }
  /** `left, right`: the comma operator. */
  | { readonly kind: 'comma'; readonly left: CExpression; readonly right: CExpression };

export interface CDeclarator {
  readonly name: string;
  readonly nameSpan: Span;
  readonly type: TypeTree;
  readonly initialiser: CExpression | null;
}

export type CStatement =
  | { readonly kind: 'declaration'; readonly declarators: readonly CDeclarator[]; readonly span: Span }
  | { readonly kind: 'expression'; readonly expression: CExpression; readonly span: Span }
  | {
      readonly kind: 'if';
      readonly condition: CExpression;
      readonly then: CStatement;
      readonly otherwise: CStatement | null;
      readonly span: Span;
    }
  | {
      readonly kind: 'while';
      readonly condition: CExpression;
      readonly body: CStatement;
      readonly span: Span;
    }
  | { readonly kind: 'do'; readonly body: CStatement; readonly condition: CExpression; readonly span: Span }
  | {
      readonly kind: 'for';
      readonly init: CStatement | null;
      readonly condition: CExpression | null;
      readonly step: CExpression | null;
      readonly body: CStatement;
      readonly span: Span;
    }
  | { readonly kind: 'block'; readonly statements: readonly CStatement[]; readonly span: Span }
  | { readonly kind: 'return'; readonly value: CExpression | null; readonly span: Span }
  | { readonly kind: 'break' | 'continue' | 'empty'; readonly span: Span }
  | { readonly kind: 'goto'; readonly label: string; readonly labelSpan: Span; readonly span: Span }
  /** `name: statement`; null at the end of a block. */
  | {
      readonly kind: 'label';
      readonly name: string;
      readonly nameSpan: Span;
      readonly statement: CStatement | null;
      readonly span: Span;
    }
  | { readonly kind: 'switch'; readonly value: CExpression; readonly body: CStatement; readonly span: Span }
  /** `case value: statement`; a null value is `default`, a null statement the end of a block. `head`: up to the colon. */
  | {
      readonly kind: 'case';
      readonly value: CExpression | null;
      readonly head: Span;
      readonly statement: CStatement | null;
      readonly span: Span;
    }
  /** `guard(class)(arguments);` or, with a body, `scoped_guard (class, arguments) body`. */
  | {
      readonly kind: 'guard';
      readonly class: string;
      readonly classSpan: Span;
      readonly arguments: readonly CExpression[];
      readonly body: CStatement | null;
      readonly span: Span;
    }
  /** Parsed so that it can be refused by name: `case 1 ... 3`. */
  | { readonly kind: 'unsupported'; readonly what: string; readonly span: Span };

export interface CParameter {
  readonly type: TypeTree;
  readonly name: string;
  readonly span: Span;
}

/** `P0(int *x, spinlock_t *l) { ... }`; any thread name is kept (`P0`, `CPU1`). */
export interface CThread {
  readonly name: string;
  readonly nameSpan: Span;
  readonly parameters: readonly CParameter[];
  readonly body: readonly CStatement[];
  /** What it runs, for titles; absent if only a comment may say so. */
  readonly label?: string | null;
  readonly span: Span;
}

/** A helper function, which threads and other helpers call. */
export interface CFunction {
  readonly kind: 'function';
  readonly name: string;
  readonly nameSpan: Span;
  /** What stands in front of the result's type, as written: `static inline`. */
  readonly attributes: readonly string[];
  readonly result: TypeTree;
  readonly parameters: readonly CParameter[];
  readonly body: readonly CStatement[];
  readonly span: Span;
}

/** `struct tag { int a; struct tag *next; };` A field's declarator has no initialiser. */
export interface CStruct {
  readonly kind: 'struct';
  readonly tag: string;
  readonly tagSpan: Span;
  readonly fields: readonly CDeclarator[];
  readonly span: Span;
}

export interface CEnumerator {
  readonly name: string;
  readonly nameSpan: Span;
  /** Null: one more than the one before, 0 for the first. */
  readonly value: CExpression | null;
}

/** `enum tag { A, B = 3 };` */
export interface CEnum {
  readonly kind: 'enum';
  readonly tag: string | null;
  readonly enumerators: readonly CEnumerator[];
  readonly span: Span;
}

/** What a macro stands for. */
export type CMacroBody =
  | { readonly kind: 'expression'; readonly expression: CExpression }
  | { readonly kind: 'statement'; readonly statement: CStatement }
  | { readonly kind: 'nothing' };

/** `#define NAME body`; `#define NAME(a, b) body` has parameters. */
export interface CMacro {
  readonly kind: 'macro';
  readonly name: string;
  readonly nameSpan: Span;
  readonly parameters: readonly string[] | null;
  readonly body: CMacroBody;
  readonly span: Span;
}

/** `#include <...>`, which is ignored. */
export interface CInclude {
  readonly kind: 'include';
  readonly span: Span;
}

export type CDefinition = CFunction | CEnum | CStruct | CMacro | CInclude;

export interface CLitmus extends LitmusFrame {
  readonly dialect: 'C';
  /** Before, between and after the threads, in the order of the file. */
  readonly definitions: readonly CDefinition[];
  readonly threads: readonly CThread[];
}
