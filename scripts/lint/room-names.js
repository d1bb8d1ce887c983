import { relative, sep } from 'node:path'

const attic = new Set(['util', 'utils', 'helper', 'helpers', 'common', 'misc', 'type', 'types'])

/** Refuses files and directories whose name says nothing about what is inside (DESIGN.md §2, invariant 6). */
export const roomNames = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { attic: "'{{name}}' says nothing about what is inside: name it after what it holds." },
  },
  create(context) {
    return {
      Program(node) {
        const names = relative(context.cwd, context.filename)
          .split(sep)
          .map((part) => part.split('.')[0].toLowerCase())
        const name = names.find((part) => attic.has(part))
        if (name) context.report({ node, messageId: 'attic', data: { name } })
      },
    }
  },
}
