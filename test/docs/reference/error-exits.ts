import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const sources = fileURLToPath(new URL('../../../packages/deployer/src/', import.meta.url))

/** What the classes of `errors.ts` end a command with. */
const OF_CLASS: Record<string, number> = {
  UsageError: 2,
  PermissionError: 3,
  SourceError: 4,
  PlatformError: 5,
  CloudError: 5,
  TimedOut: 8,
  Interrupted: 130,
  LockHeld: 9,
  LockLost: 9,
  SourceChanged: 4,
}

/** Codes whose place in the source doesn't tell what a command ends with, and what it is. */
const ELSEWHERE: Record<string, number[]> = {
  // `refusal` of account/checks/check.ts, without an exit code of its own.
  'LUC-ACCOUNT': [4],
  // A line of doctor that couldn't be made.
  'LUC-ACCOUNT-CHECK-BROKE': [0],
  'LUC-ACCOUNT-RIGHTS-UNKNOWN': [0],
  // `failure` of aws/profile-problem.ts is a PermissionError.
  'LUC-AWS-NO-PROFILE': [3],
  'LUC-AWS-PROFILE': [3],
  // What keeps a change that its time limit came before.
  'LUC-DEPLOY-STILL-UNDER-WAY': [8],
  // The diagnosis that deploy/conclude.ts gives itself: it has seen the answers.
  'LUC-DEPLOY-UNSTEADY': [6, 7],
  // `exitCodeFor` of deploy/destroy-failures.ts.
  'LUC-DESTROY-LEFT': [3, 5, 8],
  // Why a release in the list has no end: no command fails with it.
  'LUC-RELEASE-ABANDONED': [0],
  // Thrown while a failed change is taken back: it ends as that change, which isn't recovered.
  'LUC-ROLLBACK-TIMEOUT': [7],
  // `refusalOf` of config/variables.ts is thrown as a UsageError.
  'LUC-USAGE-VALUE-CONTROL': [2],
  'LUC-USAGE-VALUE-EMPTY': [2],
  'LUC-USAGE-VALUE-LINES': [2],
  'LUC-USAGE-VALUE-UTF8': [2],
}

/** Every error code of the source with the exit codes that a command ends with, in rising order; 0: it is only told. */
export async function errorExits(): Promise<Map<string, number[]>> {
  const found = new Map(Object.entries(ELSEWHERE).map(([code, exits]) => [code, new Set(exits)]))
  const files = (await readdir(sources, { recursive: true })).filter((file) => file.endsWith('.ts'))
  for (const file of files) {
    const text = await readFile(sources + file, 'utf8')
    for (const [code, exit] of exitsIn(file, text)) {
      if (!(code in ELSEWHERE)) found.set(code, (found.get(code) ?? new Set()).add(exit))
    }
  }
  return new Map(
    [...found].map(([code, exits]) => {
      const ends = [...exits].filter((exit) => exit !== 0 || exits.size === 1)
      return [code, ends.sort((one, other) => one - other)]
    }),
  )
}

function exitsIn(file: string, text: string): [code: string, exit: number][] {
  const found: [string, number][] = []
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) && /^LUC(-[A-Z0-9]+)+$/.test(node.text))
      found.push(...exitsOf(node, file).map((exit) => [node.text, exit] as [string, number]))
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true))
  return found
}

function exitsOf(literal: ts.Node, file: string): number[] {
  // A cause of a failed deploy: taken back, or not.
  if (file.startsWith('diagnose/')) return [6, 7]
  for (let node = literal.parent; !ts.isSourceFile(node); node = node.parent) {
    const exit = exitOf(node)
    if (exit !== undefined) return [exit]
  }
  return []
}

function exitOf(node: ts.Node): number | undefined {
  if (ts.isNewExpression(node)) return OF_CLASS[node.expression.getText()]
  // account/network-problems.ts: a line of doctor, and a deploy's refusal.
  if (ts.isCallExpression(node) && node.expression.getText() === 'failed') return 4
  if (!ts.isObjectLiteralExpression(node)) return undefined
  const own = /\bexitCode: (\d+)/.exec(node.getText())?.[1]
  if (own !== undefined) return Number(own)
  if (/\bstate: 'warning'/.test(node.getText())) return 0
  return /\bstate: 'failed'/.test(node.getText()) ? 4 : undefined
}
