import { createHash } from 'node:crypto'
import type { Door } from '@wegwijzer/server'

/**
 * The pages behind our links, for as long as the wallet is a program in the terminal: they say what a link is for and what to
 * do with it. The address of the page is the link itself; nothing of it is sent anywhere or logged.
 */
interface Page {
  readonly title: string
  readonly dutch: readonly string[]
  /** What the second half is called. */
  readonly englishTitle: string
  readonly english: readonly string[]
  readonly command?: string
}

const PAGES: Readonly<Record<string, Page>> = {
  '/': {
    title: 'Wegwijzer: uw loopbaanwallet',
    dutch: [
      'In uw wallet bewaart u bewijzen, bijvoorbeeld van uw diploma’s en uw werk. De wallet is van u. U kiest zelf wat u deelt, en met wie.',
      'Dit is een demo. Wegwijzer is geen erkende Europese identiteitswallet.',
    ],
    englishTitle: 'Wegwijzer: your career wallet',
    english: [
      'Your wallet keeps credentials, for example of your diplomas and your work. The wallet is yours. You choose what you share, and with whom.',
      'This is a demo. Wegwijzer is not a certified European Digital Identity Wallet.',
    ],
  },
  '/ontvangen': {
    title: 'Er staat een bewijs voor u klaar',
    dutch: [
      'Met deze link haalt u een bewijs op. Uw wallet werkt nu nog in de terminal: het venster waarin u opdrachten typt.',
      'Kopieer de link uit de adresbalk. Typ daarna deze opdracht, met de link tussen de aanhalingstekens:',
    ],
    englishTitle: 'A credential is ready for you',
    english: [
      'With this link you collect a credential. For now your wallet works in the terminal: the window in which you type commands.',
      'Copy the link from the address bar. Then type this command, with the link between the quotes:',
    ],
    command: 'npm run wallet -- receive "…"',
  },
  '/delen': {
    title: 'Iemand vraagt u om gegevens',
    dutch: [
      'Met deze link kunt u gegevens delen. Uw wallet werkt nu nog in de terminal: het venster waarin u opdrachten typt. Daar ziet u eerst wie iets vraagt, en waarvoor. Daarna kiest u of u deelt.',
      'Kopieer de link uit de adresbalk. Typ daarna deze opdracht, met de link tussen de aanhalingstekens:',
    ],
    englishTitle: 'Someone asks you for data',
    english: [
      'With this link you can share data. For now your wallet works in the terminal: the window in which you type commands. There you first see who asks, and what for. Then you choose whether you share.',
      'Copy the link from the address bar. Then type this command, with the link between the quotes:',
    ],
    command: 'npm run wallet -- present "…"',
  },
}

const STYLE =
  'body{font:1.125rem/1.6 system-ui,sans-serif;max-width:38rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff;overflow-wrap:anywhere}' +
  'h1{font-size:1.75rem;line-height:1.3}h2{font-size:1.375rem;line-height:1.3}' +
  'pre{background:#eef1f4;padding:1rem;white-space:pre-wrap}section{border-top:1px solid #5c6670;margin-top:2rem}'

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')

/** @param options.taken Paths at which the app has a screen of its own. */
export function addPages(door: Door, { taken }: { readonly taken: readonly string[] }): void {
  for (const [path, page] of Object.entries(PAGES)) {
    if (taken.includes(path)) continue
    const html = renderPage(page)
    door.get(path, { config: { errors: 'problem' } }, async (_request, reply) => {
      reply
        .header(
          'content-security-policy',
          `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
        )
        .type('text/html; charset=utf-8')
      return html
    })
  }
}

/** Made of our own texts alone: nothing of a request comes into it. */
function renderPage({ title, dutch, englishTitle, english, command }: Page): string {
  const paragraphs = (texts: readonly string[]) => texts.map((text) => `<p>${text}</p>`).join('')
  const example = command === undefined ? '' : `<pre><code>${command}</code></pre>`
  return (
    `<!doctype html><html lang="nl"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">` +
    `<title>${title}</title><style>${STYLE}</style></head><body><main><h1>${title}</h1>` +
    `${paragraphs(dutch)}${example}<section lang="en"><h2>${englishTitle}</h2>${paragraphs(english)}${example}</section></main></body></html>`
  )
}
