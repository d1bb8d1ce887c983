/** An application that answers `text`, with what it got as GREETING. */
export function answering(
  text: string,
  { port = 8080, listen = 8080, host = '0.0.0.0' } = {},
): Record<string, string> {
  return {
    Dockerfile: `FROM node:24-slim\nWORKDIR /app\nCOPY server.js ./\nEXPOSE ${port}\nCMD ["node", "server.js"]\n`,
    'server.js': `
      const { createServer } = require('node:http')
      createServer((request, response) => {
        const greeting = process.env.GREETING ?? ''
        setTimeout(() => response.end(${JSON.stringify(text)} + greeting), request.url === '/slow' ? 300 : 0)
      }).listen(${listen}, '${host}', () => console.log('listening'))
    `,
  }
}

export function crashing(): Record<string, string> {
  return { ...answering('never'), 'server.js': "console.error('no database'); process.exit(3)" }
}

export function unbuildable(): Record<string, string> {
  return { Dockerfile: 'FROM node:24-slim\nCOPY missing.txt ./\nEXPOSE 8080\nCMD ["node"]\n' }
}
