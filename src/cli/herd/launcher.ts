#!/usr/bin/env node
/** What `fencepost-herd` starts: the same bundle as `fencepost`, at another entrance. */
import { loadCommand } from '../load-command.js';

void loadCommand(import.meta.url).command.herdMain();
