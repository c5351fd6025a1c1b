/** The part of a proof document that shows the model: the axioms and definitions that the argument uses, in the model's own words. */
import type { Derivation } from '../explain/derive.js';
import type { Check, CompiledModel } from '../model/dag.js';
import { bullets, code, fenced, paragraph, plain, sections } from './markdown.js';
import { checkText, excerptsOf } from './model-source.js';

/** `used`: the checks that the argument is about; the others are only named. `lead`: what is to be said of the used ones. */
export function modelSection(
  model: CompiledModel,
  used: readonly Check[],
  derivations: readonly Derivation[],
  lead: string,
): string {
  const axioms = model.checks.filter((check) => !check.flag);
  const isUsed = (check: Check): boolean => used.includes(check);
  const unused = axioms.filter((check) => !isUsed(check)).map(({ name }) => code(name));
  const names = new Set([...used.flatMap(namesAsked), ...derivations.flatMap(namesIn)]);
  return sections([
    '## Model',
    paragraph(
      `${code(model.name)}${titleOf(model)} allows an execution if all of its axioms hold.`,
      `${lead}:`,
    ),
    bullets(axioms.filter(isUsed).map((check) => code(checkText(check)))),
    unused.length === 0 ? null : paragraph(`It does not need ${unused.join(', ')}.`),
    ...excerptsOf(model, used, names).flatMap(({ file, head, parts }) => [
      `From ${code(file.name)}, with its comments, which name the sources:`,
      fenced([...(head === null ? [] : [head]), ...parts].join('\n\n'), 'ocaml'),
    ]),
  ]).trimEnd();
}

function titleOf({ title, name }: CompiledModel): string {
  return title === '' || title === name ? '' : ` ("${plain(title)}")`;
}

/** The names in a check's own text. */
function namesAsked(check: Check): readonly string[] {
  return checkText(check).match(/[A-Za-z_][\w.-]*/g) ?? [];
}

/** The model's names in a derivation. */
function namesIn({ name, parts }: Derivation): readonly string[] {
  return [...(name === null ? [] : [name]), ...parts.flatMap(namesIn)];
}
