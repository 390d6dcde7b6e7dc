// Hostile text in Markdown. A code span is taken literally by every renderer, so the laws look at what stands
// outside of code spans, with a scanner of its own for them (CommonMark 6.1).
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { code, md, prose, table } from '../../engine/base/markdown-text.ts'

const cases: readonly { readonly text: string; readonly markdown: string }[] = [
  { text: 'Probability of default, retail credit', markdown: 'Probability of default, retail credit' },
  { text: 'Art. 6, IX (50 %) às 03:00', markdown: 'Art. 6, IX (50 %) às 03:00' },
  { text: 'ask @ana about #12', markdown: 'ask `@ana` about `#12`' },
  { text: 'see https://e.x/y and www.e.x', markdown: 'see `https://e.x/y` and `www.e.x`' },
  { text: '<b>x</b> &copy; **y** [z](u)', markdown: '`<b>x</b>` `&copy;` `**y**` `[z](u)`' },
  { text: 'snake_case', markdown: '`snake_case`' },
  { text: 'per group (age_cat): 18, "a_b".', markdown: 'per group (`age_cat`): 18, "`a_b`".' },
  { text: 'ISO/IEC 42001:2023, § 2º', markdown: 'ISO/IEC 42001:2023, § 2º' },
  { text: '(#12), "@ana"', markdown: '(`#12`), "`@ana`"' },
  { text: '- item', markdown: '`-` item' },
  { text: '1. item', markdown: '`1.` item' },
  { text: 'a\n\n# b', markdown: 'a `#` b' },
  { text: '`', markdown: '`` ` ``' },
  { text: 'deadbeef1 GH-7 !5 :x:', markdown: '`deadbeef1` `GH-7` `!5` `:x:`' },
  { text: 'metrics.performance.estimated_auc: none', markdown: '`metrics.performance.estimated_auc`: none' },
  { text: 'unknown field `ownr`, in (`a b`): `x|y`', markdown: 'unknown field `ownr`, in (`a b`): `x|y`' },
  { text: 'a`b` ``c`` `d', markdown: '`` a`b` `` ``` ``c`` ``` `` `d ``' },
  { text: '', markdown: '—' },
]

for (const { text, markdown } of cases)
  test(`prose ${JSON.stringify(text)} is ${markdown}`, () => assert.equal(prose(text).markdown, markdown))

test('a code span has a longer fence than its text, and no backslash touches a pipe', () => {
  assert.equal(code('a``b').markdown, '```a``b```')
  assert.equal(code('sex=F|race=B').markdown, '`sex=F|race=B`')
  assert.equal(code('a\\|b').markdown, '`a\\ |b`')
})

test('pipes are escaped in tables alone', () => {
  assert.equal(table(['H'], [[code('a|b')]]), '| H |\n| --- |\n| `a\\|b` |')
})

const PIECES = [
  '|',
  '`',
  '``',
  '\\',
  '\\|',
  '*',
  '_',
  '[x](y)',
  '![',
  '<b>',
  '<!--',
  '-->',
  '&amp;',
  '@ana',
  '#12',
  'http://e.x',
  '\n',
  '\r\n\r\n',
  '- ',
  '1. ',
  '# ',
  '===',
  '~~~',
  '$x$',
  '\u202e',
  '\u200b',
  '\0',
  '\u2028',
  ' ',
  'a',
  'ok',
  '0,74',
  ':)',
]
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 6 })), { maxLength: 8 })
  .map((parts) => parts.join(''))

/** The text with every code span replaced by `C`; backtick runs that close nothing stay. */
function withoutCode(markdown: string): string {
  return markdown.replace(/(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)/gs, 'C')
}

test('whatever a text holds, its cell stays one cell of one row', () => {
  fc.assert(
    fc.property(hostile, hostile, (a, b) => {
      const lines = table(
        ['H1', 'H2'],
        [
          [code(a), md`**${prose(b)}**: ${a}`],
          [prose(a), code(b)],
        ],
      ).split('\n')
      assert.equal(lines.length, 4)
      for (const line of lines) assert.equal([...line.matchAll(/(?<!\\)\|/g)].length, 3, line)
      for (const line of lines) assert.doesNotMatch(line, /\\\\\|/)
    }),
  )
})

test('whatever a text holds, nothing of it outside a code span is syntax, a mention, a reference, a link or HTML', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      for (const { markdown } of [prose(text), code(text)]) {
        assert.doesNotMatch(markdown, /[\p{Cc}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u)
        const outside = withoutCode(markdown)
        assert.doesNotMatch(outside, /[`@#<>&*_[\]\\|~$^=]|:\/\/|www\./i, markdown)
        assert.doesNotMatch(outside, /^(?:[-+]|\d{1,9}[.)])(?: |$)/)
      }
    }),
  )
})
