import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type IssuerProfile, parseIssuerProfile } from '@wegwijzer/issuer'
import { type Policy, parsePolicy } from '@wegwijzer/trust/policy'
import { parseVerifierProfile, type VerifierProfile } from '@wegwijzer/verifier'
import { SetupError } from './setup-error.ts'

/** An organisation that asks, as its files describe it. */
export interface VerifierFiles {
  readonly profile: VerifierProfile
  readonly policies: readonly Policy[]
}

const ROOT = join(import.meta.dirname, '../..')

/** The organisations that come with the project and issue: `issuer/profiles/<organisation>.json`. */
export function readDemoIssuers(): readonly IssuerProfile[] {
  return readFolder(join(ROOT, 'issuer/profiles'), parseIssuerProfile)
}

/** Those that ask: `verifier/profiles/<organisation>.json` and `verifier/policies/<organisation>/<policy>.json`. */
export function readDemoVerifiers(): readonly VerifierFiles[] {
  return readFolder(join(ROOT, 'verifier/profiles'), parseVerifierProfile).map((profile) => ({
    profile,
    policies: readPolicies(join(ROOT, 'verifier/policies', profile.id)),
  }))
}

/** @throws {SetupError} naming the file that is not as it should be. */
export function readPolicies(folder: string): readonly Policy[] {
  return readFolder(folder, parsePolicy)
}

/**
 * @param parse Throws for what is not as it should be; its message becomes part of ours.
 * @throws {SetupError} naming the file.
 */
export function readProfileFile<T>(file: string, parse: (value: unknown) => T): T {
  try {
    return parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    throw new SetupError(`${file}: ${error instanceof Error ? error.message : 'cannot be read'}`, { cause: error })
  }
}

function readFolder<T>(folder: string, parse: (value: unknown) => T): readonly T[] {
  return listFolder(folder).map((name) => readProfileFile(join(folder, name), parse))
}

function listFolder(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort()
  } catch (error) {
    throw new SetupError(`${folder} cannot be read`, { cause: error })
  }
}
