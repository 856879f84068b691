import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

/** A page for code of ours that runs in a browser, on an origin of its own. */
export interface BrowserPage {
  readonly url: string
  close(): void
}

/**
 * Bundles a module with all it imports, and serves an empty page that runs it.
 *
 * @throws {Error} for what does not bundle.
 */
export async function serveBrowserPage(entry: URL): Promise<BrowserPage> {
  const script = await bundle(fileURLToPath(entry))
  const server = createServer(({ url }, response) => {
    if (url === '/page.js') response.setHeader('content-type', 'text/javascript').end(script)
    else if (url === '/') response.setHeader('content-type', 'text/html').end(HTML)
    else response.writeHead(404).end()
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://localhost:${port}/`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

const HTML =
  '<!doctype html><title>Test</title><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>'

async function bundle(input: string): Promise<string> {
  const built = await build({
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    build: { write: false, target: 'es2022', modulePreload: { polyfill: false }, rolldownOptions: { input } },
  })
  const [output] = Array.isArray(built) ? built : [built]
  const files = output !== undefined && 'output' in output ? output.output : []
  const chunk = files.find((file) => file.type === 'chunk')
  if (files.length !== 1 || chunk?.type !== 'chunk') throw new Error('the page is not one script')
  return chunk.code
}
