/**
 * Preloaded into the real server process: kills it with SIGKILL in the middle of its n-th change of the file system after SIGUSR2, as a power
 * cut or a kill -9 would. A write is torn: the file is there and holds nothing, or the first half of what was appended.
 */
const fs = require('node:fs')
const { syncBuiltinESMExports } = require('node:module')

const dieAt = Number(process.env.LUCREE_DIE_AT ?? 'Infinity')
// The applications that the server starts are not meant.
delete process.env.LUCREE_DIE_AT
let step
process.on('SIGUSR2', () => (step = 0))

const tears = {
  writeFile: (path) => fs.writeFileSync(path, ''),
  copyFile: (_, path) => fs.writeFileSync(path, ''),
  appendFile: (path, text) => fs.appendFileSync(path, String(text).slice(0, String(text).length / 2)),
}

function beforeChange(name, args) {
  if (step === undefined || ++step !== dieAt) return
  tears[name]?.(...args)
  process.kill(process.pid, 'SIGKILL')
}

const changing = [
  'writeFile',
  'copyFile',
  'appendFile',
  'rename',
  'mkdir',
  'rm',
  'symlink',
  'open',
  'utimes',
  'chmod',
  'truncate',
]
for (const module of [fs, fs.promises]) {
  for (const name of changing) {
    const real = module[name]
    module[name] = function (...args) {
      beforeChange(name, args)
      return real.apply(this, args)
    }
  }
}
syncBuiltinESMExports()
