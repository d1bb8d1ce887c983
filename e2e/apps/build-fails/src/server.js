import { createServer } from 'node:http'
import { routes } from './routes.js'

createServer(async (request, response) => {
  const file = routes[request.url]
  if (!file) return response.writeHead(404).end()
  const { default: handle } = await import(`./${file}`)
  return handle(request, response)
}).listen(8080)
