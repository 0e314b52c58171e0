import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['*/test/**/*.test.ts', 'test/**/*.test.ts', 'samples/**/*.test.ts'],
    testTimeout: 60_000,
    maxWorkers: 2,
  },
})
