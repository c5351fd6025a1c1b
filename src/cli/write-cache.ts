/** The build's last step: runs the command on the files given, warm, and keeps what V8 compiled for it. */
import { writeFileSync } from 'node:fs';
import { loadCommand } from './load-command.js';

const { command, script } = loadCommand(import.meta.url);
const errors: string[] = [];
const terminal = {
  out: () => {},
  err: (text: string) => void errors.push(text),
  width: 80,
  unicode: true,
  colours: { out: false, err: false },
  interactive: false,
};
void command.runCommandLine(['run', ...process.argv.slice(2)], terminal).then((code) => {
  writeFileSync(new URL('./command.cache', import.meta.url), script.createCachedData());
  if (code === 0) return;
  process.stderr.write(`the built command fails (${code}):\n${errors.join('')}`);
  process.exitCode = 1;
});
