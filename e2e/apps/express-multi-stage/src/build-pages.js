import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { marked } from 'marked'

mkdirSync('pages', { recursive: true })
for (const name of readdirSync('docs')) {
  const page = marked.parse(readFileSync(`docs/${name}`, 'utf8'))
  writeFileSync(`pages/${name.replace(/\.md$/, '.html')}`, `<!doctype html>\n<meta charset="utf-8">\n${page}`)
  console.log(`made pages/${name.replace(/\.md$/, '.html')}`)
}
