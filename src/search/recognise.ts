/**
 * Recognises, by the structure of its compiled graph, what a model demands of coherence and atomicity, so that the search
 * generates only candidates that satisfy it.
 *
 * Soundness: `coherent` is set only if some mandatory acyclicity check is on a relation that contains po-loc, rf, co and fr,
 * so every candidate that breaks per-location coherence fails that check. `containsAtom` proves containment with rules
 * that hold for all executions (x is in x|y, r in r+, a&b needs both ...); where it cannot prove it, nothing is assumed.
 * Likewise for atomicity: `empty rmw & (fre;coe)` pins the read next to its write, but for writes of the same thread.
 */
import type { Check, CompiledModel, Node, NodeId } from '../model/dag.js';

type Atom = 'po-loc' | 'rf' | 'co' | 'fr';

const ATOMS: readonly Atom[] = ['po-loc', 'rf', 'co', 'fr'];

export interface Recognised {
  /** The model forbids every violation of per-location coherence (SC per location). */
  readonly coherent: boolean;
  /** Writes that may not come between the read and the write of a read-modify-write. */
  readonly atomicity: 'none' | 'other-threads' | 'all';
  /** Checks that every generated candidate satisfies. */
  readonly satisfied: ReadonlySet<Check>;
}

/** What is recognised where nothing is to be relied on: all is generated, and all checks are evaluated. */
export const nothingRecognised: Recognised = {
  coherent: false,
  atomicity: 'none',
  satisfied: new Set(),
};

class Recogniser {
  constructor(private readonly model: CompiledModel) {}

  private node(id: NodeId): Node {
    return this.model.nodes[id]!;
  }

  isBase(id: NodeId, name: string): boolean {
    const node = this.node(id);
    return node.op === 'base' && node.name === name;
  }

  /** fr, with or without `\ id` (no event is both ends of an fr edge: reads and writes are distinct). */
  private isFromReads(id: NodeId): boolean {
    const node = this.node(id);
    if (node.op === 'difference') return this.isBase(node.right, 'id') && this.isFromReads(node.left);
    if (node.op !== 'compose') return false;
    const left = this.node(node.left);
    return left.op === 'inverse' && this.isBase(left.operand, 'rf') && this.isBase(node.right, 'co');
  }

  /** Whether the relation contains the atom in every execution. */
  containsAtom(id: NodeId, atom: Atom): boolean {
    const node = this.node(id);
    if (atom === 'fr' && this.isFromReads(id)) return true;
    switch (node.op) {
      case 'base':
        return atom === 'po-loc' ? node.name === 'po' || node.name === 'loc' : node.name === atom;
      case 'universe':
        return true;
      case 'union':
        return this.containsAtom(node.left, atom) || this.containsAtom(node.right, atom);
      case 'intersection':
        return this.containsAtom(node.left, atom) && this.containsAtom(node.right, atom);
      case 'plus':
      case 'star':
      case 'optional':
        return this.containsAtom(node.operand, atom);
      default:
        return false;
    }
  }

  /** Whether the relation is contained in po-loc | rf | co | fr in every execution. */
  isCommunication(id: NodeId): boolean {
    const node = this.node(id);
    if (this.isFromReads(id) || this.isBase(id, 'rf') || this.isBase(id, 'co')) return true;
    switch (node.op) {
      case 'empty':
        return true;
      case 'union':
        return this.isCommunication(node.left) && this.isCommunication(node.right);
      case 'intersection':
        return (
          (this.isBase(node.left, 'po') && this.isBase(node.right, 'loc')) ||
          (this.isBase(node.left, 'loc') && this.isBase(node.right, 'po')) ||
          this.isCommunication(node.left) ||
          this.isCommunication(node.right)
        );
      case 'difference':
        return this.isCommunication(node.left);
      default:
        return false;
    }
  }

  /** `external`: is it `r & ext` for the relation that `is` recognises; otherwise r itself. */
  private isExternal(id: NodeId, is: (r: NodeId) => boolean): boolean {
    const node = this.node(id);
    if (node.op !== 'intersection') return false;
    return (
      (this.isBase(node.left, 'ext') && is(node.right)) || (this.isBase(node.right, 'ext') && is(node.left))
    );
  }

  private isCompositionOf(id: NodeId, left: (r: NodeId) => boolean, right: (r: NodeId) => boolean): boolean {
    const node = this.node(id);
    return node.op === 'compose' && left(node.left) && right(node.right);
  }

  /** Which atomicity an emptiness check on this relation expresses exactly. */
  atomicityOf(id: NodeId): 'none' | 'other-threads' | 'all' {
    const node = this.node(id);
    if (node.op !== 'intersection') return 'none';
    const other = this.isBase(node.left, 'rmw')
      ? node.right
      : this.isBase(node.right, 'rmw')
        ? node.left
        : null;
    if (other === null) return 'none';
    const fr = (r: NodeId) => this.isFromReads(r);
    const co = (r: NodeId) => this.isBase(r, 'co');
    if (this.isCompositionOf(other, fr, co)) return 'all';
    const fre = (r: NodeId) => this.isExternal(r, fr);
    const coe = (r: NodeId) => this.isExternal(r, co);
    return this.isCompositionOf(other, fre, coe) ? 'other-threads' : 'none';
  }
}

export function recognise(model: CompiledModel): Recognised {
  const recogniser = new Recogniser(model);
  const satisfied = new Set<Check>();
  let coherent = false;
  let atomicity: Recognised['atomicity'] = 'none';
  for (const check of model.checks) {
    if (check.flag || check.negated) continue;
    if (check.kind === 'acyclic' && ATOMS.every((atom) => recogniser.containsAtom(check.node, atom))) {
      coherent = true;
      if (recogniser.isCommunication(check.node)) satisfied.add(check);
    }
    if (check.kind === 'empty') {
      const found = recogniser.atomicityOf(check.node);
      if (found === 'none') continue;
      satisfied.add(check);
      if (atomicity !== 'all') atomicity = found;
    }
  }
  return { coherent, atomicity, satisfied };
}
