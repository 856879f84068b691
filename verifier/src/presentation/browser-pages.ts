import { html, type PageContent } from '../page.ts'

/** What a worker's browser is told; never what was shared or what came of it. */
export const BROWSER_PAGES = {
  presented: {
    title: 'U bent klaar',
    dutch: [
      html`<p>Uw antwoord is aangekomen bij de organisatie die u om gegevens vroeg. U kunt deze pagina sluiten.</p>`,
      html`<p>In uw wallet ziet u bij Activiteit wat u hebt gedeeld, en met wie.</p>`,
    ],
    englishTitle: 'You are done',
    english: [
      html`<p>Your answer has reached the organisation that asked you for data. You can close this page.</p>`,
      html`<p>Your wallet shows under Activity what you shared, and with whom.</p>`,
    ],
  },
  unknownStart: {
    title: 'Deze link werkt niet meer',
    dutch: [
      html`<p>De link is te oud, of er is al antwoord gegeven.</p>`,
      html`<p>Ga terug naar de website waar u vandaan kwam en begin daar opnieuw.</p>`,
    ],
    englishTitle: 'This link no longer works',
    english: [
      html`<p>The link is too old, or it has been answered already.</p>`,
      html`<p>Go back to the website you came from and start again there.</p>`,
    ],
  },
  startedElsewhere: {
    title: 'Deze link is al geopend',
    dutch: [
      html`<p>De link is in een andere browser geopend. Voor uw veiligheid werkt hij alleen daar.</p>`,
      html`<p>Was u dat niet? Ga dan terug naar de website waar u vandaan kwam en begin daar opnieuw.</p>`,
    ],
    englishTitle: 'This link has been opened already',
    english: [
      html`<p>The link was opened in another browser. For your safety it works only there.</p>`,
      html`<p>Was that not you? Go back to the website you came from and start again there.</p>`,
    ],
  },
  notConfirmed: {
    title: 'Wij kunnen dit niet afmaken',
    dutch: [
      html`<p>U begon in een andere browser, of u kwam te laat terug.</p>`,
      html`<p>Kreeg u van iemand een link of QR-code, en vertrouwt u het niet? Door deze pagina te openen hebt u niets doorgegeven.</p>`,
      html`<p>Wilt u toch delen? Begin dan opnieuw op de website van de organisatie zelf.</p>`,
    ],
    englishTitle: 'We cannot complete this',
    english: [
      html`<p>You started in another browser, or you came back too late.</p>`,
      html`<p>Did someone give you a link or a QR code, and do you not trust it? By opening this page you passed nothing on.</p>`,
      html`<p>Do you still want to share? Then start again on the website of the organisation itself.</p>`,
    ],
  },
} as const satisfies Readonly<Record<string, PageContent>>
