/**
 * The folder of the command that tests start in processes of its own, as a build lays it out. A run of tests builds it and puts it in the
 * place of this empty path (test-command.mjs).
 */
export const commandFolder: string = '';
