/** The script of a worker thread: the bundled command again, at its other entrance. */
import { loadCommand } from './load-command.js';

void loadCommand(import.meta.url).command.serveTasks();
