/**
 * All places of a test that order memory, with what is weaker at each: the base of `barriers`, and of whatever mutates tests.
 *
 * Pure: text in, edits of that text out. The kernel's primitives are known by their rows, so that a test in C or a sketch may also
 * be one that is judged by a user's macro file: only names that it has are proposed.
 */
import { kernelPrimitives, type PrimitiveTable } from '../elaborate/primitive-table.js';
import { type LitmusTree, parseLitmus } from '../syntax/parse.js';
import { type Checked, checked } from '../text/diagnostic.js';
import type { SourceFile } from '../text/source.js';
import { asmSites } from './asm-sites.js';
import { cSites, type SiteOptions } from './c-sites.js';
import type { Change, Site } from './site.js';
import { sketchSites } from './sketch-sites.js';
import { applyEdits } from './text-edit.js';

export const defaultSiteOptions = (macros: PrimitiveTable | null): SiteOptions => ({
  primitives: macros ?? kernelPrimitives(),
  plain: false,
});

export function sitesOf(tree: LitmusTree, options: SiteOptions): readonly Site[] {
  switch (tree.dialect) {
    case 'C':
      return cSites(tree, options);
    case 'Sketch':
      return sketchSites(tree, options);
    default:
      return asmSites(tree);
  }
}

/** The sites of the test in a file, in the order of the file, thread by thread in tables; or why it is no test. */
export function findSites(source: SourceFile, options: SiteOptions): Checked<readonly Site[]> {
  const tree = parseLitmus(source);
  if (tree.value === null) return { value: null, diagnostics: tree.diagnostics };
  return checked(sitesOf(tree.value, options), tree.diagnostics);
}

/** The test with changes made, which must not overlap. */
export function withChanges(source: SourceFile, changes: readonly Change[]): SourceFile {
  return applyEdits(
    source,
    changes.flatMap(({ edits }) => edits),
  );
}
