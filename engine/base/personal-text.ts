// What in a text could identify a person: forms alone (e-mail, CPF, CNPJ, card, telephone, IP address, `user:…`), no names.
import { isIP } from 'node:net'
import { isCardNumber, isCnpj, isCpf } from './personal-numbers.ts'

const EMAIL = /[^\s@<>"]{1,64}@[^\s@<>"]{1,255}\.[a-z]{2,}/i
const CPF_WRITTEN = /(?<![\w.-])\d{3}\.\d{3}\.\d{3}-\d{2}(?![\w-])/
const ELEVEN_DIGITS = /(?<![\w.-])\d{11}(?![\w-]|\.\d)/g
const CNPJ_WRITTEN = /(?<![\w.-])[0-9A-Z]{2}\.[0-9A-Z]{3}\.[0-9A-Z]{3}\/[0-9A-Z]{4}-\d{2}(?![\w-])/gi
const CARD = /(?<![\w.-])\d{4}([ -]?)\d{4}\1\d{4}\1\d{1,7}(?![\w-]|\.\d)/g
const PHONE = /(?<![\w+])(?:\+\d{1,3}[ -]?\(?\d{2,3}\)?[ -]?\d{4,5}[ -]?\d{4}|\(\d{2}\) ?9?\d{4}[ -]?\d{4})(?!\w)/
/** Short ones (`a::b`) are other things more often than they are addresses. */
const ADDRESS = /(?<![\w.-])\d{1,3}(?:\.\d{1,3}){3}(?![\w-]|\.\d)|(?<![\w.:-])[0-9a-f:]{8,39}(?![\w:-])/gi
const PERSON = /(?<![\w:-])user:[^\s]/i

/** What it looks like, for a message: `an e-mail address`. `hasVersions`: what looks like an IP address is a version. */
export function personalForm(
  written: string,
  { hasVersions = false }: { readonly hasVersions?: boolean } = {},
): string | null {
  const text = plainText(written)
  if (EMAIL.test(text)) return 'an e-mail address'
  if (CPF_WRITTEN.test(text)) return 'a CPF number'
  for (const digits of text.match(ELEVEN_DIGITS) ?? []) if (isCpf(digits)) return 'a CPF number'
  for (const cnpj of text.match(CNPJ_WRITTEN) ?? [])
    if (isCnpj(cnpj.replace(/[./-]/g, '').toUpperCase())) return 'a CNPJ number'
  for (const card of text.match(CARD) ?? []) if (isCardNumber(card.replace(/[ -]/g, ''))) return 'a card number'
  if (PHONE.test(text)) return 'a telephone number'
  if (!hasVersions) {
    for (const address of text.match(ADDRESS) ?? []) if (isIP(address) !== 0) return 'an IP address'
  }
  return PERSON.test(text) ? 'a person (`user:…`)' : null
}

/** Digits of other scripts and widths as ASCII ones, without characters that show nothing: neither may hide a number. */
function plainText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is left as it is
  return /^[\x00-\x7f]*$/.test(text) ? text : text.normalize('NFKC').replace(/\p{Default_Ignorable_Code_Point}/gu, '')
}
