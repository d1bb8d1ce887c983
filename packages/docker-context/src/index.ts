export { ignoreFileNames } from './ignore/ignore-file-names.ts'
