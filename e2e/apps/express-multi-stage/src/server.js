import { hostname } from 'node:os'
import express from 'express'
import { notes } from './notes.js'

const app = express()
app.disable('x-powered-by')
app.use(express.json({ limit: '10kb' }))

app.get('/', (request, response) => {
  response.json({ name: 'notes', greeting: process.env.GREETING ?? 'hello', host: hostname() })
})
app.get('/health', (request, response) => response.json({ status: 'ok' }))
app.use('/notes', notes())
app.use('/pages', express.static(new URL('../pages', import.meta.url).pathname))

const server = app.listen(Number(process.env.PORT ?? 3000), () => {
  console.log(`notes listens on port ${server.address().port}`)
})
process.on('SIGTERM', () => server.close())
