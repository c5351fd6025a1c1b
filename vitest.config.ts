import { defineConfig } from 'vitest/config';
import { vitePlugin } from './bundling.mjs';

export default defineConfig({
  plugins: [vitePlugin()],
  // Nothing waits for anything outside of the process, so all cores are used.
  test: { include: ['src/**/*.test.ts'], testTimeout: 30_000, maxWorkers: '100%' },
});
