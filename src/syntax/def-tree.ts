/** Syntax tree of a macro file: primitives in terms of operations such as `__load{once}`. */
import type { Span } from '../text/source.js';

export interface MacroName {
  readonly name: string;
  readonly span: Span;
}

export type MacroOperator = '+' | '-' | '&' | '|' | '^' | '&~';

export type MacroExpression = { readonly span: Span } & (
  | { readonly kind: 'number'; readonly value: bigint }
  | { readonly kind: 'name'; readonly name: string }
  | {
      readonly kind: 'unary';
      readonly op: '*' | '&' | '-' | '~' | '!';
      readonly operand: MacroExpression;
    }
  | {
      readonly kind: 'binary';
      readonly op: '==' | '!=' | '<' | '<=' | '>' | '>=' | '+' | '-' | '&' | '|' | '^';
      readonly left: MacroExpression;
      readonly right: MacroExpression;
    }
  /** Another macro, or a primitive. */
  | { readonly kind: 'call'; readonly callee: MacroName; readonly arguments: readonly MacroExpression[] }
  /** `__atomic_fetch_op{mb}(X, +, V)`; the name is without the tag, and the operator apart from the arguments. */
  | {
      readonly kind: 'operation';
      readonly operation: MacroName;
      readonly tag: MacroName | null;
      readonly operators: readonly { readonly op: MacroOperator; readonly span: Span }[];
      readonly arguments: readonly MacroExpression[];
    }
);

/** A value, or statements that have none. */
export type MacroBody =
  | { readonly kind: 'value'; readonly value: MacroExpression }
  | { readonly kind: 'statements'; readonly statements: readonly MacroExpression[] };

export interface Macro {
  readonly name: MacroName;
  readonly parameters: readonly MacroName[];
  readonly body: MacroBody;
  readonly span: Span;
}

export interface MacroFile {
  readonly macros: readonly Macro[];
}
