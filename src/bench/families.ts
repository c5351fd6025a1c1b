/** All benchmark families, in the order of the report. */
import { invariant } from '../text/diagnostic.js';
import { familiesAsm } from './families-asm.js';
import { familiesC } from './families-c.js';
import { familiesLocks } from './families-locks.js';
import { familiesRcu } from './families-rcu.js';
import { type Family, familyId } from './family.js';

export const families: readonly Family[] = [...familiesC, ...familiesLocks, ...familiesRcu, ...familiesAsm];

export function familyNamed(id: string): Family {
  const family = families.find((known) => familyId(known) === id);
  invariant(family !== undefined, `no benchmark family \`${id}\``);
  return family;
}
