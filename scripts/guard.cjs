// Stops with an explanation where Node is too old. Plain ES5 without imports, so that any Node can read it.
var napi = Number(process.versions.napi)
if (!(napi >= 10)) {
  process.stderr.write(
    'Writ needs Node 24 (at least 22.14); this is Node ' +
      process.versions.node +
      '.\n' +
      '  On Linux and Windows "npm ci" brings Node 24 with it: run commands through "npm run" or "npx" in this folder.\n' +
      '  On macOS install Node 24 (the version is in .nvmrc), for example with "nvm install".\n',
  )
  process.exit(2)
}
