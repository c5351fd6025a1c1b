/**
 * Grammars that are built when they are first used: a run needs one or two of the languages, and building an ohm grammar
 * with its semantics takes some 10 ms from a cold start. The bundler wraps every `.ohm` module in this (bundling.mjs).
 *
 * Behaves as the grammar itself, but that a mistake in an action dictionary shows at first use.
 */
import type { ActionDict, Grammar, MatchResult, Semantics } from 'ohm-js';

function memberOf(target: object, property: string | symbol): unknown {
  const value: unknown = Reflect.get(target, property);
  return typeof value === 'function' ? value.bind(target) : value;
}

/** Definitions are kept until the first match is wrapped, and made in their order then. */
function lazySemantics(grammar: () => Grammar): Semantics {
  const pending: ((semantics: Semantics) => void)[] = [];
  let made: Semantics | null = null;
  const semantics = (): Semantics => {
    made ??= grammar().createSemantics();
    for (const define of pending.splice(0)) define(made);
    return made;
  };
  const define = (kind: 'addOperation' | 'addAttribute', proxy: unknown) => {
    return (name: string, actions: ActionDict<unknown>): unknown => {
      pending.push((real) => void real[kind](name, actions));
      return proxy;
    };
  };
  // The target is a function, for semantics are called with a match.
  return new Proxy((() => {}) as unknown as Semantics, {
    apply: (_target, _self, [match]: [MatchResult]) => semantics()(match),
    get: (_target, property, proxy) =>
      property === 'addOperation' || property === 'addAttribute'
        ? define(property, proxy)
        : memberOf(semantics(), property),
  });
}

export function lazyGrammar(make: () => Grammar): Grammar {
  let made: Grammar | null = null;
  const grammar = (): Grammar => {
    made ??= make();
    return made;
  };
  return new Proxy({} as Grammar, {
    get: (_target, property) =>
      property === 'createSemantics' ? () => lazySemantics(grammar) : memberOf(grammar(), property),
    has: (_target, property) => property in grammar(),
  });
}
