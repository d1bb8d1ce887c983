/** Names that Beanstalk accepts for an environment property: its guide's characters, of which `=` and blanks are none. */
export const variableNameRule = /^[A-Za-z0-9_.:/+\\@-]{1,128}$/
