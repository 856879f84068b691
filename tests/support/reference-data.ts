import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe } from 'vitest'

/** Fixtures and test vectors of others stand beside the checkout and are never copied into it. */
const REFERENCE_DATA = new URL('../../../shared/data/', import.meta.url)

export const hasReferenceData = existsSync(REFERENCE_DATA)

/** A suite over the reference data: skipped, by name and counted, where that folder is absent. */
export const describeWithReferenceData = describe.skipIf(!hasReferenceData)

/** @param path Relative to the reference data. */
export function referencePath(path: string): string {
  return fileURLToPath(new URL(path, REFERENCE_DATA))
}

export function readReferenceText(path: string): string {
  return readFileSync(referencePath(path), 'utf8')
}

export function readReferenceJson<T>(path: string): T {
  return JSON.parse(readReferenceText(path)) as T
}
