export { cleanCopySource, copyPattern, CopyPatternError, isCopyPattern } from './copy-pattern.ts'
export { ignoreFileNames } from './ignore/ignore-file-names.ts'
