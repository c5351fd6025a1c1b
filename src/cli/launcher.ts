#!/usr/bin/env node
/** What `fencepost` starts. CommonJS in the build: Node starts it some milliseconds faster. */
import { loadCommand } from './load-command.js';

void loadCommand(import.meta.url).command.main();
