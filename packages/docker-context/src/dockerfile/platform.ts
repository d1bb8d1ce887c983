/** What BuildKit tells of the machines that build and run, as arguments. */
export function platformArguments(platform: string | undefined): Map<string, string | undefined> {
  if (platform === undefined) {
    // Linux in any case; on which processor isn't known.
    return new Map(
      ['BUILD', 'TARGET'].flatMap((side) => [
        [`${side}PLATFORM`, undefined],
        [`${side}OS`, 'linux'],
        [`${side}ARCH`, undefined],
        [`${side}VARIANT`, undefined],
      ]),
    )
  }
  const [os = '', architecture = '', variant = ''] = platform.split('/')
  return new Map(
    ['BUILD', 'TARGET'].flatMap((side) => [
      [`${side}PLATFORM`, platform],
      [`${side}OS`, os],
      [`${side}ARCH`, architecture],
      [`${side}VARIANT`, variant],
    ]),
  )
}

/** What BuildKit says against the value of FROM's `--platform`; undefined when nothing. */
export function checkPlatform(text: string): string | undefined {
  const fault = faultOf(text)
  return fault === undefined ? undefined : `failed to parse platform ${text}: ${fault}`
}

function faultOf(text: string): string | undefined {
  if (text.includes('*')) return `"${text}": wildcards not yet supported: invalid argument`
  const parts = text.split('/')
  const [os = ''] = parts
  if (!/^[A-Za-z0-9_-]+(?:\([A-Za-z0-9_.-]*\))?$/.test(os)) {
    return `"${os}" is an invalid OS component of "${text}": OSAndVersion specifier component must match "^([A-Za-z0-9_-]+)(?:\\\\(([A-Za-z0-9_.-]*)\\\\))?$": invalid argument`
  }
  const bad = parts.slice(1).find((part) => !/^[A-Za-z0-9_-]+$/.test(part))
  if (bad !== undefined) {
    return `"${bad}" is an invalid component of "${text}": platform specifier component must match "^[A-Za-z0-9_-]+$": invalid argument`
  }
  if (parts.length > 3) return `"${text}": cannot parse platform specifier: invalid argument`
  if (parts.length > 1) return undefined
  const known =
    /^(linux|windows|darwin|freebsd|openbsd|netbsd|plan9|solaris|aix|android|dragonfly|illumos|ios|js|nacl|zos|hurd|386|amd64|arm64|arm|armbe|arm64be|i386|x86_64|x86-64|aarch64|armhf|armel|ppc|ppc64|ppc64le|mips|mipsle|mips64|mips64le|mips64p32|mips64p32le|s390|s390x|riscv|riscv64|sparc|sparc64|loong64|amd64p32|wasm|macos)$/i
  return known.test(text)
    ? undefined
    : `"${text}": unknown operating system or architecture: invalid argument`
}
