import { defineConfig } from 'vitest/config';
import { vitePlugin } from './bundling.mjs';

export default defineConfig({
  plugins: [vitePlugin()],
  test: { include: ['src/**/*.test.ts'], testTimeout: 30_000 },
});
