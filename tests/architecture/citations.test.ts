import { beforeAll, expect, test } from 'vitest'
import { projectFiles, readProjectFile } from '../support/project-files.ts'
import { describeWithReferenceData, readReferenceJson } from '../support/reference-data.ts'

type Sections = Readonly<Record<string, Readonly<Record<string, { readonly title: string; readonly anchor: string }>>>>

/** `OpenID4VCI 1.0 §F.4 verifying-key-proof`: document, section, and the anchor where it is given. */
const CITATION =
  /(OpenID4VCI 1\.0|OpenID4VP 1\.0|HAIP 1\.0) §([A-Z0-9]+(?:\.[0-9]+)*)(?: ([a-z][a-z0-9_]*(?:[-_][a-z0-9_]+)+))?/g

const files = projectFiles(/\.(ts|md)$/).filter((path) => !path.includes('node_modules'))
const citations = files.flatMap((file) =>
  [...readProjectFile(file).matchAll(CITATION)].map(([text, document = '', section = '', anchor]) => ({
    file,
    text,
    document,
    section,
    anchor,
  })),
)

describeWithReferenceData('each section that is cited exists', () => {
  let sections: Sections
  beforeAll(() => {
    sections = readReferenceJson<Sections>('spec-sections.json')
  })

  test('there are citations to check', () => {
    expect(citations.length).toBeGreaterThan(100)
  })

  test('by its number', () => {
    const unknown = citations.filter(({ document, section }) => sections[document]?.[section] === undefined)
    expect(unknown.map(({ file, text }) => `${file}: ${text}`)).toEqual([])
  })

  test('by its anchor, where one is given', () => {
    const wrong = citations.filter(({ document, section, anchor }) => {
      const known = sections[document]?.[section]
      return anchor !== undefined && known !== undefined && known.anchor !== anchor
    })
    expect(
      wrong.map(
        ({ file, text, document, section }) => `${file}: ${text} (is ${sections[document]?.[section]?.anchor})`,
      ),
    ).toEqual([])
  })
})
