/** Words of a Dockerrun `Entrypoint` or `Command`, which is a shell's text without a shell: quotes group, nothing is expanded. */
export function splitCommand(text: string): string[] {
  const words = text.match(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g) ?? []
  return words.map((word) => word.replace(/"([^"]*)"|'([^']*)'/g, '$1$2'))
}
