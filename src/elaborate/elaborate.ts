/**
 * Elaborates a kernel-C litmus test: syntax tree -> program of dialect lkmm.
 *
 * Macros and enumerators are replaced (c-definitions.ts), names resolved, types checked and statements lowered to flat code, with
 * helper functions in place of their calls; everything that is not understood is a diagnostic. The kernel's primitives are in
 * primitive-table.ts, what kernel code names without declaring it in kernel-names.ts.
 */

import type { Program, Thread } from '../program/ir.js';
import { isLocation, wrapTo } from '../program/value.js';
import { statementsOf } from '../syntax/c-children.js';
import type { CFunction, CLitmus, CStatement, CThread } from '../syntax/c-tree.js';
import { type Checked, checked, type Diagnostic, errorAt, hasErrors } from '../text/diagnostic.js';
import { didYouMean } from '../text/suggest.js';
import { readQuestion } from './c-condition.js';
import { applyDefinitions } from './c-definitions.js';
import { ExpressionLowering } from './c-expressions.js';
import { type InitialRegister, readCFrame } from './c-frame.js';
import { FunctionCalls } from './c-functions.js';
import { Scope } from './c-scope.js';
import { sourceOf } from './c-source.js';
import { StatementLowering } from './c-statements.js';
import { CodeBuilder } from './code-builder.js';
import { checkFields } from './field-mistakes.js';
import { Locals } from './locals.js';
import { kernelPrimitives, type PrimitiveTable } from './primitive-table.js';
import type { SharedObject, SharedObjects } from './shared-objects.js';

/** A comment line right in front of a thread, as a title. */
function labelOf(thread: CThread): string | null {
  if (thread.label !== undefined) return thread.label;
  const { file, start } = thread.span;
  const before =
    file.text
      .slice(Math.max(0, start - 400), start)
      .trimEnd()
      .split('\n')
      .at(-1) ?? '';
  const comment = /^\s*(?:\/\/\s*(.*?)|\/\*\s*(.*?)\s*\*\/|\(\*\s*(.*?)\s*\*\))\s*$/.exec(before);
  const text = comment?.[1] ?? comment?.[2] ?? comment?.[3] ?? '';
  return text === '' ? null : text;
}

/** Whether a thread declares any local: then it declares all. */
function declaresLocals(statements: readonly CStatement[]): boolean {
  return statements.some(
    (statement) => statement.kind === 'declaration' || declaresLocals(statementsOf(statement)),
  );
}

interface Lowered {
  readonly thread: Thread;
  readonly locals: Locals;
}

function lowerThread(
  tree: CThread,
  index: number,
  objects: SharedObjects,
  functions: ReadonlyMap<string, CFunction>,
  primitives: PrimitiveTable,
  initial: ReadonlyMap<string, InitialRegister>,
  diagnostics: Diagnostic[],
): Lowered {
  const own: Diagnostic[] = [];
  const calls = new FunctionCalls(functions);
  const report = (diagnostic: Diagnostic): void => {
    own.push({ ...diagnostic, notes: [...diagnostic.notes, ...calls.notes()] });
  };
  const spans = new Map(tree.parameters.map((p) => [p.name, p.span]));
  const locals = new Locals(report, spans, new Set(initial.keys()));
  const code = new CodeBuilder(sourceOf(tree.nameSpan));
  const parameters = new Map<string, SharedObject>();
  for (const { name } of tree.parameters) {
    const object = objects.roots.get(name);
    if (object !== undefined) parameters.set(name, object);
  }
  const scope = new Scope(code, locals, objects, parameters, report);
  const implicit = !declaresLocals(tree.body);
  const evaluator = new ExpressionLowering(code, scope, implicit, primitives, calls);
  new StatementLowering(evaluator, code, report, tree.body).body();
  for (const [name, { value, span }] of initial) {
    const declared = code.registers.find((r) => r.name === name);
    if (declared === undefined) {
      const hint = didYouMean(name, locals.all.keys());
      report(errorAt(span, 'unknown-register', `${tree.name} has no local \`${name}\``, { hint }));
    } else code.declare(name, declared.type, isLocation(value) ? value : wrapTo(value, declared.type));
  }
  const { code: instructions, position, isReached } = code.finish();
  for (const { index, function: helper } of calls.missingReturns)
    if (isReached(index)) report(missingReturn(helper));
  if (!hasErrors(own)) locals.checkAssigned(instructions, position, isReached);
  diagnostics.push(...own);
  const thread: Thread = {
    index,
    name: tree.name,
    label: labelOf(tree),
    registers: code.registers,
    code: instructions,
  };
  return { thread, locals };
}

function missingReturn({ name, nameSpan }: CFunction): Diagnostic {
  const message = `\`${name}\` can end without returning the value that is used`;
  return errorAt(nameSpan, 'missing-return', message, { hint: 'return a value at its end' });
}

/** All objects made so far, fields included. */
function allObjects(objects: SharedObjects): Set<SharedObject> {
  const all = new Set<SharedObject>();
  const add = (object: SharedObject): void => {
    all.add(object);
    for (const field of object.fields.values()) add(field);
  };
  for (const root of objects.roots.values()) add(root);
  return all;
}

/** By place in the file, those without a place first; each once, as helper functions are lowered at each call. */
function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const told = new Set<string>();
  const first = diagnostics.filter(({ span, code, message }) => {
    const key = `${span?.start} ${code} ${message}`;
    const isNew = span === null || !told.has(key);
    told.add(key);
    return isNew;
  });
  return first.sort((a, b) => (a.span?.start ?? -1) - (b.span?.start ?? -1));
}

export interface ElaborateOptions {
  /** The primitives; absent: the kernel's. A macro file gives others (def-macros.ts). */
  readonly macros?: PrimitiveTable;
}

/** The program of a kernel-C test. */
export function elaborateC(written: CLitmus, options: ElaborateOptions = {}): Checked<Program> {
  const primitives = options.macros ?? kernelPrimitives();
  const diagnostics: Diagnostic[] = [];
  const report = (diagnostic: Diagnostic): void => void diagnostics.push(diagnostic);
  const { tree, functions, withNotes } = applyDefinitions(written, primitives, report);
  const { objects, registers } = readCFrame(tree, functions, primitives, report);
  const initialised = allObjects(objects);
  objects.used.clear();
  const lowered = tree.threads.map((thread, i) =>
    lowerThread(thread, i, objects, functions, primitives, registers[i]!, diagnostics),
  );
  checkFields(objects, initialised, objects.used, report);
  // Code that was refused leaves fields unused: what the condition says of them may be right.
  const isSound = !hasErrors(diagnostics);
  const { observed, condition, filter } = readQuestion(
    tree,
    objects,
    lowered.map(({ locals }) => locals),
    (diagnostic) => {
      if (isSound || diagnostic.code !== 'unknown-field') report(diagnostic);
    },
  );
  const program: Program = {
    name: tree.name,
    dialect: 'lkmm',
    locations: objects.locations,
    threads: lowered.map(({ thread }) => thread),
    observed,
    condition,
    filter,
  };
  return checked(program, inOrder(diagnostics.map(withNotes)));
}
