import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Policy, parsePolicy } from '@wegwijzer/trust/policy'
import { parseVerifierProfile, type VerifierProfile } from '../organisation/profile.ts'

/** An organisation as the files of a folder describe it. */
export interface ShippedVerifier {
  readonly profile: VerifierProfile
  readonly policies: readonly Policy[]
}

const VERIFIER_FOLDER = join(import.meta.dirname, '../..')

/**
 * The organisations that come with the program: `profiles/<organisation>.json`, and `policies/<organisation>/<policy>.json`
 * for each.
 */
export function readShippedVerifiers(folder = VERIFIER_FOLDER): readonly ShippedVerifier[] {
  return jsonFilesOf(join(folder, 'profiles')).map((file) => {
    const profile = parseVerifierProfile(readJson(file))
    const policies = jsonFilesOf(join(folder, 'policies', profile.id)).map((path) => parsePolicy(readJson(path)))
    return { profile, policies }
  })
}

function jsonFilesOf(folder: string): readonly string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return names.sort().map((name) => join(folder, name))
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'))
}
