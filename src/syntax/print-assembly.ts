/**
 * Prints an assembly litmus test as a file that herd-style tools read: header, init block, a table with one column for each
 * thread, `locations`, filter, condition. A lowered test's comment says which C statement each line comes from.
 */
import { assertNever } from '../text/diagnostic.js';
import type { AsmLitmus, AsmThread } from './asm-tree.js';
import type {
  ConditionOperand,
  InitTree,
  InitValue,
  LabelTree,
  LocationTree,
  PlaceTree,
  PropositionTree,
  RegisterTree,
  TypeTree,
} from './condition-tree.js';
import { showLine } from './print-instruction.js';

function showPlace(place: PlaceTree): string {
  const steps = place.path.map((step) => (step.kind === 'field' ? `.${step.name}` : `[${step.index}]`));
  const name = `${place.root ?? ''}${steps.join('')}`;
  return place.bracketed || place.starred ? `[${name}]` : name;
}

function showTarget(target: PlaceTree | RegisterTree): string {
  return target.kind === 'register' ? `${target.thread}:${target.name}` : showPlace(target);
}

function showLabel({ thread, name }: LabelTree): string {
  return `label:"${thread}:${name}"`;
}

function showValue(value: InitValue): string {
  switch (value.kind) {
    case 'number':
      return String(value.value);
    case 'place':
      return showPlace(value);
    case 'address':
      return `&${showPlace(value.place)}`;
    case 'label':
      return showLabel(value);
    case 'list':
      return `{${value.items.map((item) => showValue(item.value)).join(',')}}`;
    default:
      return assertNever(value);
  }
}

function showType(type: TypeTree | null): string {
  return type === null ? '' : `${type.words.join(' ')} ${'*'.repeat(type.pointers)}`;
}

function showInit({ target, type, value }: InitTree): string {
  const length = type === null || type.array === null ? '' : `[${type.array}]`;
  return `${showType(type)}${showTarget(target)}${length}${value === null ? '' : `=${showValue(value)}`};`;
}

/** Memory on lines of its own, then the registers of each thread on one line. */
function showInits(init: readonly InitTree[]): string[] {
  const lines = new Map<string, string[]>();
  for (const entry of init) {
    const key = entry.target.kind === 'register' ? entry.target.thread : '';
    lines.set(key, [...(lines.get(key) ?? []), showInit(entry)]);
  }
  return [...lines.values()].map((entries) => entries.join(' '));
}

const OPERATORS = { and: '/\\', or: '\\/', implies: '=>' } as const;

function showOperand(operand: ConditionOperand): string {
  if (operand.kind === 'number') return String(operand.value);
  if (operand.kind === 'label' || operand.kind === 'list') return showValue(operand);
  return operand.kind === 'address' ? `&${showPlace(operand.place)}` : showTarget(operand);
}

function showProposition(proposition: PropositionTree): string {
  switch (proposition.kind) {
    case 'constant':
      return String(proposition.value);
    case 'not':
      return `~(${showProposition(proposition.operand)})`;
    case 'compare': {
      const left = showOperand(proposition.left);
      const right = showOperand(proposition.right);
      return proposition.op === '=' ? `${left}=${right}` : `~(${left}=${right})`;
    }
    case 'and':
    case 'or':
    case 'implies': {
      const { kind } = proposition;
      // Chains associate to the left, implication to the right; everything else gets parentheses.
      const side = (operand: PropositionTree, chains: boolean): string => {
        const text = showProposition(operand);
        const closed = operand.kind === 'constant' || operand.kind === 'compare' || operand.kind === 'not';
        return closed || (chains && operand.kind === kind) ? text : `(${text})`;
      };
      const left = side(proposition.left, kind !== 'implies');
      return `${left} ${OPERATORS[kind]} ${side(proposition.right, kind === 'implies')}`;
    }
    default:
      return assertNever(proposition);
  }
}

function showLocation(location: LocationTree): string {
  return `${`${showTarget(location)} ${showType(location.type ?? null)}`.trimEnd()};`;
}

/** The table of instructions; columns are as wide as their widest cell. */
function showTable(litmus: AsmLitmus): string[] {
  const columns = litmus.threads.map((thread) => [
    thread.name,
    ...thread.lines.map((line) => showLine(litmus.dialect, line)),
  ]);
  const height = Math.max(...columns.map((column) => column.length));
  const widths = columns.map((column) => Math.max(...column.map((cell) => cell.length)));
  return Array.from({ length: height }, (_, row) => {
    const cells = columns.map((column, i) => (column[row] ?? '').padEnd(widths[i]!));
    return ` ${cells.join(' | ')} ;`;
  });
}

/** `P0: WRITE_ONCE(*x, 1)` and under it its instructions; empty for a test that was not lowered. */
function sourceMap(litmus: AsmLitmus, thread: AsmThread): string[] {
  const lines: string[] = [];
  let current = '';
  for (const line of thread.lines) {
    if (line.kind === 'label' || line.origin === null) continue;
    const { text } = line.origin;
    const key = `${line.span.start} ${text}`;
    const instruction = showLine(litmus.dialect, line);
    if (key === current) lines[lines.length - 1] += `; ${instruction}`;
    else lines.push(`${thread.name}: ${text}  ->  ${instruction}`);
    current = key;
  }
  return lines;
}

/** Text that cannot end or nest the file's comment, nor start a line that scripts look for. */
function commentText(text: string): string {
  return text.replace(/\(\*/g, '( *').replace(/\*\)/g, '* )');
}

function showComment(litmus: AsmLitmus): string[] {
  const map = litmus.threads.flatMap((thread) => sourceMap(litmus, thread));
  const own = litmus.comment.trim() === '' ? [] : litmus.comment.trim().split('\n');
  const lines = [...own, ...map].map((line) => ` * ${commentText(line.replace(/^\s*\*?\s*/, ''))}`.trimEnd());
  return lines.length === 0 ? [] : ['(*', ...lines, ' *)'];
}

/** The whole file, with a final line break. */
export function printAssembly(litmus: AsmLitmus): string {
  const { condition, filter, locations } = litmus;
  const lines = [
    `${litmus.dialect} ${litmus.name}`,
    ...showComment(litmus),
    '{',
    ...showInits(litmus.init),
    '}',
    ...showTable(litmus),
  ];
  if (locations.length > 0) lines.push(`locations [${locations.map(showLocation).join(' ')}]`);
  if (filter !== null) lines.push(`filter (${showProposition(filter)})`);
  if (condition !== null) lines.push(`${condition.quantifier} (${showProposition(condition.proposition)})`);
  return `${lines.join('\n')}\n`;
}
