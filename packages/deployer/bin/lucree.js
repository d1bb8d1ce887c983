#!/usr/bin/env node
// Old syntax on purpose: a Node that is too old must be able to read this file to say that it is.
var needed = '20.19.0'

/** Whether version `a` is below version `b`; both are three numbers with dots. */
function isOlder(a, b) {
  var left = a.split('.')
  var right = b.split('.')
  for (var i = 0; i < 3; i++) {
    var difference = parseInt(left[i], 10) - parseInt(right[i], 10)
    if (difference !== 0) return difference < 0
  }
  return false
}

/** Compiled code of lucree's own files is kept between runs where Node can (22.1 and later): a fifth of the start-up time. */
function keepCompiledCode() {
  var nodeModule = process.getBuiltinModule ? process.getBuiltinModule('module') : undefined
  if (nodeModule && nodeModule.enableCompileCache) nodeModule.enableCompileCache()
}

var isDone = false

/** A command that nothing drives on any more, though it has not ended, must not pass for a success. */
function refuseSilentEnd() {
  process.on('exit', function () {
    if (isDone) return
    console.error('Error: lucree has a bug: it stopped before its work was done. [LUC-BUG]')
    process.exitCode = 1
  })
}

/**
 * Ends the process once standard output has taken everything: open sockets must not keep a finished command alive. A result that could not be
 * written (a full disk) is no success; a reader that went away (`| head`) had enough.
 */
function leave(code) {
  isDone = true
  process.stdout.write('', function (error) {
    if (error && error.code !== 'EPIPE' && code === 0) {
      console.error(
        'Error: Standard output could not be written: ' + error.message + '. [LUC-MACHINE-OUTPUT]',
      )
      process.exit(5)
    }
    process.exit(code)
  })
}

if (isOlder(process.versions.node, needed)) {
  console.error('lucree needs Node ' + needed + ' or newer; this is Node ' + process.versions.node + '.')
  process.exit(2)
} else {
  keepCompiledCode()
  refuseSilentEnd()
  import('../dist/main.js').then(
    function (program) {
      program.main(process.argv.slice(2)).then(leave)
    },
    function (error) {
      isDone = true
      console.error(
        'lucree could not be loaded: ' + error.message + ' (in a checkout, run `npm run build` first)',
      )
      process.exit(1)
    },
  )
}
