import { readFile } from 'node:fs/promises'
import { Sensitive } from '../config/sensitive.ts'
import { isSecretName, propertyValue } from '../config/secret-name.ts'
import { checkVariableName, checkVariableValue } from '../config/variables.ts'
import type { Progress } from '../deploy/progress.ts'
import { UsageError } from '../errors.ts'
import type { Screen } from '../report/screen.ts'
import { askSecretTwice } from './ask-secret.ts'
import { generateSecret } from './generate-secret.ts'
import { shellQuote } from './shell-quote.ts'

/** What `env set` was given: words of the command line, and where values without one come from. */
export interface VariableWords {
  /** `NAME` or `NAME=VALUE`. */
  words: string[]
  fromFile: string | undefined
  generate: boolean
  /** Names that the project file declares secret. */
  secret: (name: string) => boolean
}

interface Surroundings {
  screen: Screen
  progress: Progress
  signal: AbortSignal
}

/** No property can be longer (4,096 bytes in all); more than this is not a value but a mistake. */
const MOST_INPUT_BYTES = 1024 * 1024

/** Reads every value that was asked for, checks that Beanstalk can carry it, and says what was done to it. */
export async function readVariables(
  given: VariableWords,
  around: Surroundings,
): Promise<Map<string, Sensitive>> {
  const values = new Map<string, Sensitive>()
  const bare: string[] = []
  for (const word of given.words) {
    const at = word.indexOf('=')
    const name = at < 0 ? word : word.slice(0, at)
    checkVariableName(name)
    if (values.has(name) || bare.includes(name)) throw twice(name)
    if (at < 0) bare.push(name)
    else if (given.generate || given.fromFile !== undefined) throw twoValues(name)
    else values.set(name, inline(name, word.slice(at + 1), given, around))
  }
  for (const name of bare) values.set(name, await valueOf(name, bare, given, around))
  for (const [name, value] of values) checkVariableValue(name, value)
  return values
}

function inline(
  name: string,
  value: string,
  { secret }: VariableWords,
  { progress }: Surroundings,
): Sensitive {
  const isSecret = secret(name) || isSecretName(name)
  if (!isSecret) return propertyValue(name, value)
  progress.emit({
    kind: 'warning',
    message: `The value of ${name} is in your shell's history now: lucree env set ${name} asks for it instead`,
  })
  return new Sensitive(value)
}

async function valueOf(
  name: string,
  bare: string[],
  given: VariableWords,
  around: Surroundings,
): Promise<Sensitive> {
  if (given.generate) return generateSecret()
  if (bare.length > 1 && (given.fromFile !== undefined || !around.screen.interactive)) throw oneByOne(bare)
  if (given.fromFile !== undefined) {
    return decode(name, await fileBytes(given.fromFile), `cat ${shellQuote(given.fromFile)}`, around)
  }
  if (around.screen.interactive) return askSecretTwice(name, around.screen, around.signal)
  return decode(name, await inputBytes(around.signal), 'COMMAND', around)
}

/** UTF-8, less one newline at the end: what `echo` and editors add. What `again` tells reads the same bytes once more. */
function decode(name: string, bytes: Buffer, again: string, { progress }: Surroundings): Sensitive {
  const text = utf8(name, bytes, again)
  if (text.startsWith(BYTE_ORDER_MARK)) throw marked(name, again)
  const trimmed = text.replace(/\r?\n$/, '')
  if (trimmed !== text)
    progress.emit({ kind: 'note', message: `One newline at the end of ${name} was left out` })
  if (trimmed.trim() !== trimmed) {
    progress.emit({ kind: 'warning', message: `${name} begins or ends with white space, which is kept` })
  }
  return new Sensitive(trimmed)
}

const BYTE_ORDER_MARK = '\uFEFF'

/** Nobody types one, and no editor shows it: it is a byte of the program that wrote the file, and an application would take it for a part of the value. */
function marked(name: string, again: string): UsageError {
  return new UsageError(`${name} can't be set: its value begins with a byte order mark`, {
    code: 'LUC-USAGE-VALUE-BOM',
    why: 'editors and shells of Windows write these three bytes at the start of a file, and the application would get them as a part of the value',
    hints: [
      `${again} | tail -c +4 | lucree env set ${name}   # without the mark`,
      `lucree env set "${name}=$(${again})"   # with the mark, if you want it`,
    ],
  })
}

/** UTF-16 as PowerShell's `>` writes it, in either order. */
const isUtf16 = (bytes: Buffer): boolean => /^(fffe|feff)/.test(bytes.toString('hex', 0, 2))

function utf8(name: string, bytes: Buffer, again: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new UsageError(`${name} can't be set: its value is not UTF-8`, {
      code: 'LUC-USAGE-VALUE-UTF8',
      why: isUtf16(bytes)
        ? 'it is UTF-16, as PowerShell’s > writes it'
        : 'Beanstalk keeps properties as text',
      hints: isUtf16(bytes)
        ? [`${again} | iconv -f UTF-16 -t UTF-8 | lucree env set ${name}`]
        : [`base64 -w0 FILE | lucree env set ${name}   # and let the application decode it`],
      cause,
    })
  }
}

async function fileBytes(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw new UsageError(`${path} can't be read`, {
      code: 'LUC-USAGE-VALUE-FILE',
      why: FILE_PROBLEMS[(cause as NodeJS.ErrnoException).code ?? ''] ?? (cause as Error).message,
      hints: ['name a file that holds the value and nothing else: --from-file <path>'],
      cause,
    })
  }
}

const FILE_PROBLEMS: Record<string, string> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a directory',
  EACCES: 'permission is denied',
}

/** All of standard input. */
async function inputBytes(signal: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  const stop = () => process.stdin.destroy()
  signal.addEventListener('abort', stop, { once: true })
  try {
    for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes > MOST_INPUT_BYTES) throw tooMuch()
    }
  } finally {
    signal.removeEventListener('abort', stop)
  }
  signal.throwIfAborted()
  return Buffer.concat(chunks)
}

function tooMuch(): UsageError {
  return new UsageError('Standard input holds more than a value can have', {
    code: 'LUC-USAGE-VALUE-SIZE',
    why: 'all properties of an environment have 4,096 bytes together',
  })
}

function twice(name: string): UsageError {
  return new UsageError(`${name} is named twice`, {
    code: 'LUC-USAGE-VARIABLE-TWICE',
    hints: [`lucree env set ${name}`],
  })
}

function twoValues(name: string): UsageError {
  return new UsageError(`${name} is given two values`, {
    code: 'LUC-USAGE-VALUE-TWICE',
    why: 'one stands on the command line, and --generate or --from-file makes another',
    hints: [`lucree env set ${name} --generate`, `lucree env set ${name}`],
  })
}

function oneByOne(names: string[]): UsageError {
  return new UsageError(`${names.join(' and ')} can't share one value`, {
    code: 'LUC-USAGE-VALUE-SHARED',
    why: 'a file or standard input holds one value',
    hints: [`lucree env set ${names[0]}`, `lucree env set ${names.join(' ')} --generate`],
  })
}
