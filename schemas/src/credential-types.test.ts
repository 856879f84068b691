import { nodeCrypto } from '@wegwijzer/keys/node'
import { type ClaimMetadata, parseTypeMetadata, verifyIntegrity } from '@wegwijzer/protocol/sd-jwt-vc'
import { describe, expect, test } from 'vitest'
import { CREDENTIAL_TYPES, type CredentialType, credentialTypeNamed, findCredentialType } from './credential-types.ts'
import { isMembers, readMembers } from './json-schema.ts'
import { checkClaims } from './schemas.ts'

type Path = readonly (string | number | null)[]

/** Every claim that a schema allows, as the path of SD-JWT VC draft -13 §9.1: objects, arrays, their elements and leaves. */
function pathsOf(schema: unknown, path: Path = []): readonly Path[] {
  if (!isMembers(schema)) return []
  const own = path.length > 0 ? [path] : []
  if (isMembers(schema.properties))
    return [...own, ...Object.entries(schema.properties).flatMap(([name, child]) => pathsOf(child, [...path, name]))]
  return schema.items === undefined ? own : [...own, ...pathsOf(schema.items, [...path, null])]
}

function inText(paths: readonly Path[]): readonly string[] {
  return paths.map((path) => JSON.stringify(path)).toSorted()
}

function claimsOf(type: CredentialType): readonly ClaimMetadata[] {
  return parseTypeMetadata(type.typeMetadataText).claims ?? []
}

/** The members of one skill say the same thing, so they are shown together or not at all. */
const SHOWN_WITH_THEIR_ELEMENT = ['esco_skill_id', 'label_en', 'label_nl'].map((name) => ['skills', null, name])

test('there are the eight types of the product and a demo identity', () => {
  expect(CREDENTIAL_TYPES.map((type) => type.vct)).toEqual([
    'https://wegwijzer.example/types/diploma/1',
    'https://wegwijzer.example/types/vakcertificaat/1',
    'https://wegwijzer.example/types/werkervaring/1',
    'https://wegwijzer.example/types/leerrekening/1',
    'https://wegwijzer.example/types/ww-registratie/1',
    'https://wegwijzer.example/types/scholingsbesluit/1',
    'https://wegwijzer.example/types/inschrijving/1',
    'https://wegwijzer.example/types/baanintentie/1',
    'urn:eudi:pid:nl:1',
  ])
})

test('a type is found by its vct, and by its name', () => {
  expect(findCredentialType('urn:eudi:pid:nl:1')).toBe(credentialTypeNamed('pid'))
  expect(findCredentialType('https://wegwijzer.example/types/diploma/2')).toBeUndefined()
})

test('a published version never changes: another text needs another vct', () => {
  const published = readMembers('published.json')
  expect(Object.fromEntries(CREDENTIAL_TYPES.map((type) => [type.vct, type.typeMetadataIntegrity]))).toEqual(published)
})

describe.each(CREDENTIAL_TYPES.map((type) => [type.name, type] as const))('%s', (name, type) => {
  test('its example may be issued', () => {
    expect(checkClaims(type.vct, type.example)).toEqual([])
  })

  test('its type metadata can be read and is about this type [SD-JWT VC draft -13 §6.2]', () => {
    expect(parseTypeMetadata(type.typeMetadataText).vct).toBe(type.vct)
  })

  test('its integrity is of the bytes that are served [SD-JWT VC draft -13 §7]', async () => {
    await verifyIntegrity(type.typeMetadataBytes, type.typeMetadataIntegrity, nodeCrypto)
    expect(new TextDecoder().decode(type.typeMetadataBytes)).toBe(type.typeMetadataText)
  })

  test('every claim of the schema is described, arrays as a whole and per element, and nothing else is', () => {
    expect(inText(claimsOf(type).map((claim) => claim.path))).toEqual(inText(pathsOf(type.claimsSchema)))
  })

  test('every claim has a label in Dutch and in English, and a description in both or in neither', () => {
    for (const { path, display = [] } of claimsOf(type)) {
      const [dutch, english] = display
      expect(
        display.map(({ locale }) => locale),
        JSON.stringify(path),
      ).toEqual(['nl-NL', 'en'])
      expect(dutch?.label.trim() && english?.label.trim(), JSON.stringify(path)).toBeTruthy()
      expect(typeof dutch?.description, JSON.stringify(path)).toBe(typeof english?.description)
    }
  })

  test('the type itself is named and described in Dutch and in English', () => {
    const { display = [] } = parseTypeMetadata(type.typeMetadataText)
    expect(display.map(({ locale }) => locale)).toEqual(['nl-NL', 'en'])
    for (const { name: shown, description } of display) expect(shown && description).toBeTruthy()
  })

  test('every claim can be kept back, but for the members that go with their element', () => {
    for (const { path, sd } of claimsOf(type)) {
      const together = name === 'werkervaring' && inText(SHOWN_WITH_THEIR_ELEMENT).includes(JSON.stringify(path))
      expect(sd, JSON.stringify(path)).toBe(together ? 'never' : 'always')
    }
  })

  test('the claims that must be there are the same in schema and type metadata', () => {
    const mandatory = claimsOf(type).flatMap(({ path, mandatory }) => (mandatory ? [path.join('.')] : []))
    expect(mandatory).toEqual(type.claimsSchema.required)
  })

  test('claims are snake_case', () => {
    for (const step of pathsOf(type.claimsSchema).flat())
      if (typeof step === 'string') expect(step).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/)
  })

  test('every text and array is bounded, and every object closed', () => {
    expect(findUnbounded(type.claimsSchema)).toEqual([])
  })

  test('its card can be read: contrast of at least 4.5 to 1', () => {
    for (const { rendering } of parseTypeMetadata(type.typeMetadataText).display ?? []) {
      const { background_color = '', text_color = '' } = rendering?.simple ?? {}
      expect(contrast(background_color, text_color)).toBeGreaterThanOrEqual(4.5)
    }
  })
})

/** Places of a schema that accept a text, list or object without end. */
function findUnbounded(schema: unknown, path = ''): readonly string[] {
  if (!isMembers(schema)) return []
  const isText = [schema.type].flat().includes('string')
  const isPatternBounded = typeof schema.pattern === 'string' && !/[*+]/.test(schema.pattern)
  const hasBound = 'maxLength' in schema || 'enum' in schema || 'format' in schema || isPatternBounded
  const isOpen =
    (isText && !hasBound) ||
    (schema.type === 'array' && !('maxItems' in schema)) ||
    (schema.type === 'object' && schema.additionalProperties !== false)
  const children = isMembers(schema.properties) ? Object.entries(schema.properties) : [['[]', schema.items] as const]
  return [...(isOpen ? [path] : []), ...children.flatMap(([name, child]) => findUnbounded(child, `${path}/${name}`))]
}

/** WCAG 2.2 §1.4.3, of two colours written #RRGGBB. */
function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b)
  return (lighter + 0.05) / (darker + 0.05)
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
