// `warnAt`: a second limit, stricter than the rule's own. Beside a change it is written as the change is: `5%` or `0.05`.
import type { Change, Comparison } from '../domain/policy.ts'
import { readAmount } from './read-change.ts'
import { numberOf, tellAt, tellAtKey, type WrittenRule } from './rule-reader.ts'
import { quoted } from './schema-problems.ts'

/** What the rule compares with: one of the two is null. */
export interface OwnLimit {
  readonly comparison: Comparison | null
  readonly change: Change | null
}

/** `null` where the rule has none; `undefined` after an error. In the unit of the rule's own limit. */
export function readWarnAt(written: WrittenRule, { comparison, change }: OwnLimit): number | null | undefined {
  if (written.rule.warnAt === undefined) return null
  if (change !== null) return readWarningChange(written, change)
  if (comparison === null || comparison.op === 'between' || comparison.op === 'equals') {
    tellAtKey(written, 'warnAt', {
      code: 'load/warn-at',
      message: `\`warnAt\` has no meaning beside \`${comparison?.op ?? 'versus'}\``,
      hint: 'make a second, advisory rule of it',
    })
    return undefined
  }
  return readWarningLimit(written, comparison)
}

function readWarningLimit(
  written: WrittenRule,
  { op, limit }: Exclude<Comparison, { readonly op: 'between' }>,
): number | undefined {
  const raw = written.rule.warnAt
  if (typeof raw === 'string' && raw.endsWith('%')) {
    const hint = `write \`${Number.parseFloat(raw) / 100}\``
    const message = `${quoted(raw)} is not a number, as the limit of \`${op}\` is`
    return tellAt(written, 'warnAt', { code: 'load/warn-at', message, hint })
  }
  const warnAt = numberOf(written, 'warnAt')
  if (warnAt === undefined) return undefined
  const isUp = op === 'atLeast' || op === 'above'
  if (isUp ? warnAt > limit : warnAt < limit) return warnAt
  return tellAt(written, 'warnAt', {
    code: 'load/warn-at',
    message: `\`warnAt: ${warnAt}\` never warns, because \`${op}: ${limit}\` fails first`,
    hint: `a warning comes before the failure: ${isUp ? 'above' : 'below'} ${limit}`,
  })
}

function readWarningChange(written: WrittenRule, change: Change): number | undefined {
  const read = readAmount(written, 'warnAt')
  if (read === undefined) return undefined
  const field = change.direction === 'drops' ? 'dropsAtMost' : 'risesAtMost'
  const told = `\`warnAt: ${written.rule.warnAt}\``
  if (read.relative !== change.relative) {
    return tellAt(written, 'warnAt', {
      code: 'load/warn-at',
      message: `${told} and \`${field}: ${written.rule[field]}\` are not in one unit`,
      hint: change.relative ? 'write both as percentages' : 'write both as numbers',
    })
  }
  if (read.amount < change.amount) return read.amount
  return tellAt(written, 'warnAt', {
    code: 'load/warn-at',
    message: `${told} never warns, because \`${field}: ${written.rule[field]}\` fails first`,
    hint: `a warning comes before the failure: below ${written.rule[field]}`,
  })
}
