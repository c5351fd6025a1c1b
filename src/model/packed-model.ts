/**
 * Compiled models as JSON, so that the build can compile the shipped ones ahead: parsing and compiling the kernel's model takes
 * longer than all the rest of a run.
 */

import { invariant } from '../text/diagnostic.js';
import { type SourceFile, spanOf } from '../text/source.js';
import type { Check, CompiledModel, Node, NodeId, RecursionGroup } from './dag.js';

/** A check with its span as file (an index into `files`), start and end. */
export interface PackedCheck extends Omit<Check, 'span'> {
  readonly span: readonly [file: number, start: number, end: number] | null;
}

export interface PackedModel {
  readonly name: string;
  readonly title: string;
  readonly nodes: readonly Node[];
  readonly groups: readonly RecursionGroup[];
  readonly checks: readonly PackedCheck[];
  readonly names: readonly (readonly [name: string, node: NodeId])[];
  readonly files: readonly SourceFile[];
}

export function packModel(model: CompiledModel): PackedModel {
  invariant(model.choices.length + model.computations.length === 0, 'only first-order models are packed');
  const files: SourceFile[] = [];
  const indexOf = (file: SourceFile): number => {
    const known = files.indexOf(file);
    return known >= 0 ? known : files.push(file) - 1;
  };
  const checks = model.checks.map((check) => {
    const { span } = check;
    const packed: PackedCheck['span'] = span === null ? null : [indexOf(span.file), span.start, span.end];
    return { ...check, span: packed };
  });
  const { name, title, nodes, groups } = model;
  return { name, title, nodes, groups, checks, names: [...model.names], files };
}

export function unpackModel(packed: PackedModel): CompiledModel {
  const { name, title, nodes, groups, files } = packed;
  const checks = packed.checks.map((check) => {
    if (check.span === null) return { ...check, span: null };
    const [file, start, end] = check.span;
    const source = files[file];
    invariant(source !== undefined, `a packed model without its file ${file}`);
    return { ...check, span: spanOf(source, start, end) };
  });
  const names = new Map(packed.names);
  return { name, title, nodes, groups, checks, choices: [], computations: [], coherence: null, names };
}
