/**
 * Runs tree-building actions on what a grammar matched, without ohm's semantics, which make two objects more for each node: the tree
 * of a test is built in a third of the time.
 *
 * A node offers what the actions of section.ts use of ohm's. It reads the match as ohm's own layer for its next version does
 * (ohm-js/src/v18.js): offsets of children are relative to the nearest rule around them. Actions are checked against their grammar by
 * match-tree.test.ts, as `addOperation` would.
 */
import type { ActionDict, MatchResult, Node } from 'ohm-js';

/** What ohm keeps of a match. */
interface Matched {
  readonly ctorName: string;
  readonly matchLength: number;
  readonly children?: readonly Matched[];
  readonly childOffsets: readonly number[];
  isNonterminal(): boolean;
}

interface Run {
  readonly input: string;
  readonly actions: ActionDict<unknown>;
}

class MatchNode {
  private made: MatchNode[] | null = null;
  /** Left by `treeOf` of section.ts. */
  context?: unknown;

  constructor(
    private readonly matched: Matched,
    readonly startIdx: number,
    /** Where the nearest rule around it starts, or itself if it is one. */
    private readonly base: number,
    private readonly run: Run,
  ) {}

  get ctorName(): string {
    return this.matched.ctorName;
  }

  get endIdx(): number {
    return this.startIdx + this.matched.matchLength;
  }

  get source(): { readonly startIdx: number; readonly endIdx: number } {
    return this;
  }

  get sourceString(): string {
    return this.run.input.slice(this.startIdx, this.endIdx);
  }

  get children(): readonly MatchNode[] {
    if (this.made !== null) return this.made;
    const made: MatchNode[] = [];
    const { children = [], childOffsets } = this.matched;
    for (let i = 0; i < children.length; i++) {
      const child = children[i]!;
      const start = this.base + childOffsets[i]!;
      made.push(new MatchNode(child, start, child.isNonterminal() ? start : this.base, this.run));
    }
    this.made = made;
    return made;
  }

  /** The items of a `ListOf`. */
  asIteration(): { readonly children: readonly MatchNode[] } {
    const [first, separators, rest] = this.children;
    if (separators !== undefined) return { children: [first!, ...rest!.children] };
    return first === undefined ? { children: [] } : first.asIteration();
  }

  /** The tree of the node; a rule without an action has that of its only child. */
  tree(): unknown {
    const action = this.run.actions[this.matched.ctorName];
    const { children } = this;
    if (action !== undefined) return action.apply(this as unknown as Node, children as unknown as Node[]);
    const only = children[0]!;
    only.context = this.context;
    return only.tree();
  }
}

/** The root of a match, for `treeOf`. */
export function matchTree(result: MatchResult, actions: ActionDict<unknown>): Node {
  const { _cst, _cstOffset, input } = result as unknown as {
    readonly _cst: Matched;
    readonly _cstOffset: number;
    readonly input: string;
  };
  return new MatchNode(_cst, _cstOffset, _cstOffset, { input, actions }) as unknown as Node;
}
