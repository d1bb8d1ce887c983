export { cleanCopySource, copyPattern, CopyPatternError, isCopyPattern } from './copy-pattern.ts'
export { ignoreFileNames } from './ignore/ignore-file-names.ts'
export type {
  BuildPlan,
  InlineFile,
  PlannedInstruction,
  PlannedStage,
  PlanOptions,
  Word,
} from './dockerfile/build-plan.ts'
export { DockerfileError } from './dockerfile/dockerfile-error.ts'
export { expandWord } from './dockerfile/expand-word.ts'
export { goQuote } from './dockerfile/go-quote.ts'
export { heredocText } from './dockerfile/heredoc.ts'
export type { Dockerfile, Flag, Heredoc, Instruction } from './dockerfile/instruction.ts'
export { UNKNOWN, type Lookup } from './dockerfile/lexer.ts'
export type { Mount } from './dockerfile/mount.ts'
export { parseDockerfile } from './dockerfile/parse-dockerfile.ts'
export { planBuild } from './dockerfile/plan-build.ts'
export { remoteSourceOf, type RemoteSource } from './dockerfile/remote-source.ts'
export { runForm, type RunForm } from './dockerfile/run-form.ts'
export { splitWords } from './dockerfile/words.ts'
export { isNodeImage, nodeMajorOf } from './node-image.ts'
export { parseIgnoreFile, type IgnoreFile } from './ignore/ignore-file.ts'
export { IgnoreFileError, type IgnoreRule } from './ignore/ignore-lines.ts'
