import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'

const entry = resolve(import.meta.dirname, '../../scripts/node-version.mjs')

/** Loads the check in a Node that says it is another one. */
function checkedBy(version: string) {
  const pretend = `Object.defineProperty(process.versions, 'node', { value: '${version}' }); await import(${JSON.stringify(entry)})`
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', pretend], {
    encoding: 'utf8',
  })
  return { status, stderr }
}

test.each(['12.22.0', '18.20.0', '20.18.1'])('Node %s is refused in one sentence', (version) => {
  expect(checkedBy(version)).toEqual({
    status: 2,
    stderr: `lucree needs Node 20.19 or newer, and this is Node ${version}.\n`,
  })
})

test.each(['20.19.0', '22.0.0', '26.1.0'])('Node %s is taken', (version) => {
  expect(checkedBy(version)).toEqual({ status: 0, stderr: '' })
})
