import { createHash } from 'node:crypto'
import type { FastifyReply } from 'fastify'

/** A text that may stand in a page as it is. */
export interface Html {
  readonly html: string
}

export interface PageContent {
  readonly title: string
  readonly dutch: readonly Html[]
  /** What the second half is called. */
  readonly englishTitle: string
  readonly english: readonly Html[]
}

const STYLE =
  'body{font:1.125rem/1.6 system-ui,sans-serif;max-width:38rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff;overflow-wrap:anywhere}' +
  'h1{font-size:1.75rem;line-height:1.3}h2{font-size:1.375rem;line-height:1.3}h3{font-size:1.125rem}' +
  'section{border-top:1px solid #5c6670;margin-top:2rem}a{color:#0b5cad}'

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')

/** A page that needs nothing from anywhere: no script, no image, no other host. */
export const PAGE_POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

/** Makes a piece of a page; what is put into it is escaped, unless it is a piece itself. */
export function html(texts: TemplateStringsArray, ...values: readonly (string | Html | readonly Html[])[]): Html {
  const parts = texts.map((text, at) => text + render(values[at] ?? ''))
  return { html: parts.join('') }
}

function render(value: string | Html | readonly Html[]): string {
  if (typeof value === 'string') return escapeText(value)
  return 'html' in value ? value.html : value.map((piece) => piece.html).join('')
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeText(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}

/** Dutch first, English second. */
export function sendPage(reply: FastifyReply, { title, dutch, englishTitle, english }: PageContent): FastifyReply {
  const page = html`<!doctype html><html lang="nl"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>
<style>${{ html: STYLE }}</style></head><body><main><h1>${title}</h1>${dutch}
<section lang="en"><h2>${englishTitle}</h2>${english}</section></main></body></html>`
  return reply.header('content-security-policy', PAGE_POLICY).type('text/html; charset=utf-8').send(page.html)
}
