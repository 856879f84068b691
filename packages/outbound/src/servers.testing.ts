import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import http from 'node:http'
import https from 'node:https'
import net, { type Server } from 'node:net'
import tls from 'node:tls'
import { importNodeSigner, nodeCrypto } from '@wegwijzer/keys/node'
import { encodePem, makeDevelopmentCa, makeLeafCertificate } from '@wegwijzer/keys/x509'

/** A real server on a port of 127.0.0.1 that the system chose. */
export interface TestServer {
  readonly port: number
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  /** How many connections there have been. */
  readonly connections: () => number
  readonly stop: () => Promise<void>
}

export function startHttp(handler: http.RequestListener): Promise<TestServer> {
  return listen(http.createServer(handler))
}

/** Answers 200, and goes on writing white space without an end. */
export function drip(_request: http.IncomingMessage, response: http.ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'application/json' })
  const timer = setInterval(() => response.write(' '), 20)
  response.on('close', () => clearInterval(timer))
}

/** A server that writes whatever it likes as soon as something was asked. */
export function startRaw(answer: (socket: net.Socket) => void): Promise<TestServer> {
  return listen(
    net.createServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () => answer(socket))
    }),
  )
}

/** A server with a certificate for these names; from here on this process trusts the authority that issued it. */
export async function startHttps(dnsNames: readonly string[], handler: http.RequestListener): Promise<TestServer> {
  const now = Math.floor(Date.now() / 1000)
  const caKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const ca = await makeDevelopmentCa({ commonName: 'TLS test root', now, signer: signerOf(caKey), crypto: nodeCrypto })
  const certificate = await makeLeafCertificate({
    ca,
    subject: { commonName: 'TLS test server' },
    publicJwk: signerOf(key).publicJwk,
    sanDnsNames: dnsNames,
    notBefore: now - 60,
    notAfter: now + 3600,
    crypto: nodeCrypto,
  })
  tls.setDefaultCACertificates([...tls.getCACertificates(), encodePem('CERTIFICATE', ca.certificate.der)])
  const pem = key.export({ format: 'pem', type: 'pkcs8' })
  return listen(https.createServer({ key: pem, cert: encodePem('CERTIFICATE', certificate.der) }, handler))
}

/** A server with this certificate, which nobody trusts yet. */
export function startTls(pair: https.ServerOptions, handler: http.RequestListener): Promise<TestServer> {
  return listen(https.createServer(pair, handler))
}

function signerOf(key: KeyObject) {
  return importNodeSigner(key.export({ format: 'der', type: 'pkcs8' }))
}

async function listen(server: Server): Promise<TestServer> {
  const sockets = new Set<net.Socket>()
  let connections = 0
  server.on('connection', (socket) => {
    connections++
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return {
    port: address.port,
    url: `http://127.0.0.1:${address.port}`,
    connections: () => connections,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
