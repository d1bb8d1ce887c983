import { getSystemErrorMap } from 'node:util'

/**
 * What this machine's file system or kernel refuses a Dockerfile or a container, as an engine tells it: `mkdir /x: file name too long`. Undefined
 * for any other error, which is nobody's fault but ours. `places` are directories of this machine, whose paths are told from there.
 */
export function engineWords(error: unknown, places: readonly string[]): string | undefined {
  if (!(error instanceof Error)) return undefined
  const { code, errno, syscall, path } = error as NodeJS.ErrnoException
  // A character of code 0, in a name or in an argument.
  if (code === 'ERR_INVALID_ARG_VALUE' && error.message.includes('null bytes')) return 'invalid argument'
  if (errno === undefined || syscall === undefined) return undefined
  const words = getSystemErrorMap().get(errno)?.[1] ?? code
  const place = places.find((directory) => path?.startsWith(directory))
  const inStage = path?.replace(/^.*\/stage-\d+\/root(?=\/|$)/, '')
  const told = place === undefined ? inStage : path?.slice(place.length) || '/'
  return `${syscall.replace(/^spawn.*/, 'exec')}${told === undefined ? '' : ` ${told}`}: ${words}`
}
