/**
 * Names of the ignore files that BuildKit looks for beside a Dockerfile of this name; the first that is there counts alone, the others are
 * not read. (BuildKit of Docker 26.1.5. The classic builder reads `.dockerignore` only.)
 */
export const ignoreFileNames = (dockerfile = 'Dockerfile'): readonly string[] => [
  `${dockerfile}.dockerignore`,
  '.dockerignore',
]
