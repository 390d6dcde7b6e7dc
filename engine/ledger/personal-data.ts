// The lint before append: what could identify a person is found here and refused, because what is pinned stays for ever.
// It knows forms (e-mail, CPF, telephone, `user:…`) and field names; it does not know names, so bodies carry no free text.

/** A field that could identify a person: where it stands in the body, and what it looks like. */
export interface PersonalDatum {
  /** `.approvals[0].by` */
  readonly path: string
  /** For a message: `an e-mail address`. */
  readonly what: string
}

/** Field names that announce a person. `by` is for roles alone. */
const PERSONAL_FIELDS =
  /^(e-?mail|cpf|rg|passport|phone|telephone|telefone|celular|birth.*|nascimento|address|endereco|person|people|user|username|login|author|approver|approvers|reviewer|reviewers|assignee|signatory|customer.*|cliente.*|titular|subject_?id|full_?name|first_?name|last_?name|nome|ip)$/i

const EMAIL = /[^\s@<>"]{1,64}@[^\s@<>"]{1,255}\.[a-z]{2,}/i
const CPF_WRITTEN = /(?<![\w.-])\d{3}\.\d{3}\.\d{3}-\d{2}(?![\w-])/
const ELEVEN_DIGITS = /(?<![\w.-])\d{11}(?![\w-]|\.\d)/g
const PHONE = /(?<![\w+])\+\d{1,3}[ -]?\(?\d{2,3}\)?[ -]?\d{4,5}[ -]?\d{4}(?!\w)/
const PERSON = /(?<![\w:-])user:[^\s]/i
const DIGEST = /^sha256:[0-9a-f]{64}$/
const ROLE = /^team:[a-z0-9][a-z0-9._/-]*$/i

/** Everything in a value that could identify a person, in the order in which it stands there. */
export function findPersonalData(value: unknown): PersonalDatum[] {
  const found: PersonalDatum[] = []
  visit(value, '', '', found)
  return found
}

function visit(value: unknown, path: string, field: string, found: PersonalDatum[]): void {
  const what = describe(value, field)
  if (what !== null) found.push({ path, what })
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) visit(item, `${path}[${i}]`, field, found)
    return
  }
  if (typeof value !== 'object' || value === null) return
  for (const [key, member] of Object.entries(value)) {
    const inKey = personIn(key)
    if (inKey !== null) found.push({ path: `${path}.…`, what: `${inKey} as a field's name` })
    visit(member, `${path}.${key}`, key, found)
  }
}

function describe(value: unknown, field: string): string | null {
  if (value === null || value === undefined) return null
  // Ids of models and policies are keys of digests: a model may be called `customer-churn`.
  if (typeof value === 'string' && DIGEST.test(value)) return null
  if (PERSONAL_FIELDS.test(field) && !Array.isArray(value)) return `the personal field \`${field}\``
  if (typeof value === 'number')
    return field !== 'value' && field !== 'limit' && isCpf(String(value)) ? 'a CPF number' : null
  if (typeof value !== 'string') return null
  if (field === 'by' && !ROLE.test(value)) return 'a name that is no role'
  return personIn(value)
}

function personIn(text: string): string | null {
  if (EMAIL.test(text)) return 'an e-mail address'
  if (CPF_WRITTEN.test(text) || (text.match(ELEVEN_DIGITS) ?? []).some(isCpf)) return 'a CPF number'
  if (PHONE.test(text)) return 'a telephone number'
  return PERSON.test(text) ? 'a person (`user:…`)' : null
}

/** Eleven digits with the two check digits of a CPF; others are ordinary numbers. */
function isCpf(digits: string): boolean {
  if (!/^\d{11}$/.test(digits) || /^(\d)\1*$/.test(digits)) return false
  const check = (length: number): number => {
    let sum = 0
    for (let i = 0; i < length; i++) sum += Number(digits[i]) * (length + 1 - i)
    return ((sum * 10) % 11) % 10
  }
  return check(9) === Number(digits[9]) && check(10) === Number(digits[10])
}
