import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['*/test/**/*.test.ts', 'test/**/*.test.ts', 'samples/**/*.test.ts'],
    // They run inside of VS Code: npm run test:vscode.
    exclude: ['**/node_modules/**', 'test/vscode/**'],
    testTimeout: 60_000,
    maxWorkers: 2,
  },
})
