// Every sentence exists in both languages: domain words, reports, notices, terminal.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { english as terminalEnglish } from '../../engine/commands/terminal-words.en.ts'
import { portuguese as terminalPortuguese } from '../../engine/commands/terminal-words.pt.ts'
import { english } from '../../engine/domain/vocabulary.en.ts'
import { portuguese } from '../../engine/domain/vocabulary.pt.ts'
import { english as noticeEnglish } from '../../engine/notify/notice-words.en.ts'
import { portuguese as noticePortuguese } from '../../engine/notify/notice-words.pt.ts'
import { english as reportEnglish } from '../../engine/report/report-words.en.ts'
import { portuguese as reportPortuguese } from '../../engine/report/report-words.pt.ts'

const PAIRS: readonly (readonly [name: string, en: object, pt: object])[] = [
  ['domain', english, portuguese],
  ['report', reportEnglish, reportPortuguese],
  ['notice', noticeEnglish, noticePortuguese],
  ['terminal', terminalEnglish, terminalPortuguese],
]
/** Words that are the same in both languages. */
const SAME = ['terminal.commit', 'terminal.digest', 'report.head.commit', 'report.item']

function leaves(words: object, path: string): [string, unknown][] {
  return Object.entries(words).flatMap(([key, value]): [string, unknown][] =>
    typeof value === 'object' && value !== null ? leaves(value, `${path}.${key}`) : [[`${path}.${key}`, value]],
  )
}

for (const [name, en, pt] of PAIRS) {
  test(`${name} words have the same keys, kinds and arguments in both languages`, () => {
    const shape = (words: object) =>
      leaves(words, name).map(([key, value]) => [key, typeof value, typeof value === 'function' ? value.length : 0])
    assert.deepEqual(shape(pt), shape(en))
  })

  test(`no ${name} words were left untranslated`, () => {
    const english = new Map(leaves(en, name))
    const same = leaves(pt, name).filter(
      ([key, value]) => typeof value === 'string' && english.get(key) === value && !SAME.includes(key),
    )
    assert.deepEqual(
      same.map(([key]) => key),
      [],
    )
  })
}
