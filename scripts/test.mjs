#!/usr/bin/env node
import './node-version.mjs'
import { parseArgs } from 'node:util'
import { lanes, presentLanes, runLane } from './lanes.mjs'
import { endLeftovers, marking } from './leftovers.mjs'
import { provide } from './provide.mjs'
import { secondsSince } from './run.mjs'
import { setUp } from './setup.mjs'
import { tools } from './tools.mjs'

const { lane: named, 'require-all': requireAll } = readArguments()
const color = process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' }

function readArguments() {
  try {
    const { values } = parseArgs({
      options: { lane: { type: 'string', multiple: true }, 'require-all': { type: 'boolean' } },
    })
    const unknown = values.lane?.find((name) => !lanes.some((lane) => lane.name === name))
    if (unknown)
      throw new Error(`There is no lane '${unknown}': ${lanes.map(({ name }) => name).join(', ')}.`)
    return { ...values, 'require-all': values['require-all'] ?? process.env.LUCREE_REQUIRE_LANES === 'all' }
  } catch (error) {
    console.error(`${error.message}\nusage: npm test -- [--lane NAME]... [--require-all]`)
    process.exit(2)
  }
}

/** What a lane needs of the machine, looked for with the variables that it gets: true, or more of them. */
async function foundFor({ tool }, env) {
  if (!tool) return true
  Object.assign(process.env, env)
  return tool.found()
}

/** A lane once for each engine that was provided for it. */
function runsOf(lane, { env, engines }) {
  const each = lane.tool === tools.engine ? Object.entries(engines) : []
  if (each.length === 0) return [[lane, env]]
  return each.map(([engine, more]) => [
    { ...lane, title: `${lane.name} on ${engine}` },
    { ...env, ...more },
  ])
}

/** Runs a lane, says how it went in one line, and with all of its output when it failed. */
async function test(lane, { live, env }) {
  const began = performance.now()
  const found = await foundFor(lane, env)
  if (!found) {
    const required = requireAll && (lane.tool.canBeHad?.() ?? true)
    const count = { passed: 0, failed: required ? 1 : 0, skipped: required ? 0 : 1 }
    return report(
      lane,
      { ...count, output: '' },
      `${required ? 'failed' : 'skipped'}: ${lane.tool.name} isn't here`,
      began,
    )
  }
  const result = await runLane(lane, {
    live,
    env: { ...color, ...env, ...(found === true ? {} : found), ...marking(lane.name) },
  })
  const left = await endLeftovers(lane.name)
  if (left.length > 0) {
    result.failed += 1
    result.output += `\nProcesses that the lane left running (ended now):\n  ${left.join('\n  ')}\n`
  }
  return report(lane, result, result.failed > 0 ? 'failed' : 'passed', began)
}

function report({ name, title = name }, { output, ...count }, verdict, began) {
  const seconds = secondsSince(began)
  if (count.failed > 0 && output)
    console.log(`${'─'.repeat(40)} ${title}\n${output.trimEnd()}\n${'─'.repeat(40)}`)
  console.log(`${title}: ${verdict}, ${seconds}`)
  return { name: title, verdict, seconds, ...count }
}

function summarise(results) {
  const width = Math.max(...results.map(({ name }) => name.length))
  const rows = results.map(
    ({ name, passed, failed, skipped, seconds, verdict }) =>
      `  ${name.padEnd(width)}  ${String(passed).padStart(6)}  ${String(failed).padStart(6)}  ${String(skipped).padStart(7)}  ${seconds.padStart(8)}  ${verdict}`,
  )
  const sum = (key) => results.reduce((total, result) => total + result[key], 0)
  const skipped = sum('skipped')
  console.log(`\n  ${'lane'.padEnd(width)}  passed  failed  skipped      time\n${rows.join('\n')}\n`)
  console.log(`${sum('passed')} passed, ${sum('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
  return sum('failed') === 0
}

await setUp()
const chosen = presentLanes().filter(({ name }) => named === undefined || named.includes(name))
const provided = requireAll ? await provide(chosen) : { env: {}, engines: {}, close: async () => undefined }
const results = []
try {
  const live = chosen.length === 1
  // The two checks of the code's form take one core each, and neither measures time.
  const [together, oneByOne] = [chosen.filter(({ npm }) => npm), chosen.filter(({ npm }) => !npm)]
  results.push(...(await Promise.all(together.map((lane) => test(lane, { live, env: provided.env })))))
  for (const lane of oneByOne)
    for (const [run, env] of runsOf(lane, provided)) results.push(await test(run, { live, env }))
} finally {
  await provided.close()
}
process.exit(summarise(results) ? 0 : 1)
