// The answer of `tutela verify` in words: what is proven, by whose signature, and what is not.
import { visibleText } from '../base/visible-text.ts'
import type { Language } from '../domain/governance.ts'
import type { EncryptedCount } from '../ledger/encrypted-entries.ts'
import { PROBLEM_MEANINGS, type VerifyProblem } from '../ledger/verify-problem.ts'
import type { Answer } from './verify.ts'

interface Words {
  readonly proven: string
  readonly notProven: string
  readonly entries: (n: number, size: number) => string
  readonly root: string
  readonly signed: string
  readonly broken: string
  readonly ignored: string
  readonly opaque: string
  readonly encrypted: (count: EncryptedCount) => string
  readonly onTrust: string
  readonly twoHistories: string
  readonly fraud: (path: string) => string
  /** The newer head shown is smaller. */
  readonly smaller: (path: string) => string
  readonly expected: string
  readonly actual: string
}

const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    proven: 'proven',
    notProven: 'NOT PROVEN',
    entries: (n, size) => `${n} of ${size} entries read and hashed`,
    root: 'root',
    signed: 'signed by',
    broken: 'a signature that does not hold, by',
    ignored: 'not known, and ignored:',
    opaque: 'the entries are not of Tutela: their bytes are checked, their form is not',
    encrypted: ({ opened, forOthers }) =>
      `${opened} encrypted entries opened with your identity, ${forOthers} are for others`,
    onTrust:
      'whose log this is was taken on trust: its own `policy` says so; name the log with --vkey or --policy to prove it',
    twoHistories: 'the holder of the key signed two histories of this log',
    fraud: (path) =>
      `both signed heads are in ${path}: anybody can check it with \`tutela verify\` and the public key, without the log`,
    smaller: (path) =>
      `both signed heads are in ${path}. That is no proof of two histories: ask for the log up to the larger size`,
    expected: 'expected',
    actual: 'found',
  },
  pt: {
    proven: 'provado',
    notProven: 'NÃO PROVADO',
    entries: (n, size) => `${n} de ${size} entradas lidas e conferidas`,
    root: 'raiz',
    signed: 'assinado por',
    broken: 'uma assinatura que não confere, de',
    ignored: 'desconhecida, e ignorada:',
    opaque: 'as entradas não são do Tutela: os bytes foram conferidos, a forma não',
    encrypted: ({ opened, forOthers }) =>
      `${opened} entradas cifradas abertas com a sua identidade, ${forOthers} são para outros`,
    onTrust:
      'de quem é o registro foi aceito sem prova: é a própria `policy` dele que o diz; indique-o com --vkey ou --policy',
    twoHistories: 'quem tem a chave assinou duas histórias deste registro',
    fraud: (path) =>
      `os dois checkpoints assinados estão em ${path}: qualquer pessoa os confere com \`tutela verify\` e a chave pública, sem o registro`,
    smaller: (path) =>
      `os dois checkpoints assinados estão em ${path}. Isso não prova duas histórias: peça o registro até o tamanho maior`,
    expected: 'esperado',
    actual: 'encontrado',
  },
}

/** Several lines, without a final newline. Names from the log are made safe to show. */
export function verifyText(answer: Answer, language: Language): string {
  const words = WORDS[language]
  const { ok, origin, size, root, entries, signatures, problems } = answer
  const lines = [`${ok ? words.proven : words.notProven}${origin === null ? '' : `: ${visibleText(origin)}`}`]
  if (answer.isFraud === true && ok) lines.push(`  ${words.twoHistories}`)
  if (size !== null && answer.isFraud !== true) lines.push(`  ${words.entries(entries, size)}`)
  if (root !== null) lines.push(`  ${words.root} ${root}`)
  if (typeof answer.cid === 'string') lines.push(`  CID ${answer.cid}`)
  for (const { name, known, ok: holds } of signatures) {
    const verb = known ? words.broken : words.ignored
    lines.push(`  ${holds ? words.signed : verb} ${visibleText(name)}`)
  }
  if (answer.opaque === true) lines.push(`  ${words.opaque}`)
  if (answer.encrypted !== undefined) lines.push(`  ${words.encrypted(answer.encrypted)}`)
  if (answer.body !== undefined)
    lines.push(
      ...JSON.stringify(answer.body, null, 2)
        .split('\n')
        .map((line) => `  ${visibleLine(line)}`),
    )
  if (answer.originOnTrust === true) lines.push(`  ${words.onTrust}`)
  for (const problem of problems) lines.push(...problemLines(problem, language))
  if (answer.fraud !== undefined) {
    const isSmaller = problems.some(({ code }) => code === 'ledger/rolled-back')
    lines.push(`  ${(isSmaller ? words.smaller : words.fraud)(visibleText(answer.fraud))}`)
  }
  return lines.join('\n')
}

function problemLines({ code, where, expected, actual }: VerifyProblem, language: Language): string[] {
  const words = WORDS[language]
  return [
    `  ${code}  ${visibleText(where)}: ${PROBLEM_MEANINGS[code][language]}`,
    ...(expected === undefined ? [] : [`    ${words.expected} ${visibleText(expected)}`]),
    ...(actual === undefined ? [] : [`    ${words.actual} ${visibleText(actual)}`]),
  ]
}

/** A line of indented JSON: the indent stays. */
function visibleLine(line: string): string {
  const indent = /^ */.exec(line)?.[0] ?? ''
  return `${indent}${visibleText(line.slice(indent.length), 2000)}`
}
