import { defineConfig } from 'vitest/config';
import { SeveralClouds } from './test/e2e/several-clouds.ts';

export default defineConfig({
  test: {
    sequence: { sequencer: SeveralClouds },
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 20_000 } },
      {
        test: {
          name: 'local-cloud',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/e2e/global-setup.ts'],
          testTimeout: 240_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
