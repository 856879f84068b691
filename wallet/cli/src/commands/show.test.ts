import { expect, test } from 'vitest'
import { findCards } from './show.ts'

const CARDS = [
  { id: 'aaaaaaaaaa', vct: 'https://wegwijzer.example/types/diploma/1' },
  { id: 'bbbbbbbbbb', vct: 'https://wegwijzer.example/types/diploma/2' },
  { id: 'cccccccccc', vct: 'urn:eudi:pid:nl:1' },
]

test.each([
  ['its id', 'bbbbbbbbbb', ['bbbbbbbbbb']],
  ['the short name of its type', 'pid', ['cccccccccc']],
  ['a short name that several have, the newest first', 'diploma', ['aaaaaaaaaa', 'bbbbbbbbbb']],
  ['nothing else', 'diplom', []],
])('a card is found by %s', (_name, id, found) => {
  expect(findCards(CARDS, id).map((card) => card.id)).toEqual(found)
})
