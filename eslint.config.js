import js from '@eslint/js'
import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'
import { boundaries } from './scripts/lint/boundaries.js'
import { guard } from './scripts/lint/edges.js'
import { roomNames } from './scripts/lint/room-names.js'

const nodeGlobals = [
  'process',
  'console',
  'setTimeout',
  'clearTimeout',
  'Buffer',
  'URL',
  'AbortSignal',
  'AbortController',
  'fetch',
  'performance',
]

export default defineConfig(
  globalIgnores(['**/dist/', '**/coverage/', '.cache/', '.nx/', 'e2e/apps/', '**/fixtures/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    plugins: { lucree: { rules: { boundaries, 'room-names': roomNames } } },
    rules: {
      'lucree/boundaries': 'error',
      'lucree/room-names': 'error',
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'] }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: { globals: Object.fromEntries(nodeGlobals.map((name) => [name, 'readonly'])) },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/only-throw-error': ['error', { allowThrowingUnknown: true }],
      '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowThrowingUnknown: true }],
      // A method that keeps a promise's contract may have nothing to wait for.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    // Documents that came over a wire, and expect.any(): a test looks at them without a schema.
    files: ['packages/*/test/**/*.ts', 'e2e/**/*.ts', 'test/**/*.ts'],
    rules: Object.fromEntries(
      ['assignment', 'member-access', 'argument', 'return'].map((kind) => [
        `@typescript-eslint/no-unsafe-${kind}`,
        'off',
      ]),
    ),
  },
  {
    files: ['packages/*/src/**/*.ts'],
    rules: { 'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }] },
  },

  // Invariants 3 to 5 of ARCHITECTURE.md: the edges that a place may *not* touch. The last entry that matches a file counts.
  guard(['packages/api/src/**'], 'environment', 'exit', 'terminal'),
  guard(['packages/api/src/config/**'], 'exit', 'terminal'),
  guard(['packages/api/src/main.ts']),
  guard(['packages/docker-context/src/**'], 'environment', 'exit', 'terminal', 'time', 'network'),
  guard(['packages/emulator/src/**'], 'environment', 'exit', 'terminal', 'time'),
  guard(['packages/emulator/src/main.ts'], 'time'),
  guard(['packages/emulator/src/clock.ts'], 'environment', 'exit', 'terminal'),
  guard(['packages/deployer/src/**'], 'environment', 'exit', 'terminal', 'time'),
  guard(['packages/deployer/src/{config,cli}/**'], 'exit', 'terminal', 'time'),
  guard(['packages/deployer/src/report/**'], 'environment', 'exit', 'time'),
  guard(
    ['packages/deployer/src/{bundle,diagnose}/**', 'packages/deployer/src/deploy/plan.ts'],
    'environment',
    'exit',
    'terminal',
    'time',
    'network',
  ),
  guard(['packages/deployer/src/clock.ts'], 'environment', 'exit', 'terminal'),
)
