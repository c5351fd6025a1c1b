/**
 * Formats a litmus file: a parsed test printed back in the house style, with its comments.
 *
 * The result is checked before it is given out: it must parse to the same tree, and have the same comments and words.
 * Source of the style: the kernel's Documentation/process/coding-style.rst.
 */
import { assertNever, type Checked, checked, errorAt, invariant } from '../text/diagnostic.js';
import type { SourceFile } from '../text/source.js';
import { removeComments } from './comments.js';
import { type Layout, readLayout } from './layout.js';
import { type LitmusTree, parseLitmus } from './parse.js';
import { printAssemblySource } from './print-assembly-source.js';
import { printC } from './print-c.js';
import { printSketch } from './print-sketch.js';
import { isSameTree } from './same-tree.js';
import { SourceWriter } from './source-writer.js';

function print(layout: Layout, tree: LitmusTree): string {
  const writer = new SourceWriter(layout.source, removeComments(layout.source).comments, 0);
  switch (tree.dialect) {
    case 'C':
      printC(writer, layout, tree);
      break;
    case 'Sketch':
      printSketch(writer, layout, tree);
      break;
    case 'AArch64':
    case 'X86_64':
    case 'X86':
      printAssemblySource(writer, layout, tree);
      break;
    default:
      return assertNever(tree);
  }
  return writer.finish();
}

/** The words of the comments; their order may change where several share a statement. */
function commentWords(source: SourceFile): string {
  const { comments } = removeComments(source);
  const words = comments.map(({ text }) => text.replace(/\s+/g, ' ').trim());
  return words.sort().join('\n');
}

/** A word of the code that is in the source more often than in the printed text: what no tree remembers must not get lost. */
function findLostWord({ withDirectives }: Layout, printed: Layout): string | null {
  const numbers = new Map<string, number>();
  const words = (text: string) => text.matchAll(/(?!not\b)\b\w+/g);
  for (const [word] of words(printed.withDirectives)) numbers.set(word, (numbers.get(word) ?? 0) + 1);
  for (const [word] of words(withDirectives)) {
    const left = numbers.get(word) ?? 0;
    if (left === 0) return word;
    numbers.set(word, left - 1);
  }
  return null;
}

/** What of the source the printed text does not say; null if nothing. */
function findLoss(layout: Layout, tree: LitmusTree, text: string): string | null {
  const { source } = layout;
  const printed = { name: source.name, text };
  const again = parseLitmus(printed).value;
  const layoutAgain = readLayout(printed).value;
  if (again === null || layoutAgain === null || !isSameTree(tree, again)) return 'its meaning would change';
  if (commentWords(source) !== commentWords(printed)) return 'a comment would be lost';
  // A sketch has several spellings for the same.
  const lost = tree.dialect === 'Sketch' ? null : findLostWord(layout, layoutAgain);
  return lost === null ? null : `\`${lost}\` would be lost`;
}

/** The file's text in the house style; or why it has none: the file is no test, or is one that cannot be printed without loss. */
export function formatLitmus(source: SourceFile): Checked<string> {
  const { value: tree, diagnostics } = parseLitmus(source);
  if (tree === null) return { value: null, diagnostics };
  const layout = readLayout(source).value;
  invariant(layout !== null, 'what parses has sections');
  const text = print(layout, tree);
  const loss = text === source.text ? null : findLoss(layout, tree, text);
  if (loss === null) return checked(text, diagnostics);
  const message = `${source.name}: cannot be formatted: ${loss}`;
  const hint = 'please report this file';
  return { value: null, diagnostics: [...diagnostics, errorAt(null, 'cannot-format', message, { hint })] };
}
