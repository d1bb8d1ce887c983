import { createServer } from 'node:http'

const database = process.env.DATABASE_URL
if (!database) {
  console.error('DATABASE_URL is not set: say where the orders are kept, such as postgres://orders@db/orders')
  process.exit(1)
}

createServer((request, response) => response.end('orders\n')).listen(8080)
