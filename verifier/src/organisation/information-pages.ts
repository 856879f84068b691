import { CREDENTIAL_SUBJECT, namedTypes } from '@wegwijzer/protocol/dcql'
import type { ClaimPath } from '@wegwijzer/protocol/sd-jwt'
import { parseTypeMetadata, type TypeMetadata } from '@wegwijzer/protocol/sd-jwt-vc'
import { findCredentialType } from '@wegwijzer/schemas'
import { checkedLegalGround, type Policy } from '@wegwijzer/trust/policy'
import { type Html, html, type PageContent } from '../page.ts'
import type { VerifierProfile } from './profile.ts'

type Language = 'nl' | 'en'

/** Who asks what, why, and how long it is kept: `privacy_policy` of the registration certificate. */
export function privacyPage(profile: VerifierProfile, policies: readonly Policy[]): PageContent {
  const { name, supervisoryAuthority } = profile
  return {
    title: `Privacy bij ${name.nl}`,
    dutch: [
      html`<p>${name.nl} vraagt u soms om gegevens uit uw wallet. U ziet altijd eerst wat er wordt gevraagd. U kiest zelf of u deelt.
Soms is niet alles verplicht. Uw wallet laat zien wat u kunt kiezen.</p>`,
      ...policies.map((policy) => describePolicy(policy, 'nl')),
      html`<h2>Vragen of een klacht?</h2><p>Mail naar ${profile.contact.email}.
U kunt ook een klacht indienen bij de <a href="${supervisoryAuthority.uri}">${supervisoryAuthority.name}</a>.</p>`,
      demoNote(profile, 'nl'),
    ],
    englishTitle: `Privacy at ${name.en}`,
    english: [
      html`<p>${name.en} sometimes asks you for data from your wallet. You always see first what is asked. You choose whether you share it.
Sometimes not everything is required. Your wallet shows what you can choose.</p>`,
      ...policies.map((policy) => describePolicy(policy, 'en')),
      html`<h3>Questions or a complaint?</h3><p>Write to ${profile.contact.email}.
You can also complain to the <a href="${supervisoryAuthority.uri}">${supervisoryAuthority.name}</a>.</p>`,
      demoNote(profile, 'en'),
    ],
  }
}

/** How a worker asks for deletion: `support_uri` of the registration certificate. */
export function deletionPage(profile: VerifierProfile, policies: readonly Policy[]): PageContent {
  const { name, contact } = profile
  return {
    title: `Gegevens laten verwijderen bij ${name.nl}`,
    dutch: [
      html`<p>Wat u hebt gedeeld, wordt vanzelf verwijderd. Zo lang blijft het bewaard:</p>
<ul>${policies.map(({ title, retention }) => html`<li>${title.nl}: ${retention.text.nl}</li>`)}</ul>`,
      html`<p>Wilt u dat het eerder wordt verwijderd? Mail naar ${contact.email}. Zet in het onderwerp: Verzoek om verwijdering (artikel 17 AVG).
Schrijf welke gegevens u hebt gedeeld, en op welke dag. Uw wallet laat dat zien bij Activiteit. Zet uw BSN niet in de mail.</p>`,
      html`<p>Een medewerker leest uw verzoek. U krijgt binnen een maand antwoord. ${name.nl} mag nee zeggen als iets bewaard moet blijven van de wet.
U kunt dit nu nog niet zelf regelen op deze pagina.</p>`,
      demoNote(profile, 'nl'),
    ],
    englishTitle: `Having data deleted at ${name.en}`,
    english: [
      html`<p>What you shared is deleted automatically. It is kept for this long:</p>
<ul>${policies.map(({ title, retention }) => html`<li>${title.en}: ${retention.text.en}</li>`)}</ul>`,
      html`<p>Do you want it deleted earlier? Write to ${contact.email}. Use this subject: Request for deletion (article 17 GDPR).
Say what you shared, and on which day. Your wallet shows it under Activity. Do not put your BSN in the mail.</p>`,
      html`<p>A member of staff reads your request. You get an answer within a month. ${name.en} may say no if the law requires that something is kept.
You cannot arrange this yourself on this page yet.</p>`,
      demoNote(profile, 'en'),
    ],
  }
}

/** What the services are in which something is asked: `info_uri` of the registration certificate. */
export function servicePage(profile: VerifierProfile, policies: readonly Policy[]): PageContent {
  const { name, registeredNumbers } = profile
  const numbers = registeredNumbers.map(({ type, value }) => html`<li>${type} ${value}</li>`)
  const services = (language: Language) =>
    policies.map(({ title, serviceDescription }) => html`<li>${title[language]} (${serviceDescription[language]})</li>`)
  return {
    title: `Over ${name.nl}`,
    dutch: [
      html`<p>${name.nl} kan u om gegevens uit uw wallet vragen voor:</p><ul>${services('nl')}</ul>`,
      html`<p>Zo staat de organisatie geregistreerd:</p><ul>${numbers}</ul>`,
      html`<p>Meer weten? Mail naar ${profile.contact.email}.</p>`,
      demoNote(profile, 'nl'),
    ],
    englishTitle: `About ${name.en}`,
    english: [
      html`<p>${name.en} may ask you for data from your wallet for:</p><ul>${services('en')}</ul>`,
      html`<p>The organisation is registered as:</p><ul>${numbers}</ul>`,
      html`<p>Want to know more? Write to ${profile.contact.email}.</p>`,
      demoNote(profile, 'en'),
    ],
  }
}

const WORDS = {
  nl: {
    purpose: 'Waarvoor',
    asked: 'Welke gegevens',
    kept: 'Hoe lang bewaard',
    ground: 'Dit mag volgens',
    only: 'alleen dat u dit bewijs hebt',
    all: 'alles wat erop staat',
  },
  en: {
    purpose: 'What for',
    asked: 'Which data',
    kept: 'How long it is kept',
    ground: 'This is allowed by',
    only: 'only that you have this credential',
    all: 'everything on it',
  },
} as const

function describePolicy(policy: Policy, language: Language): Html {
  const words = WORDS[language]
  const ground = checkedLegalGround(policy)
  return html`${language === 'nl' ? html`<h2>${policy.title.nl}</h2>` : html`<h3>${policy.title.en}</h3>`}
<p>${words.purpose}: ${policy.purpose[language]}</p>
<p>${words.asked}:</p><ul>${policy.dcql.credentials.map(({ meta, claims }) => {
    const metadata = metadataOf(namedTypes({ meta })[0])
    const labels = claims?.map(({ path }) => describePath(metadata, path, language)).join(', ')
    return html`<li>${nameOf(metadata, language)}: ${labels ?? words.only}</li>`
  })}</ul>
<p>${words.kept}: ${policy.retention.text[language]}</p>${
    ground === undefined ? '' : html`<p>${words.ground}: ${ground[language]}</p>`
  }`
}

function metadataOf(vct: string | undefined): TypeMetadata | undefined {
  const type = vct === undefined ? undefined : findCredentialType(vct)
  return type && parseTypeMetadata(type.typeMetadataText)
}

function nameOf(metadata: TypeMetadata | undefined, language: Language): string {
  return metadata?.display?.find(({ locale }) => locale.startsWith(language))?.name ?? metadata?.vct ?? ''
}

/** Of a W3C credential paths begin at its root, and what is asked is often the whole. */
function describePath(metadata: TypeMetadata | undefined, path: ClaimPath, language: Language): string {
  const [first, ...below] = path
  if (first !== CREDENTIAL_SUBJECT) return labelOf(metadata, path, language)
  return below.length === 0 ? WORDS[language].all : labelOf(metadata, below, language)
}

function labelOf(metadata: TypeMetadata | undefined, path: ClaimPath, language: Language): string {
  const claim = metadata?.claims?.find((candidate) => JSON.stringify(candidate.path) === JSON.stringify(path))
  const display = claim?.display?.find(({ locale }) => locale.startsWith(language))
  return display?.label ?? path.filter((component) => component !== null).join(' ')
}

/** Names that end in `.example` belong to nobody (RFC 2606 §2), so a mail to one arrives nowhere. */
function demoNote({ contact }: VerifierProfile, language: Language): Html {
  if (!contact.email.endsWith('.example')) return html``
  return language === 'nl'
    ? html`<p>Dit is een demo. De organisatie en het e-mailadres bestaan niet echt. Draait u deze demo zelf? Verwijder dan de map met gegevens. Dan is alles weg.</p>`
    : html`<p>This is a demo. The organisation and the e-mail address do not really exist. Do you run this demo yourself? Then delete its data folder, and everything is gone.</p>`
}
