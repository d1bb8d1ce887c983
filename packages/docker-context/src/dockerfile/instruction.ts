/** One `--name=value`. A flag without `=` has the value `true`. */
export interface Flag {
  name: string
  value: string
  /** Whether there was no `=`. */
  bare: boolean
}

/** Text that follows an instruction of RUN, COPY or ADD: `<<EOF` … `EOF`. */
export interface Heredoc {
  name: string
  /** The lines as they are, with their ends. */
  content: string
  /** False when the name is quoted: COPY and ADD then don't expand variables in it. */
  expand: boolean
  /** `<<-`: tabs at the beginning of each line don't count. */
  chomp: boolean
}

/** One instruction of a Dockerfile, its continued lines joined and its comments removed. */
export interface Instruction {
  /** In upper case: `RUN`. */
  keyword: string
  /** Counted from 1. */
  line: number
  /** The last line, heredocs included. */
  endLine: number
  /** The whole instruction on one line, as a builder prints it. */
  text: string
  flags: readonly Flag[]
  /** All that follows the keyword and its flags. */
  args: string
  /**
   * The arguments as this instruction divides them, unexpanded, with their quotes: ENV and LABEL name and value by turns, HEALTHCHECK its
   * type and the command, USER, WORKDIR and the shell forms one word.
   */
  words: readonly string[]
  /** The exec form's strings (HEALTHCHECK: those after CMD); undefined in the shell form. */
  json: readonly string[] | undefined
  heredocs: readonly Heredoc[]
  /** What an ONBUILD holds. */
  trigger: Instruction | undefined
}

/** A file's instructions and what its first lines say about reading them. */
export interface Dockerfile {
  /** `\`, or what the `escape` directive says. */
  escape: string
  /** The frontend that the file asks for; its grammar may be newer than the one that is known here. */
  syntax: { line: number; value: string } | undefined
  instructions: readonly Instruction[]
  /** What a builder accepts and warns about. */
  warnings: readonly { line: number; message: string }[]
}
