/** Lowers calls of kernel primitives: a row of the table (primitive-table.ts) and arguments -> instructions. */
import type { CExpression } from '../syntax/c-tree.js';
import { assertNever, errorAt } from '../text/diagnostic.js';
import { spanText } from '../text/source.js';
import { didYouMean } from '../text/suggest.js';
import { lowerAtomic, lowerBit, lowerSplitBit, lowerTestBit } from './atomic-calls.js';
import { storageOf } from './c-type.js';
import { failed, type Typed, truth, truthOf } from './c-values.js';
import { Call, type CallTree, nothing } from './call-arguments.js';
import { lowerMacro } from './def-calls.js';
import type { Evaluator, Wanted } from './evaluator.js';
import {
  lowerIsLocked,
  lowerLock,
  lowerSharedLock,
  lowerSharedUnlock,
  lowerSrcu,
  lowerUnlock,
} from './lock-calls.js';
import type { Action, Parameter } from './primitives.js';
import { isPure } from './purity.js';

/** How a signature shows a parameter. */
const PARAMETER_NAMES: Readonly<Record<Parameter, string>> = {
  place: 'variable',
  pointer: 'pointer',
  bits: '&unsigned_long',
  lock: 'lock',
  domain: '&srcu_struct',
  value: 'value',
  expected: '&local',
  flags: 'flags',
  condition: 'condition on VAL',
  lockdep: 'for lockdep',
};

/** The value of a call, `void` if it has none. */
export function lowerCall(e: Evaluator, tree: CallTree, wanted: Wanted): Typed {
  const { callee, calleeSpan } = tree;
  const row = e.primitives.get(callee);
  if (row === undefined) {
    const hint = didYouMean(callee, [...e.calls.names, ...e.primitives.keys()]);
    e.report(errorAt(calleeSpan, 'unknown-primitive', `unknown primitive \`${callee}\``, { hint }));
    return failed;
  }
  if (row.action.kind === 'refused') {
    e.report(errorAt(calleeSpan, 'unsupported-primitive', `\`${callee}\` ${row.action.why}`));
    return failed;
  }
  const expected = row.parameters.length;
  const found = tree.arguments.length;
  if (found !== expected) {
    const names = row.parameters.map((p) => PARAMETER_NAMES[p]).join(', ');
    const message = `\`${callee}\` takes ${expected} argument${expected === 1 ? '' : 's'}, not ${found}`;
    e.report(errorAt(tree.span, 'argument-count', message, { hint: `\`${callee}(${names})\`` }));
    return failed;
  }
  return lowerAction(new Call(e, tree, row, wanted), row.action);
}

function lowerAction(call: Call, action: Action): Typed {
  switch (action.kind) {
    case 'fence':
      call.fence(action.tags);
      return nothing;
    case 'load': {
      const memory = call.memory();
      if (memory === null) return failed;
      return call.e.memory.load(memory, call.target(), action.tags, call.row.primitive, call.wanted);
    }
    case 'store':
      return lowerStore(call, action);
    case 'set-state':
      return setState(call, action.barrier);
    case 'wait':
      return wait(call, action.tags);
    case 'atomic':
    case 'exchange':
    case 'compare':
    case 'add-unless':
      return lowerAtomic(call, action);
    case 'test-bit':
      return lowerTestBit(call, action.tags);
    case 'bit':
      return lowerBit(call, action);
    case 'split-bit':
      return lowerSplitBit(call, action);
    case 'srcu':
      return lowerSrcu(call, action);
    case 'lock':
      return lowerLock(call, action);
    case 'unlock':
      return lowerUnlock(call, action);
    case 'is-locked':
      return lowerIsLocked(call, action);
    case 'shared-lock':
      return lowerSharedLock(call, action);
    case 'shared-unlock':
      return lowerSharedUnlock(call, action);
    case 'same':
      return same(call, action.truth);
    case 'nothing':
      return nothing;
    case 'stop':
      return stop(call);
    case 'macro':
      return lowerMacro(call, action);
    case 'refused':
      return failed;
    default:
      return assertNever(action);
  }
}

function stop({ e, tree: { arguments: args } }: Call): Typed {
  if (args[0] === undefined) e.code.jump(e.code.exit);
  else e.jumpIf(args[0], true, e.code.exit);
  return nothing;
}

function lowerStore(call: Call, action: Action & { kind: 'store' }): Typed {
  const { e } = call;
  const memory = call.memory();
  const tree = call.argument('value');
  const value = e.value(tree);
  if (memory === null) return failed;
  const access = e.memory.access(memory, call.target());
  if (access === null) return failed;
  const fitted = e.conversions.fit(value, access.type, tree);
  if (fitted.type.kind === 'error') return failed;
  call.store(access.address, fitted.expr, access.storage, action.tags);
  if (action.barrier) call.fence(['Mb']);
  return nothing;
}

function setState(call: Call, barrier: boolean): Typed {
  const { e, tree } = call;
  const task = e.scope.currentTask(tree);
  const argument = call.argument('value');
  const value = e.value(argument);
  if (task === null) return failed;
  const state = e.objects.field(task, '__state', '->', tree.span);
  const fitted = e.conversions.fit(value, state.type, argument);
  if (fitted.type.kind === 'error') return failed;
  call.store(e.objects.address(state), fitted.expr, storageOf(state.type), ['Once']);
  if (barrier) call.fence(['Mb']);
  return nothing;
}

function wait(call: Call, tags: readonly string[]): Typed {
  const { e } = call;
  const condition = call.argument('condition');
  const memory = call.memory();
  if (memory === null) return failed;
  const value = e.memory.load(memory, call.target(), tags, call.row.primitive, null);
  if (value.type.kind === 'error') return failed;
  if (!isPure(condition)) {
    call.fail(condition, 'impure-condition', 'the condition of a wait loop only looks at VAL and locals');
    return failed;
  }
  const holds = e.scope.withVal(value, () => e.value(condition));
  if (holds.type.kind === 'error') return failed;
  if (holds.type.kind === 'void') {
    call.fail(condition, 'no-value', `\`${spanText(condition.span)}\` has no value`);
    return failed;
  }
  e.code.emit({ kind: 'assume', condition: truthOf(holds) }, call.row.primitive);
  return value;
}

/** The value of `data_race(x)`: a plain access that carries the primitive's name. */
function markedPlain(call: Call, tree: CExpression): Typed {
  const { e, wanted } = call;
  const isPlace =
    tree.kind === 'field' || tree.kind === 'index' || (tree.kind === 'unary' && tree.op === '*');
  if (!isPlace) return e.value(tree, wanted);
  const place = e.place(tree);
  if (place === null) return failed;
  if (place.kind === 'local') return e.value(tree, wanted);
  return e.memory.load(place, tree, ['Plain'], call.row.primitive, wanted);
}

function same(call: Call, asTruth: boolean): Typed {
  const { e } = call;
  const tree = call.argument('value');
  const value = asTruth ? e.value(tree) : markedPlain(call, tree);
  if (value.type.kind === 'error' || value.type.kind === 'void') {
    if (value.type.kind === 'void') call.fail(tree, 'no-value', `\`${spanText(tree.span)}\` has no value`);
    return failed;
  }
  return asTruth ? truth(truthOf(value)) : value;
}
