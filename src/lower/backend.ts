/** What an architecture does for the lowering: code for each IR instruction that is not control structure. */
import type {
  Expr,
  FenceInstruction,
  LoadInstruction,
  RmwInstruction,
  StoreInstruction,
} from '../program/ir.js';

export interface Backend {
  assign(dst: string, value: Expr): void;
  load(instruction: LoadInstruction): void;
  store(instruction: StoreInstruction): void;
  /** smp_store_mb as one instruction, so that its fence can go; false: there is none, and nothing was emitted. */
  storeMb(instruction: StoreInstruction): boolean;
  rmw(instruction: RmwInstruction): void;
  fence(instruction: FenceInstruction): void;
  jump(label: string): void;
  /** Jumps to `label` if the truth of `condition` is `when`. */
  branch(condition: Expr, label: string, when: boolean): void;
}
