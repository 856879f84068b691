import { dirname, join, normalize } from 'node:path/posix'
import { expect, test } from 'vitest'
import { projectFiles, readProjectFile } from '../support/project-files.ts'

/**
 * Who may import whom (ARCHITECTURE.md). A part imports from lower levels only; `also` names the exceptions within a level.
 */
const PARTS: Readonly<Record<string, { readonly level: number; readonly also?: readonly string[] }>> = {
  'packages/protocol': { level: 0 },
  'packages/outbound': { level: 0 },
  'packages/storage': { level: 0 },
  schemas: { level: 0 },
  'packages/ui': { level: 0 },
  'packages/keys': { level: 1 },
  'packages/trust': { level: 1, also: ['packages/keys'] },
  'packages/server': { level: 1 },
  'packages/organisation': { level: 1, also: ['packages/server', 'packages/keys'] },
  'wallet/core': { level: 2 },
  issuer: { level: 2 },
  verifier: { level: 2 },
  'wallet/cli': { level: 3 },
  'wallet/server': { level: 3 },
  'wallet/web': { level: 3 },
  tools: { level: 4 },
}

/** What may be imported in one part only. */
const ONLY_IN: readonly (readonly [module: RegExp, part: string])[] = [
  [/^@veramo\//, 'packages/keys'],
  [/^(better-sqlite3|pg|kysely-postgres)$/, 'packages/storage'],
  [/^@peculiar\//, 'packages/keys'],
  [/^jose$/, 'packages/protocol'],
]

const PACKAGE_OF: Readonly<Record<string, string>> = Object.fromEntries(
  Object.keys(PARTS)
    .filter((part) => part !== 'tools')
    .map((part) => [(JSON.parse(readProjectFile(`${part}/package.json`)) as { name: string }).name, part]),
)

interface Import {
  readonly file: string
  readonly part: string
  readonly specifier: string
}

const sources = projectFiles(/^(packages|schemas|wallet|issuer|verifier|tools)\/.*\.tsx?$/).filter(
  // Tests and what only tests use may import everything.
  (path) => !/(\.(test|testing)\.tsx?$|\/testing\/)/.test(path),
)
const imports: readonly Import[] = sources.flatMap((file) =>
  [
    ...readProjectFile(file).matchAll(
      /(?:^|[\s;])(?:import|export)\s[^'"`;]*?from\s+['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]|^import\s+['"]([^'"]+)['"]/gm,
    ),
  ].map((match) => ({ file, part: partOf(file), specifier: match[1] ?? match[2] ?? match[3] ?? '' })),
)

test('there are imports to check', () => {
  expect(imports.length).toBeGreaterThan(50)
})

test('a part imports from lower levels only, and between packages only by a manifest’s subpath', () => {
  const wrong = imports.filter(({ file, part, specifier }) => {
    if (specifier.startsWith('.')) return partOf(normalize(join(dirname(file), specifier))) !== part
    const target = ourPart(specifier)
    if (target === undefined || target === part) return target === part
    const { level, also = [] } = PARTS[part] ?? { level: -1 }
    return !((PARTS[target]?.level ?? Number.POSITIVE_INFINITY) < level || also.includes(target))
  })
  expect(wrong.map(({ file, specifier }) => `${file} imports ${specifier}`)).toEqual([])
})

test('what belongs in one part is imported there only', () => {
  const wrong = imports.filter(({ part, specifier }) =>
    ONLY_IN.some(([module, home]) => module.test(specifier) && part !== home),
  )
  expect(wrong.map(({ file, specifier }) => `${file} imports ${specifier}`)).toEqual([])
})

test('a screen gets data and callbacks: it imports components, texts and types, and nothing that holds a wallet', () => {
  const allowed =
    /^(react|@wegwijzer\/ui|\.{1,2}\/(.*\/)?(texts\/texts|routes\/route|platform\/preferences|worker\/wallet-port)\.ts)$/
  const screens = imports.filter(({ file }) => file.startsWith('wallet/web/src/screens/'))
  const isScreen = (file: string, specifier: string) =>
    normalize(join(dirname(file), specifier)).startsWith('wallet/web/src/screens/')
  const wrong = screens.filter(
    ({ file, specifier }) => !allowed.test(specifier) && !(specifier.startsWith('.') && isScreen(file, specifier)),
  )
  expect(screens.length).toBeGreaterThan(20)
  expect(wrong.map(({ file, specifier }) => `${file} imports ${specifier}`)).toEqual([])
})

test('a specification knows nothing of the one beside it', () => {
  const wrong = imports.filter(
    ({ file, specifier }) =>
      (file.startsWith('packages/protocol/src/openid4vci/') && specifier.includes('openid4vp')) ||
      (file.startsWith('packages/protocol/src/openid4vp/') && specifier.includes('openid4vci')),
  )
  expect(wrong).toEqual([])
})

test('code that runs in a browser imports nothing of Node', () => {
  const wrong = imports.filter(
    ({ part, specifier }) =>
      ['packages/protocol', 'wallet/core', 'packages/trust'].includes(part) && specifier.startsWith('node:'),
  )
  expect(wrong.map(({ file }) => file)).toEqual([])
})

test('every file of a part has a name that says what is in it', () => {
  const nameless = projectFiles(/(^|\/)(utils?|common|helpers?|shared|base|managers?|misc)(\/|\.[a-z]+$|$)/)
  expect(nameless).toEqual([])
})

function partOf(file: string): string {
  const part = Object.keys(PARTS).find((candidate) => file.startsWith(`${candidate}/`))
  if (part === undefined) throw new Error(`${file} belongs to no part of the architecture`)
  return part
}

function ourPart(specifier: string): string | undefined {
  const name = specifier.split('/').slice(0, 2).join('/')
  if (!name.startsWith('@wegwijzer/')) return undefined
  return PACKAGE_OF[name]
}
