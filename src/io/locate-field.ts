/** Where a field of a project file stands: exactly in JSON; in code, where its names come one after the other, which is a guess. */
import { findNodeAtLocation, getNodeValue, type Node, type ParseError, parseTree } from 'jsonc-parser';
import type { LocateField } from '../check/config-schema.js';
import { type Checked, checked, errorAt } from '../text/diagnostic.js';
import { type SourceFile, spanOf } from '../text/source.js';
import { wordsOf } from './strict-json.js';

export interface LocatedData {
  readonly data: unknown;
  readonly locate: LocateField;
}

function repeatedKeys(node: Node): Node[] {
  const children = node.children ?? [];
  const below = children.flatMap(repeatedKeys);
  if (node.type !== 'object') return below;
  const seen = new Set<unknown>();
  const twice = children.flatMap(({ children: pair }) => {
    const key = pair?.[0];
    if (key === undefined) return [];
    if (seen.has(key.value)) return [key];
    seen.add(key.value);
    return [];
  });
  return [...twice, ...below];
}

/** JSON, with comments and a comma too many, as editors take it. */
export function readLocatedJson(source: SourceFile): Checked<LocatedData> {
  try {
    return readJson(source);
  } catch (error) {
    // The library recurses.
    if (!(error instanceof RangeError)) throw error;
    const start = Math.max(0, source.text.search(/[[{]/));
    const message = 'this is nested too deeply to be read';
    return { value: null, diagnostics: [errorAt(spanOf(source, start, start + 1), 'too-deep', message)] };
  }
}

function readJson(source: SourceFile): Checked<LocatedData> {
  const errors: ParseError[] = [];
  const root = parseTree(source.text, errors, { allowTrailingComma: true });
  const spanAt = (offset: number, length: number) => {
    const start = Math.min(offset, Math.max(0, source.text.length - 1));
    return spanOf(source, start, Math.min(source.text.length, start + Math.max(1, length)));
  };
  const [first] = errors;
  if (first !== undefined || root === undefined) {
    const message = first === undefined ? 'this file is empty' : `this is not JSON: ${wordsOf(first)}`;
    const span = first === undefined ? spanAt(0, 1) : spanAt(first.offset, first.length);
    return { value: null, diagnostics: [errorAt(span, 'project-file', message)] };
  }
  const twice = repeatedKeys(root).map(({ offset, length, value }) =>
    errorAt(spanAt(offset, length), 'project-file', `the field \`${String(value)}\` is there twice`),
  );
  const locate: LocateField = (path, part) => {
    const names = path.map((name) => (typeof name === 'number' ? name : String(name)));
    const node = findNodeAtLocation(root, names);
    const found = part === 'name' ? (node?.parent?.children?.[0] ?? node) : node;
    return found === undefined ? null : spanAt(found.offset, found.length);
  };
  return checked({ data: getNodeValue(root), locate }, twice);
}

function quoted(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** In code: each name of the path behind the one before it, in quotes or not, with a colon; null if one is not to be found. */
export function locateInCode(source: SourceFile): LocateField {
  return (path) => {
    let from = 0;
    let span = null;
    for (const part of path) {
      if (typeof part === 'number') continue;
      const name = quoted(String(part));
      const key = new RegExp(`(?<![\\w$'"\`])(?:'${name}'|"${name}"|\`${name}\`|${name})(?=\\]?\\s*:)`, 'g');
      key.lastIndex = from;
      const match = key.exec(source.text);
      if (match === null) return span;
      from = match.index + match[0].length;
      span = spanOf(source, match.index, from);
    }
    return span;
  };
}
