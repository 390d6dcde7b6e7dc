// One Portuguese word for each thing, wherever it is read: in the words of verbs, reports and the kit, and in documents.
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const ROOT = join(import.meta.dirname, '../..')

/** What each thing is called, and what it was called elsewhere. */
const GLOSSARY: readonly { readonly thing: string; readonly word: string; readonly not: RegExp }[] = [
  { thing: 'model card', word: 'ficha do modelo', not: /\bcart(?:ão|ões)\b/iu },
  { thing: 'snapshot', word: 'instantâneo', not: /\bretratos?\b|\bsnapshots?\b/iu },
  { thing: 'ledger', word: 'registro', not: /\blivros?\b/iu },
  { thing: 'ledger entry', word: 'entrada', not: /\b(?:estes|esses|…) registros\b|\bregistros do registro\b/iu },
  { thing: 'merged', word: 'incorporada', not: /\bintegrad[ao]s?\b|\bmesclad[ao]s?\b|\bintegraç(?:ão|ões)\b/iu },
  { thing: 'finding', word: 'achado', not: /\bconstataç(?:ão|ões)\b/iu },
  { thing: 'pinned', word: 'fixado', not: /\bancor\p{L}+|\bâncoras?\b/iu },
]

const WORDS = ['engine/**/*.pt.ts', 'test/docs/*.pt.ts']
const DOCUMENTS = ['docs/*.pt.md', 'models/*/*.pt.md']

test('a thing has one Portuguese word', () => {
  const texts = [...filesOf(WORDS).map(wordsIn), ...filesOf(DOCUMENTS).map(proseIn)]
  assert.ok(texts.length > 10, `${texts.length} files`)
  const strangers = texts.flatMap(({ path, text }) =>
    GLOSSARY.flatMap(({ thing, word, not }) => {
      const found = not.exec(text)
      return found === null ? [] : [`${path}: a ${thing} is \`${word}\`, not \`${found[0]}\``]
    }),
  )
  assert.deepEqual(strangers, [])
})

test('each word of the glossary is used', () => {
  const all = [...filesOf(WORDS).map(wordsIn), ...filesOf(DOCUMENTS).map(proseIn)].map(({ text }) => text).join('\n')
  assert.deepEqual(
    GLOSSARY.filter(({ word }) => !all.toLowerCase().includes(word)).map(({ word }) => word),
    [],
  )
})

interface Text {
  readonly path: string
  readonly text: string
}

function filesOf(patterns: readonly string[]): string[] {
  return patterns.flatMap((pattern) => globSync(pattern, { cwd: ROOT })).sort()
}

/** Texts between quotes, with `…` in place of what is put into them; names of properties and code are none. */
function wordsIn(path: string): Text {
  const source = readFileSync(join(ROOT, path), 'utf8').replace(/^ *(?:\/\/|\/?\*).*$|^ *'[^']*':/gm, '')
  const texts = source.matchAll(/'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`/g)
  const said = [...texts].map(([, quoted, template]) => quoted ?? template ?? '')
  return {
    path,
    text: withoutCode(
      said
        .join('\n')
        .replace(/\$\{[^}]*\}/g, '…')
        .replaceAll('\\`', '`'),
    ),
  }
}

function proseIn(path: string): Text {
  return { path, text: withoutCode(readFileSync(join(ROOT, path), 'utf8')) }
}

/** Code blocks and spans, file names and addresses are the program's own words. */
function withoutCode(text: string): string {
  return text
    .replace(/^```[\s\S]*?^```/gm, '')
    .replace(/`[^`\n]*`/g, '')
    .replace(/\]\([^)]*\)/g, ']')
    .replace(/[\w.<>…-]+\/[\w./<>…-]+/g, '')
}
