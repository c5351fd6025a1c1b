/**
 * The flags that only a turn of a loop raises which changes nothing: a data race of what a thread looks at while it waits.
 *
 * The search leaves such turns out (unfold/failed-turns.ts), for they have no other effect. Here they are examined, one in a row: of an
 * execution with several, that which raises the flag is left, with less order around it. The kernel's model raises flags of
 * plain accesses, and of critical sections that are not closed, which no such turn closes or opens; of a model of the user's it is not known.
 */
import type { Check, CompiledModel } from '../model/dag.js';
import { isShipped } from '../model/shipped.js';
import type { Instruction, Program } from '../program/ir.js';
import type { SearchOptions, SearchResult } from './execution.js';
import { searchProgram } from './search.js';

function isPlain(instruction: Instruction): boolean {
  return (instruction.kind === 'load' || instruction.kind === 'store') && instruction.tags.includes('Plain');
}

/** Whether some loop may have a turn that is asked for. */
function hasLoop({ threads }: Program, matters: (instruction: Instruction) => boolean): boolean {
  return threads.some(({ code }) =>
    code.some(
      (instruction, at) =>
        (instruction.kind === 'jump' || instruction.kind === 'branch') &&
        instruction.target <= at &&
        code.slice(instruction.target, at).some(matters),
    ),
  );
}

/** `found`, with the flags that are missing; what limits the search for them is the limit of the result, whose states are all known. */
export function withFlagsOfWaits(
  program: Program,
  model: CompiledModel,
  found: SearchResult,
  options: SearchOptions,
): SearchResult {
  const isMissing = ({ flag, name }: Check): boolean =>
    flag && !found.flags.some((raised) => raised.name === name);
  if (options.mode === 'verdict' || found.limit !== null || !model.checks.some(isMissing)) return found;
  const ours = isShipped(model);
  if (!hasLoop(program, ours ? isPlain : () => true)) return found;
  const failedTurns = ours ? 'plain' : 'any';
  const apart = searchProgram(program, model, { ...options, mode: 'outcomes', failedTurns });
  const { flags, limit, explored } = apart;
  const added = flags.filter(({ name }) => found.flags.every((raised) => raised.name !== name));
  const all = [...found.flags, ...added].sort((a, b) => (a.name < b.name ? -1 : 1));
  if (limit === null) return { ...found, flags: all };
  const { satisfying, states } = found;
  const kinds = { satisfying: satisfying > 0, other: satisfying < states.length };
  return { ...found, flags: all, limit, kinds, ...(explored === undefined ? {} : { explored }) };
}
