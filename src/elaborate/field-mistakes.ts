/** Fields of structs without a definition that are used, or given a value, under what is likely a wrong name. */
import { type Diagnostic, errorAt } from '../text/diagnostic.js';
import { nearestName } from '../text/suggest.js';
import { showType } from './c-type.js';
import { kernelField, kernelFieldNames } from './kernel-names.js';
import type { SharedObject, SharedObjects } from './shared-objects.js';

type Report = (diagnostic: Diagnostic) => void;

/**
 * Fields that look mistyped. `before` holds the names of the objects' cells that the init block made: one that no thread uses should not
 * resemble one that is used, and one that it does not name should not resemble a field that the kernel has.
 */
export function checkFields(
  objects: SharedObjects,
  initialised: ReadonlySet<SharedObject>,
  used: ReadonlySet<SharedObject>,
  report: Report,
): void {
  for (const object of objects.roots.values()) {
    const { type } = object;
    if (type.kind !== 'struct' || objects.types.find(type.tag) !== null) continue;
    checkMutex(objects, object, used, report);
    const usedNames = [...object.fields].filter(([, field]) => used.has(field)).map(([name]) => name);
    for (const [name, field] of object.fields) {
      const isKnown = kernelFieldNames(type.tag).length > 0 && kernelField(type.tag, name) !== null;
      if (isKnown) continue;
      const near = !used.has(field)
        ? nearestName(name, usedNames)
        : initialised.has(field)
          ? null
          : nearestName(name, kernelFieldNames(type.tag));
      if (near === null) continue;
      const message = used.has(field)
        ? `${showType(type)} has no field \`${name}\` that is known`
        : `no thread uses \`${field.name}\``;
      report(
        errorAt(field.span, 'unknown-field', message, {
          hint: `did you mean \`${near}\`?${used.has(field) ? ' If not, give it a value in the init block' : ''}`,
        }),
      );
    }
  }
}

/** A mutex is locked as a whole: the lock primitives do not see its owner field. */
function checkMutex(
  objects: SharedObjects,
  object: SharedObject,
  used: ReadonlySet<SharedObject>,
  report: Report,
): void {
  const owner = object.fields.get('owner');
  if (owner === undefined || !used.has(owner) || !objects.mutexes.has(object)) return;
  const message = `\`${owner.name}\` is not what mutex_lock() and mutex_unlock() change here: they take the mutex as a whole`;
  report(
    errorAt(owner.span, 'mutex-owner', message, {
      hint: 'write out either the primitives or what they do to the owner',
    }),
  );
}
