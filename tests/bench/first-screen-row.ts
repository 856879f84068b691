import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { buildAppWhenChanged } from '@wegwijzer/wallet-web/build'
import { makeLimitRow, type Row } from './table.ts'

/**
 * What a browser must have before the first screen works: the page, its script and styles, one language, and the worker that
 * knows whether there is a wallet. Gzipped as the wallet host sends it to whoever takes no brotli.
 */
export async function measureFirstScreen(): Promise<readonly Row[]> {
  const folder = join(await buildAppWhenChanged(), 'assets')
  const parts = readdirSync(folder).filter((file) =>
    /^(index-.*\.(js|css)|nl-.*\.js|wallet\.worker-.*\.js)\.gz$/.test(file),
  )
  if (parts.length < 4) throw new Error('the build has other parts than this measures')
  const sizes = parts.map((file) => ({ file, kilobytes: statSync(join(folder, file)).size / 1000 }))
  const later = readdirSync(folder).filter((file) => file.endsWith('.gz') && !parts.includes(file))
  const laterBytes = later.reduce((sum, file) => sum + readFileSync(join(folder, file)).length, 0)
  return [
    makeLimitRow(
      'the wallet in a browser: JavaScript and CSS before the first screen works, gzipped',
      { target: 150, unit: 'kB' },
      sizes.reduce((sum, { kilobytes }) => sum + kilobytes, 0),
      `${sizes.map(({ file, kilobytes }) => `${file.split('-')[0]} ${kilobytes.toFixed(1)}`).join(', ')}; ${(laterBytes / 1000).toFixed(0)} kB come later`,
    ),
  ]
}
