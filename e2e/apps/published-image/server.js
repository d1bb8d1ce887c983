const { createServer } = require('node:http')

const server = createServer((request, response) => {
  response.setHeader('content-type', 'text/plain; charset=utf-8')
  response.end('an image that was built elsewhere\n')
})
server.listen(8000, () => console.log('listening on port 8000'))
process.on('SIGTERM', () => server.close())
