const { createServer } = require('node:http')

const server = createServer((request, response) => {
  response.setHeader('content-type', 'text/plain; charset=utf-8')
  response.end('the port comes from Dockerrun.aws.json\n')
})
server.listen(3000, () => console.log('listening on port 3000'))
process.on('SIGTERM', () => server.close())
