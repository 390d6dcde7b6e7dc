// The words of findings where a policy has no message of its own, or has one for another outcome.
// One function a language; nothing here depends on `now`, because findings are kept between runs.
import type { Language } from '../domain/governance.ts'
import type { Missing } from './assessment.ts'

/** Every sentence, made of texts that are already formatted. */
export interface Sentences {
  readonly theModel: string
  readonly and: string
  readonly holds: (what: string, value: string, limit: string) => string
  readonly breaks: (what: string, value: string, limit: string) => string
  readonly near: (warnAt: string) => string
  readonly uncertain: (low: string, high: string) => string
  readonly early: (failed: number, wanted: string) => string
  readonly shrunk: (groups: string, count: number) => string
  readonly missing: (what: string, missing: Missing, reason: string | undefined) => string
  readonly stale: (what: string, since: string, staleAfter: string) => string
  readonly sample: (what: string, n: string, minSample: string) => string
  readonly definition: (what: string, definitions: string) => string
  readonly noPercentage: (what: string, before: string) => string
  readonly unusable: (what: string, values: string, wanted: 'number' | 'day' | 'past-day' | 'type' | 'finite') => string
  readonly absent: (path: string) => string
  readonly unwanted: (path: string, values: string) => string
  readonly notOneOf: (path: string, values: string, allowed: string) => string
  readonly barred: (path: string, values: string) => string
  readonly beyond: (path: string, values: string, limit: string) => string
  readonly tooLongAgo: (path: string, values: string, days: number) => string
  readonly cardHolds: (path: string) => string
  readonly logicFails: (title: string) => string
  readonly logicHolds: (title: string) => string
  readonly limits: Readonly<Record<'atLeast' | 'atMost' | 'below' | 'above' | 'equals', (limit: string) => string>>
  readonly between: (low: string, high: string) => string
  readonly change: (direction: 'drops' | 'rises', amount: string, versus: string) => string
  readonly moved: (value: string, before: string, change: string) => string
  readonly baseline: string
  readonly previous: string
  readonly rolling: (days: number) => string
  readonly consecutive: (count: number) => string
  readonly ofLast: (count: number, of: number) => string
  readonly withinDays: (count: number, days: number) => string
  readonly adjusted: (value: string, adjusted: string) => string
}

const english: Sentences = {
  theModel: 'the model',
  and: ' and ',
  holds: (what, value, limit) => `${what}: ${value}, as required: ${limit}`,
  breaks: (what, value, limit) => `${what}: ${value}, required: ${limit}`,
  near: (warnAt) => `close to the limit: warns at ${warnAt}`,
  uncertain: (low, high) => `the interval ${low} to ${high} still reaches a passing value`,
  early: (failed, wanted) => `${failed} failing so far, fails after ${wanted}`,
  shrunk: (groups, count) => `suppressed for ${count === 1 ? 'its' : 'their'} size now, though shown before: ${groups}`,
  missing: (what, missing, reason) => `${what}: ${MISSING_EN[missing]}${reason === undefined ? '' : ` (${reason})`}`,
  stale: (what, since, staleAfter) => `${what}: stale since ${since}, older than ${staleAfter}`,
  sample: (what, n, minSample) => `${what}: ${n} rows, at least ${minSample} are needed to judge`,
  definition: (what, definitions) => `${what}: measured by different definitions, ${definitions}`,
  noPercentage: (what, before) => `${what}: no percentage of ${before} can be taken`,
  unusable: (what, values, wanted) =>
    wanted === 'finite'
      ? `${what}: the expression has no finite value`
      : `${what}: ${values} is ${{ number: 'not a number', day: 'not a day', 'past-day': 'a day still to come', type: 'not of the expected type' }[wanted]}`,
  absent: (path) => `the card lacks ${path}`,
  unwanted: (path, values) => `the card must not have ${path}, but says ${values}`,
  notOneOf: (path, values, allowed) => `${path}: ${values} is not one of ${allowed}`,
  barred: (path, values) => `${path}: ${values} may not be used`,
  beyond: (path, values, limit) => `${path}: ${values}, required: ${limit}`,
  tooLongAgo: (path, values, days) => `${path}: ${values} is more than ${days} days ago`,
  cardHolds: (path) => `${path}: as required`,
  logicFails: (title) => `${title}: the condition of failure holds`,
  logicHolds: (title) => `${title}: the condition of failure does not hold`,
  limits: {
    atLeast: (limit) => `at least ${limit}`,
    atMost: (limit) => `at most ${limit}`,
    below: (limit) => `below ${limit}`,
    above: (limit) => `above ${limit}`,
    equals: (limit) => `exactly ${limit}`,
  },
  between: (low, high) => `between ${low} and ${high}`,
  change: (direction, amount, versus) =>
    `a ${direction === 'drops' ? 'drop' : 'rise'} of at most ${amount} against ${versus}`,
  moved: (value, before, change) => `${value} after ${before} (${change})`,
  baseline: 'the baseline',
  previous: 'the window before',
  rolling: (days) => `the mean of the ${days} days before`,
  consecutive: (count) => `${count} consecutive windows`,
  ofLast: (count, of) => `${count} of the last ${of} windows`,
  withinDays: (count, days) => `${count} windows within ${days} days`,
  adjusted: (value, adjusted) => `${adjusted} (adjusted for the number of tests, ${value} alone)`,
}

const MISSING_EN: Readonly<Record<Missing, string>> = {
  window: 'not measured',
  subject: 'not in the newest window that measures the metric',
  value: 'no value',
  sample: 'the number of rows is not known',
  before: 'nothing earlier to compare with',
  subjects: 'nothing to judge each of',
  kind: 'not defined for any feature of the card',
  field: 'not in the card',
  variable: 'not measured',
}

const portuguese: Sentences = {
  theModel: 'o modelo',
  and: ' e ',
  holds: (what, value, limit) => `${what}: ${value}, como exigido: ${limit}`,
  breaks: (what, value, limit) => `${what}: ${value}, exigido: ${limit}`,
  near: (warnAt) => `próximo do limite: avisa em ${warnAt}`,
  uncertain: (low, high) => `o intervalo de ${low} a ${high} ainda alcança um valor aprovado`,
  early: (failed, wanted) => `janelas em falha até aqui: ${failed}; reprova com ${wanted}`,
  shrunk: (groups, count) =>
    `${count === 1 ? 'grupo suprimido agora pelo tamanho, embora antes visível' : 'grupos suprimidos agora pelo tamanho, embora antes visíveis'}: ${groups}`,
  missing: (what, missing, reason) => `${what}: ${MISSING_PT[missing]}${reason === undefined ? '' : ` (${reason})`}`,
  stale: (what, since, staleAfter) => `${what}: medição vencida desde ${since} (vale por ${staleAfter})`,
  sample: (what, n, minSample) => `${what}: ${n} linhas, são necessárias ao menos ${minSample} para julgar`,
  definition: (what, definitions) => `${what}: medições por definições diferentes, ${definitions}`,
  noPercentage: (what, before) => `${what}: não há percentual de ${before}`,
  unusable: (what, values, wanted) =>
    wanted === 'finite'
      ? `${what}: a expressão não tem valor finito`
      : `${what}: ${values} ${{ number: 'não é um número', day: 'não é um dia', 'past-day': 'é um dia que ainda não chegou', type: 'não é do tipo esperado' }[wanted]}`,
  absent: (path) => `falta ${path} na ficha do modelo`,
  unwanted: (path, values) => `a ficha do modelo não pode ter ${path}, mas diz ${values}`,
  notOneOf: (path, values, allowed) => `${path}: fora do permitido, ${values}; permite-se ${allowed}`,
  barred: (path, values) => `${path}: não se pode usar ${values}`,
  beyond: (path, values, limit) => `${path}: ${values}, exigido: ${limit}`,
  tooLongAgo: (path, values, days) => `${path}: ${values}, há mais de ${days} dias`,
  cardHolds: (path) => `${path}: conforme exigido`,
  logicFails: (title) => `${title}: a condição de reprovação se verifica`,
  logicHolds: (title) => `${title}: a condição de reprovação não se verifica`,
  limits: {
    atLeast: (limit) => `no mínimo ${limit}`,
    atMost: (limit) => `no máximo ${limit}`,
    below: (limit) => `abaixo de ${limit}`,
    above: (limit) => `acima de ${limit}`,
    equals: (limit) => `exatamente ${limit}`,
  },
  between: (low, high) => `entre ${low} e ${high}`,
  change: (direction, amount, versus) =>
    `${direction === 'drops' ? 'queda' : 'alta'} de no máximo ${amount} contra ${versus}`,
  moved: (value, before, change) => `${value} depois de ${before} (${change})`,
  baseline: 'a linha de base',
  previous: 'a janela anterior',
  rolling: (days) => `a média dos ${days} dias anteriores`,
  consecutive: (count) => `${count} janelas seguidas`,
  ofLast: (count, of) => `${count} das últimas ${of} janelas`,
  withinDays: (count, days) => `${count} janelas em ${days} dias`,
  adjusted: (value, adjusted) => `${adjusted} (com ajuste pelo número de testes; sem ele, ${value})`,
}

const MISSING_PT: Readonly<Record<Missing, string>> = {
  window: 'sem medição',
  subject: 'ausente da janela mais recente que mede a métrica',
  value: 'sem valor',
  sample: 'o número de linhas não é conhecido',
  before: 'nada anterior com que comparar',
  subjects: 'nada a julgar um a um',
  kind: 'sem definição para as variáveis da ficha',
  field: 'ausente da ficha do modelo',
  variable: 'sem medição',
}

/** The default messages by language. */
export const SENTENCES: Readonly<Record<Language, Sentences>> = { pt: portuguese, en: english }
