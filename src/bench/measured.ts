/**
 * What is measured, as one bundle: loaded by the benchmark's child processes in the way of the command (child-process.ts), so that
 * the times are those that people see.
 */
export { measure } from './measure.js';
export { measurePhases } from './phases.js';
