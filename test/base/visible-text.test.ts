import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { shownLines, visibleText } from '../../engine/base/visible-text.ts'

const cases: readonly { readonly name: string; readonly text: string; readonly shown: string }[] = [
  { name: 'plain words stay', text: 'Razão de impacto 0,74', shown: 'Razão de impacto 0,74' },
  { name: 'line ends and runs of spaces become one space', text: 'a\r\n\tb\u2028c\u0085d', shown: 'a b c d' },
  { name: 'colour sequences are dropped', text: '\u001b[31mred\u001b[0m', shown: 'red' },
  { name: 'a link sequence is dropped', text: '\u001b]8;;http://e.x\u0007here\u001b]8;;\u0007', shown: 'here' },
  { name: 'a lone escape is shown', text: 'a\u001bb', shown: 'a⟨U+001B⟩b' },
  { name: 'NUL and backspace are shown', text: 'a\0b\bc', shown: 'a⟨U+0000⟩b⟨U+0008⟩c' },
  { name: 'a bidi override is shown', text: 'a\u202eb', shown: 'a⟨U+202E⟩b' },
  {
    name: 'zero-width space, joiner and soft hyphen are shown',
    text: 'a\u200bb\u200dc\u00add',
    shown: 'a⟨U+200B⟩b⟨U+200D⟩c⟨U+00AD⟩d',
  },
  { name: 'tag characters are shown', text: 'a\u{e0041}', shown: 'a⟨U+E0041⟩' },
  { name: 'a Hangul filler is shown', text: 'a\u3164b', shown: 'a⟨U+3164⟩b' },
  { name: 'a lone surrogate becomes the replacement character', text: 'a\ud800b', shown: 'a\ufffdb' },
  { name: 'stacked marks are cut at four', text: `a${'\u0301'.repeat(40)}b`, shown: `a${'\u0301'.repeat(4)}b` },
]

for (const { name, text, shown } of cases) test(`visible text: ${name}`, () => assert.equal(visibleText(text), shown))

test('of each character it is the same whether the short way is gone or the long', () => {
  for (let unit = 0; unit < 0xffff; unit++) {
    const text = `a${String.fromCharCode(unit)}b`
    // A tab at the end is no more than a space, but is nothing plain.
    assert.equal(visibleText(text), visibleText(`${text}\t`), unit.toString(16))
  }
  for (const text of ['', ' ', ' a', 'a ', 'a  b', 'a b']) assert.equal(visibleText(text), visibleText(`${text}\t`))
})

test('a longer text is cut at a whole character, with an ellipsis', () => {
  assert.equal(visibleText('😀'.repeat(10), 4), '😀😀😀…')
  assert.equal(visibleText('x'.repeat(1_000_000), 5), 'xxxx…')
})

test('whatever comes in, one visible line of at most that length comes out', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      const line = visibleText(text, 40)
      assert.doesNotMatch(line, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u)
      assert.ok(line.isWellFormed())
      assert.ok([...line].length <= 40)
    }),
  )
})

test('lines for a terminal keep colours, line ends and tabs, and show every other control', () => {
  assert.equal(shownLines('\u001b[31mé\u001b[0m\n\tb'), '\u001b[31mé\u001b[0m\n\tb')
  assert.equal(shownLines('a\u001b[2Jb\u009b1mc\rd\u202ee\u0007'), 'a⟨U+001B⟩[2Jb⟨U+009B⟩1mc⟨U+000D⟩d⟨U+202E⟩e⟨U+0007⟩')
})
