import { defineConfig } from 'vitest/config';
import { vitePlugin } from './bundling.mjs';
import { testCommandPlugin } from './test-command.mjs';

/** Ends a test that hangs: none may fail because the machine is busy. */
const MOST_MS = 600_000;

export default defineConfig({
  plugins: [vitePlugin(), testCommandPlugin()],
  test: {
    include: ['src/**/*.test.ts'],
    testTimeout: MOST_MS,
    hookTimeout: MOST_MS,
    // Nothing waits for anything outside of the process, so all cores are used.
    maxWorkers: '100%',
    // Files that run one after the other share the modules, and what V8 has compiled of them, which is half of the work: the engine has no
    // state but what it keeps of models and texts, and a test file leaves nothing behind (`--sequence.shuffle.files` shows it).
    isolate: false,
  },
});
