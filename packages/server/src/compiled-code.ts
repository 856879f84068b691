import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

/**
 * Has Node keep what it compiles of our code and read it back at the next start, which then takes half of the time. Call it
 * before the program itself is loaded.
 *
 * In the data folder, because who may write there can read the master key anyway. Where it cannot be written, nothing is kept.
 */
export function keepCompiledCode(dataDir: string): void {
  enableCompileCache(join(dataDir, 'compiled-code'))
}
