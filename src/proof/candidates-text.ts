/** What a proof by cases starts from: what a candidate is, how many there are, and which of them single locations rule out. */
import type { CaseAnalysis, SetApart } from '../explain/case-analysis.js';
import type { Check, CompiledModel } from '../model/dag.js';
import type { Program } from '../program/ir.js';
import { filterText } from './claim.js';
import { bullets, code, counted, paragraph } from './markdown.js';

/** `outcome`: `1:r0=1 /\ 1:r1=0`. */
export function candidatesText(
  analysis: CaseAnalysis,
  program: Program,
  { name: model, choices }: CompiledModel,
  outcome: string,
): string[] {
  const { total, setApart } = analysis;
  const swap =
    'A compare-and-swap that finds what it expects may execute in more than one way, which differ in what depends on its result: each makes candidates of its own.';
  const what = paragraph(
    'A candidate is a path through each thread, for each read a write that it reads from, and for each location an order of the writes to it (for a lock, the order in which it is taken and given back), so that every value is one that the threads compute.',
    hasCompareAndSwap(program) ? swap : null,
    choices.length === 0
      ? 'Candidates are enumerated without regard to barriers and dependencies: the model has no say in which there are.'
      : `What ${code(model)} chooses (\`with ${choices.map(({ name }) => name).join('`, `with ')}\`) makes candidates, too; its axioms have no say in which there are.`,
  );
  const filter = filterText(program);
  const end = (verb: string, one: boolean): string =>
    filter === null
      ? `${verb} with \`${outcome}\``
      : `${one ? 'passes' : 'pass'} the test's filter \`${filter}\` and ${verb} with \`${outcome}\``;
  if (total === 0) {
    const none = `No candidate ${end('ends', true)}: the threads do not compute these values${filter === null ? '' : ' together'}, whatever the model. Nothing is left to refute.`;
    return [what, paragraph(none)];
  }
  const found =
    total === null
      ? `The candidates that ${end('end', false)} are too many to be counted.`
      : `${counted(total, 'candidate')} ${total === 1 ? end('ends', true) : end('end', false)}.`;
  return [what, paragraph(found), ...setApartText(setApart, analysis.listed, model)];
}

function hasCompareAndSwap({ threads }: Program): boolean {
  return threads.some(({ code }) =>
    code.some((instruction) => instruction.kind === 'rmw' && instruction.swap !== undefined),
  );
}

function setApartText(setApart: readonly SetApart[], listed: number, model: string): string[] {
  if (setApart.length === 0) return [];
  if (setApart.every(({ count }) => count === 0)) {
    const names = setApart.map(({ check }) => code(check.name)).join(' and ');
    const they = listed === 1 ? 'It satisfies' : 'All of them satisfy';
    return [paragraph(`${they} ${names}, the axioms of ${code(model)} about each location by itself.`)];
  }
  const isOne = setApart.length === 1;
  const about = isOne
    ? `One axiom of ${code(model)} is about each location by itself, whatever the barriers.`
    : `${setApart.length === 2 ? 'Two' : 'Some'} axioms of ${code(model)} are about each location by itself, whatever the barriers.`;
  const isCounted = setApart.every(({ count }) => count !== null);
  const how = isCounted ? 'is counted here, and not listed' : 'is not listed; the search does not make it';
  return [
    paragraph(about, `What ${isOne ? 'it refutes' : 'they refute'} ${how}:`),
    bullets(setApart.map(refutedBy)),
    listed === 0
      ? 'That leaves none: the order between different locations does not come into it.'
      : `That leaves ${counted(listed, 'candidate')}.`,
  ];
}

function refutedBy({ check, count }: SetApart): string {
  const which = `in which ${lawText(check)}`;
  const axiom = code(check.name);
  if (count === null) return `${axiom} refutes all ${which}.`;
  if (count === 0) return `${axiom} refutes none; it would refute those ${which}.`;
  return `${axiom} refutes ${counted(count, 'candidate')} ${which}.`;
}

/** The laws about single locations are recognised by their shape, which tells which they are. */
function lawText({ kind }: Check): string {
  return kind === 'empty'
    ? 'another write comes between the read and the write of one atomic access (which may be the taking of a lock)'
    : 'a read or a write contradicts the order of the writes to its own location';
}
