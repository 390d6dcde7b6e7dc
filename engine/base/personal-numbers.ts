// Numbers that name a person or an account, told from ordinary ones by their check digits: CPF, CNPJ, payment cards.
// Pure. Sources: Receita Federal (modulus 11, CNPJ with letters since 2026-07 by IN RFB 2.229/2024), ISO/IEC 7812 (Luhn).

/** Eleven digits with the two check digits of a CPF; others are ordinary numbers. */
export function isCpf(digits: string): boolean {
  if (!/^\d{11}$/.test(digits) || /^(\d)\1*$/.test(digits)) return false
  const check = (length: number): number => {
    let sum = 0
    for (let i = 0; i < length; i++) sum += Number(digits[i]) * (length + 1 - i)
    return ((sum * 10) % 11) % 10
  }
  return check(9) === Number(digits[9]) && check(10) === Number(digits[10])
}

/** Fourteen characters, the last two digits, with the check digits of a CNPJ: of a sole trader it names a person. */
export function isCnpj(characters: string): boolean {
  if (!/^[0-9A-Z]{12}\d{2}$/.test(characters) || /^(.)\1*$/.test(characters)) return false
  const check = (length: number): number => {
    let sum = 0
    for (let i = 0; i < length; i++) {
      const weight = ((length - 1 - i) % 8) + 2
      sum += (characters.charCodeAt(i) - 48) * weight
    }
    const rest = sum % 11
    return rest < 2 ? 0 : 11 - rest
  }
  return check(12) === Number(characters[12]) && check(13) === Number(characters[13])
}

/** Thirteen to nineteen digits of a payment card: an issuer's first digit, and the check digit of Luhn. */
export function isCardNumber(digits: string): boolean {
  if (!/^[3-6]\d{12,18}$/.test(digits)) return false
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i])
    const weighed = i % 2 === 0 ? digit : 2 * digit
    sum += weighed > 9 ? weighed - 9 : weighed
  }
  return sum % 10 === 0
}
