/**
 * The entry of the syntax stage: a litmus file of any dialect -> its tree.
 *
 * The first word of the file decides: `C`, `Sketch`, `AArch64`, `X86_64` or `X86`.
 */
import { type Checked, errorAt } from '../text/diagnostic.js';
import type { SourceFile } from '../text/source.js';
import { didYouMean } from '../text/suggest.js';
import type { AsmLitmus } from './asm-tree.js';
import { parseAssemblyLayout } from './assembly.js';
import type { CLitmus } from './c-tree.js';
import { dialects, readLayout } from './layout.js';
import { parseC } from './litmus-c.js';
import { parseSketch } from './sketch.js';
import type { SketchLitmus } from './sketch-tree.js';

export type LitmusTree = CLitmus | SketchLitmus | AsmLitmus;

/** The tree of a litmus test, or diagnostics that say why it has none. */
export function parseLitmus(source: SourceFile): Checked<LitmusTree> {
  const { value: layout, diagnostics } = readLayout(source);
  if (layout === null) return { value: null, diagnostics };
  switch (layout.dialect) {
    case 'C':
      return parseC(layout);
    case 'Sketch':
      return parseSketch(layout);
    case 'AArch64':
    case 'X86_64':
    case 'X86':
      return parseAssemblyLayout(layout);
    default: {
      const { dialect, dialectSpan } = layout;
      const hint =
        didYouMean(dialect, dialects) ?? `the first word of the file is one of ${dialects.join(', ')}`;
      const message = `unknown dialect \`${dialect}\``;
      return { value: null, diagnostics: [errorAt(dialectSpan, 'unknown-dialect', message, { hint })] };
    }
  }
}
