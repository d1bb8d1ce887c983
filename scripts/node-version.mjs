// Imported first by every entry point. No newer syntax than Node 14 reads, so that the sentence is seen and not a SyntaxError.
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`lucree needs Node 20.19 or newer, and this is Node ${process.versions.node}.`)
  process.exit(2)
}
