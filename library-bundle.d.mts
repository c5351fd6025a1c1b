import type { Plugin } from 'esbuild';

export const libraryModules: Readonly<Record<string, string>>;
export function bundleLibrary(options: {
  readonly root: string;
  readonly outdir: string;
  readonly plugins: readonly Plugin[];
}): Promise<void>;
