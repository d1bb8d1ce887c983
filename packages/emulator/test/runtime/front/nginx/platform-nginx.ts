import { execFile, spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** nginx.conf of the Docker platform as it is on an instance (Amazon Linux 2 and 2023), with addresses and files that a test can have. */
const configuration = (dir: string, port: number, application: number) => `
daemon off;
worker_processes 1;
pid ${dir}/nginx.pid;
error_log ${dir}/error.log;
events { worker_connections 1024; }
http {
  default_type application/octet-stream;
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${dir}/${kind};`).join(' ')}
  include ${dir}/conf.d/*.conf;
  upstream docker { server 127.0.0.1:${application}; keepalive 256; }
  map $http_upgrade $connection_upgrade { default "upgrade"; }
  server {
    listen 127.0.0.1:${port} default_server;
    gzip on;
    gzip_comp_level 4;
    gzip_types text/plain text/css application/json application/x-javascript text/xml application/xml application/xml+rss text/javascript;
    location / {
      proxy_pass http://docker;
      proxy_http_version 1.1;
      proxy_set_header Connection $connection_upgrade;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Host $host;
      proxy_set_header X-Real-IP $remote_addr;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    }
  }
}
`

/** Whether this machine has nginx. */
export async function hasNginx(): Promise<boolean> {
  return promisify(execFile)('nginx', ['-v'], { timeout: 10_000 }).then(
    () => true,
    () => false,
  )
}

/** Starts nginx before an application that listens on `application`; `more` is what a bundle has in .platform/nginx/conf.d. */
export async function startNginx(
  application: number,
  more = '',
): Promise<{ port: number; close: () => Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'lucree-nginx-'))
  const port = await freePort()
  await mkdir(join(dir, 'conf.d'))
  await writeFile(join(dir, 'conf.d', 'bundle.conf'), more)
  await writeFile(
    join(dir, 'nginx.conf'),
    `user ${process.getuid?.() === 0 ? 'root' : 'nobody'};${configuration(dir, port, application)}`,
  )
  const nginx = spawn('nginx', ['-p', dir, '-c', join(dir, 'nginx.conf')], { stdio: 'ignore' })
  const exited = new Promise<void>((resolve) => nginx.once('exit', () => resolve()))
  for (let look = 0; look < 200 && !(await listens(port)); look++)
    await new Promise((resolve) => setTimeout(resolve, 25))
  const close = async () => {
    nginx.kill('SIGTERM')
    await exited
    await rm(dir, { recursive: true, force: true })
  }
  return { port, close }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.once('close', () => resolve(false))
    socket.unref()
    socket.once('connect', () => socket.destroy())
  })
}
