/** `--no-NAME` for each technique of the search: for people who doubt one. */
import type { Argv } from 'yargs';
import { type Techniques, techniqueNames } from '../search/techniques.js';

/** `constrainedFirst` -> `constrained-first`. */
function switchName(technique: keyof Techniques): string {
  return technique.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

const switches = techniqueNames.map((technique) => ({ technique, name: switchName(technique) }));

/** Adds the switches; yargs takes `--no-NAME` for the contrary of NAME. Hidden: `techniqueHelp` says it for all. */
export function addTechniques<T>(command: Argv<T>): Argv<T> {
  for (const { name } of switches) command.option(name, { type: 'boolean', hidden: true, default: true });
  return command;
}

export const techniqueHelp = [
  'For doubters: each switches a technique of the search off; slower, same answers',
  ...wrapNames(switches.map(({ name }) => `--no-${name}`)),
].join('\n');

function wrapNames(names: readonly string[]): string[] {
  const lines: string[] = [];
  for (const name of names) {
    const last = lines.at(-1);
    if (last === undefined || last.length + name.length > 90) lines.push(`  ${name}`);
    else lines[lines.length - 1] = `${last} ${name}`;
  }
  return lines;
}

/** What the command line says of the techniques: those that are switched off. */
export function techniquesFrom(argv: Readonly<Record<string, unknown>>): Partial<Techniques> {
  const off = switches.filter(({ name }) => argv[name] === false);
  return Object.fromEntries(off.map(({ technique }) => [technique, false]));
}
