import { useState } from 'react'
import { createRoot } from 'react-dom/client'
import '../theme/theme.css'
import {
  Actions,
  Alert,
  BulletList,
  Button,
  CardTile,
  CheckboxList,
  CodeField,
  DataList,
  Dialog,
  ErrorSummary,
  type FieldError,
  FileField,
  formatDate,
  formatMoney,
  Heading,
  type Language,
  LanguageProvider,
  Link,
  Paragraph,
  QrCode,
  RadioList,
  SkipLink,
  StrangerText,
  TextField,
  WindowList,
} from '../ui.ts'

/** Every component on one page, for the tests; `?en` for English. */
const language: Language = location.search === '?en' ? 'en' : 'nl'
const nl = language === 'nl'

/** Names as an attacker chooses them. */
const NASTY = '\u202eevil\u202c <b>bold</b>\u0000 https://phish.example '.repeat(300)

const ROWS = Array.from({ length: 10_000 }, (_, at) => ({
  id: String(at),
  name: `${nl ? 'Bewijs' : 'Credential'} ${at + 1}`,
}))

function Form() {
  const [name, setName] = useState('')
  const [code, setCode] = useState('')
  const [fileName, setFileName] = useState<string>()
  const [way, setWay] = useState<'here' | 'there'>()
  const [extras, setExtras] = useState<readonly ('grade' | 'date')[]>([])
  const [errors, setErrors] = useState<readonly FieldError[]>([])
  const [attempt, setAttempt] = useState(0)
  const errorOf = (id: string) => errors.find((error) => error.id === id)?.message
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        setAttempt(attempt + 1)
        setErrors([
          ...(name === '' ? [{ id: 'name', message: nl ? 'Typ uw naam.' : 'Type your name.' }] : []),
          ...(way === undefined ? [{ id: 'way', message: nl ? 'Kies een manier.' : 'Choose a way.' }] : []),
        ])
      }}
    >
      <ErrorSummary errors={errors} attempt={attempt} />
      <TextField
        id="name"
        label={nl ? 'Naam' : 'Name'}
        hint="A–Z"
        error={errorOf('name')}
        value={name}
        onChange={setName}
      />
      <TextField id="note" label={nl ? 'Opmerking' : 'Note'} isOptional value="" onChange={() => undefined} />
      <CodeField id="code" label="Code" isNumeric value={code} onChange={setCode} />
      <FileField
        id="file"
        label={nl ? 'Bestand' : 'File'}
        chosenName={fileName}
        onChoose={(file) => setFileName(file.name)}
      />
      <RadioList
        id="way"
        label={nl ? 'Manier' : 'Way'}
        choices={[
          { value: 'here', label: nl ? 'Hier' : 'Here', hint: nl ? 'Op dit apparaat' : 'On this device' },
          { value: 'there', label: nl ? 'Daar' : 'There' },
        ]}
        chosen={way}
        error={errorOf('way')}
        onChoose={setWay}
      />
      <CheckboxList
        id="extras"
        label={nl ? 'Ook meesturen' : 'Send too'}
        isOptional
        choices={[
          { value: 'grade', label: nl ? 'Cijfer' : 'Grade' },
          { value: 'date', label: nl ? 'Datum' : 'Date' },
        ]}
        chosen={extras}
        onChange={setExtras}
      />
      <Actions>
        <Button purpose="primary" type="submit">
          {nl ? 'Versturen' : 'Send'}
        </Button>
        <Button isBusy>{nl ? 'Bezig' : 'Busy'}</Button>
        <Button purpose="subtle">{nl ? 'Minder' : 'Less'}</Button>
      </Actions>
    </form>
  )
}

function Gallery() {
  const [isAsking, setIsAsking] = useState(false)
  return (
    <LanguageProvider value={language}>
      <SkipLink href="#content">{nl ? 'Naar de inhoud' : 'Skip to content'}</SkipLink>
      <main id="content" tabIndex={-1} style={{ padding: '1rem', maxInlineSize: '46rem' }}>
        <Heading level={1}>{nl ? 'Bouwstenen' : 'Components'}</Heading>
        <Paragraph isLead>{nl ? 'Een inleiding.' : 'An introduction.'}</Paragraph>
        <Paragraph>
          {formatDate(1_790_848_800, language)}, {formatMoney(85_000, 'EUR', language)},{' '}
          <Link href="#content">{nl ? 'een link' : 'a link'}</Link>
        </Paragraph>
        <BulletList items={['1', '2']} />
        {(['info', 'warning', 'error', 'ok'] as const).map((kind) => (
          <Alert key={kind} kind={kind} title={nl ? 'Een melding' : 'A message'}>
            <Paragraph>{nl ? 'Met uitleg.' : 'With an explanation.'}</Paragraph>
          </Alert>
        ))}
        <Form />
        <DataList
          rows={[
            { id: 'a', label: nl ? 'Uitgever' : 'Issuer', value: <StrangerText text={NASTY} lines={2} /> },
            { id: 'b', label: nl ? 'Bedrag' : 'Amount', value: formatMoney(124_999, 'EUR', language) },
          ]}
        />
        <Actions>
          <Button onPress={() => setIsAsking(true)}>{nl ? 'Vraag stellen' : 'Ask'}</Button>
        </Actions>
        {isAsking && (
          <Dialog title={nl ? 'Zeker weten?' : 'Are you sure?'} onClose={() => setIsAsking(false)}>
            <Paragraph>{nl ? 'Een vraag.' : 'A question.'}</Paragraph>
          </Dialog>
        )}
        <QrCode text="https://wallet.example/delen?request_uri=urn%3Aexample" label="QR" />
        <WindowList
          label={nl ? 'Bewijzen' : 'Credentials'}
          items={ROWS}
          rowRem={9.5}
          keyOf={({ id }) => id}
          renderItem={({ id, name }) => (
            <CardTile
              title={{ value: id === '1' ? NASTY : name, lang: language }}
              issuer={{ value: 'ROC (demo)', lang: 'nl' }}
              note={<Link href={`#row-${id}`}>{nl ? `Bekijk ${name}` : `View ${name}`}</Link>}
              tone={id === '2' ? 'troubled' : 'plain'}
            />
          )}
        />
      </main>
    </LanguageProvider>
  )
}

const place = document.getElementById('gallery')
document.documentElement.lang = language
if (place !== null) createRoot(place).render(<Gallery />)
