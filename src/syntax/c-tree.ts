/** Syntax tree of litmus tests in kernel C. Every node has the span it was written at. */
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

export type CExpression =
  | { readonly kind: 'number'; readonly value: bigint; readonly suffix: string; readonly span: Span }
  | { readonly kind: 'name'; readonly name: string; readonly span: Span }
  | {
      readonly kind: 'unary';
      readonly op: '-' | '+' | '~' | '!' | '*' | '&';
      readonly operand: CExpression;
      readonly span: Span;
    }
  | {
      readonly kind: 'binary';
      readonly op: CBinaryOp;
      readonly left: CExpression;
      readonly right: CExpression;
      readonly span: Span;
    }
  | {
      readonly kind: 'conditional';
      readonly condition: CExpression;
      readonly then: CExpression;
      readonly otherwise: CExpression;
      readonly span: Span;
    }
  /** `object->field` (arrow) or `object.field`. */
  | {
      readonly kind: 'field';
      readonly object: CExpression;
      readonly arrow: boolean;
      readonly field: string;
      readonly span: Span;
    }
  | { readonly kind: 'index'; readonly array: CExpression; readonly index: CExpression; readonly span: Span }
  /** `callee(arguments)`; the callee is always a plain name. */
  | {
      readonly kind: 'call';
      readonly callee: string;
      readonly calleeSpan: Span;
      readonly arguments: readonly CExpression[];
      readonly span: Span;
    }
  | { readonly kind: 'cast'; readonly type: TypeTree; readonly operand: CExpression; readonly span: Span }
  /** `left = right`, `left += right` ...; `op` is null for plain assignment. */
  | {
      readonly kind: 'assign';
      readonly op: CBinaryOp | null;
      readonly target: CExpression;
      readonly value: CExpression;
      readonly span: Span;
    }
  | {
      readonly kind: 'step';
      readonly op: '++' | '--';
      readonly prefix: boolean;
      readonly target: CExpression;
      readonly span: Span;
    };

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
  /** Parsed so that it can be refused by name: `goto`, `switch`, labels. */
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

export interface CLitmus extends LitmusFrame {
  readonly dialect: 'C';
  readonly threads: readonly CThread[];
}
