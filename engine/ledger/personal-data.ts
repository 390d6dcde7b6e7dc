// The lint before append: what could identify a person is found here and refused, because what is pinned stays for ever.
// It knows forms (e-mail, CPF, CNPJ, card, telephone, IP address, `user:…`) and field names; it does not know names, so
// bodies carry no free text. A digest of such a thing is as bad: there are few enough to try them all. A commitment is not.
import { isCardNumber, isCpf } from '../base/personal-numbers.ts'
import { personalForm } from '../base/personal-text.ts'
import { isCommitment } from './commitment.ts'

/** A field that could identify a person: where it stands in the body, and what it looks like. */
export interface PersonalDatum {
  /** `.approvals[0].by` */
  readonly path: string
  /** For a message: `an e-mail address`. */
  readonly what: string
}

/** Field names that announce a person. `by` is for roles alone. */
const PERSONAL_FIELDS =
  /^(e-?mail|cpf|cnpj|rg|cnh|passport|passaporte|phone|telephone|telefone|celular|birth.*|nascimento|mother.*|address|endereco|person|people|user|username|login|author|approver|approvers|reviewer|reviewers|assignee|signatory|customer.*|cliente.*|titular|subject_?id|full_?name|first_?name|last_?name|nome|ip|ip_?address|card_?number|device_?id)$/i

/** Maps from ids that people choose to digests: a model may be called `customer-churn`, a file `login`. */
const MAPS_OF_DIGESTS: readonly string[] = ['cards', 'policies', 'files']

/** Versions have dots and digits, and measurements are any number: only their forms with letters are looked at. */
const FIELDS_OF_VERSIONS: readonly string[] = ['version', 'engine']
const FIELDS_OF_MEASUREMENTS: readonly string[] = ['value', 'limit']

const DIGEST = /^sha256:[0-9a-f]{64}$/
const ROLE = /^team:[a-z0-9][a-z0-9._/-]*$/i

/** Everything in a value that could identify a person, in the order in which it stands there. */
export function findPersonalData(value: unknown): PersonalDatum[] {
  const found: PersonalDatum[] = []
  visit(value, { path: '', field: '', parent: '' }, found)
  return found
}

interface Place {
  readonly path: string
  readonly field: string
  /** The field that the object with this field stands in. */
  readonly parent: string
}

function visit(value: unknown, place: Place, found: PersonalDatum[]): void {
  const { path, field, parent } = place
  const what = describe(value, place)
  if (what !== null) found.push({ path, what })
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) visit(item, { path: `${path}[${i}]`, field, parent }, found)
    return
  }
  if (typeof value !== 'object' || value === null) return
  for (const [key, member] of Object.entries(value)) {
    const inKey = personIn(key, '')
    if (inKey !== null) found.push({ path: `${path}.…`, what: `${inKey} as a field's name` })
    visit(member, { path: `${path}.${key}`, field: key, parent: field }, found)
  }
}

function describe(value: unknown, { field, parent }: Place): string | null {
  if (value === null || value === undefined) return null
  const isText = typeof value === 'string'
  if (isText && (isCommitment(value) || (DIGEST.test(value) && MAPS_OF_DIGESTS.includes(parent)))) return null
  if (PERSONAL_FIELDS.test(field) && !Array.isArray(value)) {
    const kind = isText && DIGEST.test(value) ? 'a digest that can be guessed in ' : ''
    return `${kind}the personal field \`${field}\``
  }
  if (typeof value === 'number') return FIELDS_OF_MEASUREMENTS.includes(field) ? null : numberOf(value)
  if (!isText || DIGEST.test(value)) return null
  if (field === 'by' && !ROLE.test(value)) return 'a name that is no role'
  return personIn(value, field)
}

function personIn(text: string, field: string): string | null {
  return personalForm(text, { hasVersions: FIELDS_OF_VERSIONS.includes(field) })
}

/** Beyond 2^53 a number is no number that somebody wrote. */
function numberOf(value: number): string | null {
  if (!Number.isSafeInteger(value)) return null
  const digits = String(value)
  if (isCpf(digits)) return 'a CPF number'
  return isCardNumber(digits) ? 'a card number' : null
}
