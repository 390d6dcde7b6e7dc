// Hints that can be followed: what they say to write must be accepted where it is written.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkRepository } from '../../engine/commands/check-repository.ts'
import { type MemoryFile, memoryTree } from '../memory-tree.ts'
import { CARD, policyWith, SOUND_FILES } from './sound-files.ts'

/** `code: message | hint` of what is told of a file. */
function told(file: string, content: MemoryFile): string[] {
  const { diagnostics } = checkRepository(memoryTree({ ...SOUND_FILES, [file]: content }), { now: 0 })
  return diagnostics
    .filter((one) => one.file === file)
    .map(({ code, message, hint }) => `${code}: ${message} | ${hint}`)
}

const policy = (limit: string) => policyWith(`  - { id: a, metric: performance.ece, ${limit} }\n`)

const CASES: readonly [name: string, file: string, content: string, wanted: RegExp][] = [
  [
    'a folder whose name is no id is renamed',
    'models/Caps/card.yaml',
    CARD,
    /id-and-folder: .*\| rename the folder to `credit`/,
  ],
  [
    'a file, too',
    'policies/Drift One.yaml',
    policy('atMost: 0.5'),
    /id-and-file: .*\| rename the file to `drift\.yaml`/,
  ],
  [
    'a reversed `between` is said to be',
    'policies/drift.yaml',
    policy('between: [0.9, 0.5]'),
    /is reversed: 0\.9 is above 0\.5 \| .*`\[0\.5, 0\.9\]`/,
  ],
  [
    'a decimal comma is said to be',
    'policies/drift.yaml',
    policy('atMost: 0,7'),
    /unknown field `7` \| .*with a point, `0\.7`/,
  ],
  [
    'an unknown number is no decimal comma',
    'policies/drift.yaml',
    policy('atMost: 0.5, 7: 1'),
    /unknown field `7` \| fields here/,
  ],
]

for (const [name, file, content, wanted] of CASES) {
  test(name, () => {
    const found = told(file, content)
    assert.ok(
      found.some((one) => wanted.test(one)),
      found.join('\n'),
    )
  })
}

test('of a hundred aliases the first are told, and how many more there are', () => {
  const bomb = `${policy('atMost: 0.5')}params: { a: &a [x], ${Array.from({ length: 100 }, (_, i) => `p${i}: *a`).join(', ')} }\n`
  const aliases = told('policies/drift.yaml', bomb).filter((one) => one.startsWith('load/yaml-alias'))
  assert.equal(aliases.length, 5)
  assert.match(aliases.at(-1) ?? '', /95 more of them follow in this file/)
})
