import type { Plugin } from 'vitest/config';

export function testCommandPlugin(): Plugin;
