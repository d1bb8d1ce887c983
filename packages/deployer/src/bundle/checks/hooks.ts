import { SourceError } from '../../errors.ts'
import type { CheckedSource } from './checked-source.ts'

/** Scripts that the platform runs on the instance. */
const hook = /^\.platform\/(?:config)?hooks\/(?:prebuild|predeploy|postdeploy)\/[^/]+$/

/** Refuses hooks that the instance could not start: `fork/exec …: permission denied` and `no such file or directory`. */
export function checkHooks(source: CheckedSource): void {
  for (const { path, kind, mode } of source.entries) {
    if (kind !== 'file' || !hook.test(path)) continue
    if (mode !== 0o755) {
      throw new SourceError(`${path} is not executable`, {
        code: 'LUC-SOURCE-HOOK-MODE',
        why: 'the platform starts it as a program',
        hints: [`chmod +x ${path} && git update-index --chmod=+x ${path}`],
      })
    }
    refuseCarriageReturns(path, source.textOf(path) ?? '')
  }
}

function refuseCarriageReturns(path: string, text: string): void {
  const lines = text.split('\n')
  const line = lines.findIndex((content) => content.endsWith('\r')) + 1
  if (!text.startsWith('#!') || line === 0) return
  throw new SourceError(`${path}:${line}: the line ends with CRLF`, {
    code: 'LUC-SOURCE-HOOK-CRLF',
    why: 'Linux takes the carriage return for a part of the interpreter’s name or of the command',
    hints: [`sed -i 's/\\r$//' ${path}`, `So that it stays: echo '${path} text eol=lf' >> .gitattributes`],
  })
}
