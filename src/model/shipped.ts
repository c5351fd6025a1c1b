/** The models that come with fencepost, by name. Their texts are the .cat files of this folder. */
import type { Dialect } from '../program/ir.js';
import { invariant } from '../text/diagnostic.js';
import { renderDiagnostics } from '../text/render.js';
import type { SourceFile } from '../text/source.js';
import { text as arm64 } from './arm64.cat';
import { compileModel } from './compile.js';
import type { CompiledModel } from './dag.js';
import { text as lkmm } from './lkmm.cat';
import { unpackModel } from './packed-model.js';
import { precompiled } from './precompiled.js';
import { allDialects } from './predefined.js';
import { text as rcuSections } from './rcu-sections.cat';
import { text as sc } from './sc.cat';
import { text as x86 } from './x86.cat';

export interface ShippedModel {
  readonly name: string;
  readonly title: string;
  /** The dialects of the programs it applies to. */
  readonly dialects: readonly Dialect[];
  /** One sentence for `fencepost models`. */
  readonly summary: string;
}

export const shippedModels: readonly ShippedModel[] = [
  {
    name: 'lkmm',
    title: 'Linux-kernel memory model',
    dialects: ['lkmm'],
    summary: 'What kernel C may rely on, on every architecture: locks, atomics, barriers, plain accesses.',
  },
  {
    name: 'arm64',
    title: 'ARMv8 AArch64',
    dialects: ['arm64'],
    summary: 'What 64-bit Arm processors may do, with acquire/release, LSE atomics and all barriers.',
  },
  {
    name: 'x86',
    title: 'x86-TSO',
    dialects: ['x86'],
    summary: 'What x86 processors may do: only a store followed by a load is reordered.',
  },
  {
    name: 'sc',
    title: 'Sequential consistency',
    dialects: allDialects,
    summary: 'Interleaving of the threads, nothing else: tells ordering bugs from logic bugs.',
  },
];

const texts: ReadonlyMap<string, string> = new Map([
  ['lkmm', lkmm],
  ['arm64', arm64],
  ['x86', x86],
  ['sc', sc],
]);

/** What the shipped models include. */
const parts: ReadonlyMap<string, string> = new Map([['rcu-sections.cat', rcuSections]]);

function includePart(name: string): SourceFile | null {
  const text = parts.get(name);
  return text === undefined ? null : { name, text };
}

const loaded = new Map<string, CompiledModel>();

/** The compiled model of this name, one object per name. `name` must be a name of `shippedModels`. */
export function loadShippedModel(name: string): CompiledModel {
  const known = loaded.get(name);
  if (known !== undefined) return known;
  const packed = precompiled.get(name);
  const model = packed === undefined ? compileShipped(name) : unpackModel(packed);
  loaded.set(name, model);
  return model;
}

/** Whether it is one of the models that come with fencepost, unchanged. */
export function isShipped(model: CompiledModel): boolean {
  return loaded.get(model.name) === model;
}

function compileShipped(name: string): CompiledModel {
  const text = texts.get(name);
  const shipped = shippedModels.find((model) => model.name === name);
  invariant(text !== undefined && shipped !== undefined, `no shipped model \`${name}\``);
  const source = { name: `${name}.cat`, text };
  const { value, diagnostics } = compileModel(source, includePart, shipped.dialects);
  invariant(value !== null, renderDiagnostics(diagnostics));
  return { ...value, name };
}
