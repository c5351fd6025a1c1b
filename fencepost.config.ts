/** The project's own tests: `npm run check`. */
import { defineConfig } from './src/check/project-config.js';

export default defineConfig({
  tests: 'litmus',
  baseline: 'litmus/fencepost.baseline',
  requireExpectations: true,
  limits: { timeout: 120 },
});
