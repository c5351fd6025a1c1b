/** Modules that the bundler makes from language files; see bundling.mjs. */
declare module '*.ohm' {
  export const grammar: import('ohm-js').Grammar;
}
declare module '*.cat' {
  export const text: string;
}
