// The files of a kit for regulators, from a log: its CAR, whom to trust, the keys for people, and the page that verifies it all.
// Equal logs and templates give equal bytes, so a kit is checked by making it again (check-kit.ts).
import { canonicalJson } from '../../base/canonical-json.ts'
import { formatVerifierKey } from '../note-key.ts'
import { parsePolicy } from '../trust-policy.ts'
import { fillPage, type KitAbout, type PageData } from './fill-page.ts'

/** The files by their names in the kit's folder. */
export const KIT_NAMES = {
  page: 'verify.html',
  car: 'log.car',
  policy: 'policy',
  keys: 'keys.txt',
  readme: 'README.txt',
}

/** Up to this many bytes the CAR goes into the page too. Larger pages open slowly, and mail refuses them. */
export const MOST_EMBEDDED_BYTES = 32 * 1024 * 1024

/** Every file of the kit but the log itself. The page holds the log too, where `car` is not null (`embeddedCar`). */
export function kitFiles(data: PageData, template: string): Map<string, Uint8Array> {
  const { about, policy, car } = data
  const text = (value: string): Uint8Array => new TextEncoder().encode(value)
  return new Map([
    [KIT_NAMES.policy, policy],
    [KIT_NAMES.keys, text(keysText(policy))],
    [KIT_NAMES.readme, text(readmeText(about, car !== null))],
    [KIT_NAMES.page, text(fillPage(template, data))],
  ])
}

/** The log as the page carries it; null where it is too large for that. */
export function embeddedCar(car: Uint8Array): Uint8Array | null {
  return car.length <= MOST_EMBEDDED_BYTES ? car : null
}

/** One public key a line, those of the log and then those of witnesses. */
function keysText(policy: Uint8Array): string {
  const parsed = parsePolicy(policy)
  if (!parsed.ok) return ''
  const { logs, witnesses } = parsed.trust
  return [...logs, ...witnesses].map((key) => `${formatVerifierKey(key)}\n`).join('')
}

function readmeText(about: KitAbout, embedded: boolean): string {
  const { origin, size, cid, version } = about
  const names = canonicalJson(about.institution)
  const copy = {
    pt: `   Ela lê a cópia do registro que leva dentro. O ${KIT_NAMES.car} ao lado só é conferido se você o abrir nela, ou com o comando abaixo.\n`,
    en: `   It reads the copy of the log that it carries. The ${KIT_NAMES.car} beside it is checked only if you open it there, or by the command below.\n`,
  }
  const open = embedded ? KIT_NAMES.page : `${KIT_NAMES.page} + ${KIT_NAMES.car}`
  return `${names} · ${origin} · ${size} · ${cid}

PORTUGUÊS
Este é o registro de decisões sobre modelos, com tudo o que é preciso para conferi-lo sem rede.
1. Abra ${open} no Chrome, no Edge, no Firefox ou no Safari (versões atuais).
2. A página confere cada byte e diz "Provado" ou "Não provado", e o que isso significa.
${embedded ? copy.pt : ''}3. Compare a chave de ${KIT_NAMES.keys} com a que você obteve por outro meio.
Conferência em um computador seu, com o Tutela ${version}:  tutela verify .
Guia: docs/regulators.pt.md do Tutela.

ENGLISH
This is the log of decisions on models, with all that it takes to check it without a network.
1. Open ${open} in a current Chrome, Edge, Firefox or Safari.
2. The page checks every byte and says "Proven" or "Not proven", and what that means.
${embedded ? copy.en : ''}3. Compare the key in ${KIT_NAMES.keys} with the one that you have from elsewhere.
The same check on a computer of yours, with Tutela ${version}:  tutela verify .
Guide: docs/regulators.en.md of Tutela.

${KIT_NAMES.car}     the log: IPFS CARv1 of a C2SP tlog-tiles directory
${KIT_NAMES.policy}      whom the institution says to trust (C2SP tlog-policy)
${KIT_NAMES.keys}    the public keys in it, for comparing
${KIT_NAMES.page} the page that verifies them
`
}
