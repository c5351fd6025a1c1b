/** What the words of a check say: `acyclic`, `flag`, `undefined_unless` and `assert`. */
import type { CatCheck, CheckRole } from '../syntax/cat-tree.js';
import { spanText } from '../text/source.js';

/** The flag that a failed `undefined_unless` raises, whatever its name: herd's word. */
const undefinedFlag = '*undef*';

/** Whether a check of this role raises its flag when it fails; a flag does when it holds. */
export function raisedIfFalse(role: CheckRole): boolean {
  return role === 'undefined_unless' || role === 'assert';
}

/** Its name, or its text. */
export function checkName({ name, role, span }: CatCheck): string {
  return role === 'undefined_unless' ? undefinedFlag : (name ?? spanText(span).replace(/\s+/g, ' '));
}
