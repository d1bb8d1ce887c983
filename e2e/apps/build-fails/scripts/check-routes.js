import { existsSync } from 'node:fs'
import { routes } from '../src/routes.js'

const missing = Object.entries(routes).filter(([, file]) => !existsSync(new URL(`../src/${file}`, import.meta.url)))
for (const [path, file] of missing) console.error(`check-routes: ${path} is served by src/${file}, which does not exist`)
if (missing.length > 0) process.exit(1)
console.log(`check-routes: ${Object.keys(routes).length} routes`)
