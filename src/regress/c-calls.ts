/**
 * The calls of primitives in kernel C, in the order of the code, with the critical sections that they begin and end.
 *
 * Sections are paired as the code runs: the state of a branch that leaves the function is forgotten behind it, so that all unlocks
 * of one lock, on whatever way out, belong together. What is paired wrongly is never taken for right: the changed test is judged
 * as any other, and the models flag what is locked and not unlocked.
 */
import type { PrimitiveTable } from '../elaborate/primitive-table.js';
import type { Action } from '../elaborate/primitives.js';
import { expressionsOf, partsOf, statementsOf } from '../syntax/c-children.js';
import type { CExpression, CStatement } from '../syntax/c-tree.js';
import { spanText } from '../text/source.js';
import { orderingPrimitive } from './ordering.js';

export type CallTree = CExpression & { kind: 'call' };

export interface PrimitiveCall {
  readonly tree: CallTree;
  readonly action: Action;
  /** The statement that it is all of; null if its value goes somewhere. */
  readonly statement: CStatement | null;
  /** Whether that statement is one of a list, so that it can go without a trace. */
  readonly isInList: boolean;
  /** The smallest statement around it. */
  readonly around: CStatement;
}

export interface Section {
  readonly key: string;
  readonly locks: readonly PrimitiveCall[];
  readonly unlocks: PrimitiveCall[];
}

export interface CallsOfCode {
  /** All but the ends of sections. */
  readonly calls: readonly PrimitiveCall[];
  readonly sections: readonly Section[];
  /** Ends of sections that begin elsewhere. */
  readonly strayUnlocks: number;
  readonly guards: readonly { readonly tree: CStatement & { kind: 'guard' }; readonly isInList: boolean }[];
}

/** What begins or ends a critical section, and which: the name of the lock, without `&`. */
function sectionEnd(
  call: CallTree,
  action: Action,
): { readonly begins: boolean; readonly key: string } | null {
  const lock = call.arguments[0];
  const named = (kind: string): string => {
    const text = lock === undefined ? '' : spanText(lock.span).replace(/\s+/g, '');
    return `${kind} ${text.replace(/^&/, '')}`;
  };
  switch (action.kind) {
    case 'fence': {
      const [tag] = action.tags;
      if (tag !== 'Rcu-lock' && tag !== 'Rcu-unlock') return null;
      return { begins: tag === 'Rcu-lock', key: call.callee.replace(/_(?:un)?lock/, '') };
    }
    case 'srcu':
      return action.step === 'synchronize' ? null : { begins: action.step === 'lock', key: named('srcu') };
    case 'lock':
    case 'unlock':
      return { begins: action.kind === 'lock', key: named('lock') };
    case 'shared-lock':
    case 'shared-unlock':
      return { begins: action.kind === 'shared-lock', key: named(`${action.lock} ${action.side}`) };
    default:
      return null;
  }
}

/** The sections that are open at a point; null where no code comes. */
type Open = readonly Section[] | null;

class CallFinder {
  readonly calls: PrimitiveCall[] = [];
  readonly sections: Section[] = [];
  readonly guards: { tree: CStatement & { kind: 'guard' }; isInList: boolean }[] = [];
  strayUnlocks = 0;
  private readonly atLabel = new Map<string, readonly Section[]>();
  private readonly lastByKey = new Map<string, Section>();
  private atSwitch: readonly Section[] = [];

  constructor(private readonly table: PrimitiveTable) {}

  list(statements: readonly CStatement[], open: Open): Open {
    return statements.reduce<Open>((now, statement) => this.statement(statement, now, true), open);
  }

  private statement(tree: CStatement, before: Open, isInList: boolean): Open {
    let open = before;
    const entry = (): readonly Section[] => open ?? [];
    switch (tree.kind) {
      case 'block':
        return this.list(tree.statements, open);
      case 'if': {
        open = this.expressions(tree, open);
        const then = this.statement(tree.then, open, false);
        const otherwise = tree.otherwise === null ? open : this.statement(tree.otherwise, open, false);
        if (then === null || otherwise === null) return then ?? otherwise;
        return then.length > otherwise.length ? then : otherwise;
      }
      case 'while':
      case 'for':
      case 'do':
      case 'guard': {
        if (tree.kind === 'guard') this.guards.push({ tree, isInList });
        open = this.expressions(tree, open);
        const inner = statementsOf(tree).reduce<Open>((now, part) => this.statement(part, now, false), open);
        return inner ?? open;
      }
      case 'switch': {
        open = this.expressions(tree, open);
        const outer = this.atSwitch;
        this.atSwitch = entry();
        const after = this.statement(tree.body, null, false);
        this.atSwitch = outer;
        return after ?? open;
      }
      case 'case':
        open ??= this.atSwitch;
        return tree.statement === null ? open : this.statement(tree.statement, open, false);
      case 'label':
        open ??= this.atLabel.get(tree.name) ?? [];
        return tree.statement === null ? open : this.statement(tree.statement, open, false);
      case 'goto':
        this.atLabel.set(tree.label, entry());
        return null;
      case 'return':
        this.expressions(tree, open);
        return null;
      case 'break':
      case 'continue':
        return null;
      case 'expression':
        return this.expression(tree.expression, open, tree, isInList);
      default:
        return this.expressions(tree, open);
    }
  }

  private expressions(tree: CStatement, open: Open): Open {
    return expressionsOf(tree).reduce<Open>((now, part) => this.inside(part, now, tree), open);
  }

  /** An expression statement: the call may be all of it. */
  private expression(tree: CExpression, open: Open, around: CStatement, isInList: boolean): Open {
    if (tree.kind !== 'call') return this.inside(tree, open, around);
    const after = partsOf(tree).reduce<Open>((now, part) => this.inside(part, now, around), open);
    return this.call(tree, after, around, around, isInList);
  }

  private inside(tree: CExpression, open: Open, around: CStatement): Open {
    const after = partsOf(tree).reduce<Open>((now, part) => this.inside(part, now, around), open);
    return tree.kind === 'call' ? this.call(tree, after, null, around, false) : after;
  }

  private call(
    tree: CallTree,
    open: Open,
    statement: CStatement | null,
    around: CStatement,
    isInList: boolean,
  ): Open {
    const action = orderingPrimitive(tree.callee, this.table)?.action;
    if (action === undefined) return open;
    const call: PrimitiveCall = { tree, action, statement, isInList, around };
    const end = sectionEnd(tree, action);
    if (end === null) {
      this.calls.push(call);
      return open;
    }
    const { begins, key } = end;
    if (begins) {
      const section: Section = { key, locks: [call], unlocks: [] };
      this.sections.push(section);
      this.lastByKey.set(key, section);
      return [...(open ?? []), section];
    }
    const at = open === null ? -1 : open.findLastIndex((section) => section.key === key);
    const section = at < 0 ? this.lastByKey.get(key) : open![at];
    if (section === undefined) this.strayUnlocks++;
    else section.unlocks.push(call);
    return at < 0 ? open : open!.filter((_, i) => i !== at);
  }
}

/** The primitives that the code of one function or thread calls. */
export function callsOf(statements: readonly CStatement[], table: PrimitiveTable): CallsOfCode {
  const finder = new CallFinder(table);
  finder.list(statements, []);
  const { calls, sections, strayUnlocks, guards } = finder;
  return { calls, sections, strayUnlocks, guards };
}
