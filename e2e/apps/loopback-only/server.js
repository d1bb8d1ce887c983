import { createServer } from 'node:http'

const server = createServer((request, response) => response.end('reached\n'))
// As on a developer's machine; from outside of the container nobody gets in.
server.listen(8080, '127.0.0.1', () => console.log('ready on http://127.0.0.1:8080'))
process.on('SIGTERM', () => server.close())
