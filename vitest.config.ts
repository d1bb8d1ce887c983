import { defineConfig } from 'vitest/config'

/** The lanes of DESIGN: a test belongs to the lane that its file name's suffix names, and to `unit` without one. */
const lanes = ['wire', 'differential', 'e2e', 'container', 'browser']
const everywhere = ['packages/*/test', 'e2e', 'test']
const filesOf = (suffix: string) => everywhere.map((root) => `${root}/**/*${suffix}.test.ts`)
const left = ['**/node_modules/**', '**/dist/**', 'e2e/apps/**', '**/fixtures/**']

export default defineConfig({
  ssr: { resolve: { conditions: ['source', 'node', 'import', 'default'] } },
  resolve: { conditions: ['source', 'node', 'import', 'default'] },
  test: {
    // Most tests wait for processes and sockets more than they compute, so no core is left idle for vitest itself.
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: filesOf(''),
          exclude: [...left, ...lanes.map((lane) => `**/*.${lane}.test.ts`)],
          testTimeout: 20_000,
          hookTimeout: 30_000,
        },
      },
      ...lanes.map((lane, order) => ({
        extends: true as const,
        test: {
          name: lane,
          // Test files of the container lane count the containers of the one engine that they share.
          ...(lane === 'container' ? { maxWorkers: 1 } : {}),
          sequence: { groupOrder: order + 1 },
          include: filesOf(`.${lane}`),
          exclude: left,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      })),
    ],
  },
})
