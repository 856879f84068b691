import { expect, test } from 'vitest'
import { html } from './page.ts'

test('what is put into a page is escaped, and pieces of a page are not', () => {
  const piece = html`<b>${'<script>'}</b>`
  expect(html`<p title="${`"'&`}">${piece}${[piece, piece]}</p>`.html).toBe(
    '<p title="&quot;&#39;&amp;"><b>&lt;script&gt;</b><b>&lt;script&gt;</b><b>&lt;script&gt;</b></p>',
  )
})
