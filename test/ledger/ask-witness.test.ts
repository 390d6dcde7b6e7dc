import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../../engine/base/fault.ts'
import { askWitness } from '../../engine/ledger/ask-witness.ts'
import { cosign } from '../../engine/ledger/cosignature.ts'
import { parseNote } from '../../engine/ledger/note.ts'
import { signerOfSeed } from '../../engine/ledger/note-key.ts'
import { parseWitnessRequest } from '../../engine/ledger/witness-request.ts'
import { append, filesOf, type MemoryLog, sampleEntries } from './memory-log.ts'

const WITNESS = signerOfSeed('witness.example', Buffer.alloc(32, 9), 'cosignature')
const OTHER = signerOfSeed('other.example', Buffer.alloc(32, 10), 'cosignature')
const NAMED = { name: 'witness.example', key: WITNESS.key, url: 'https://witness.example/w/' }

const log: MemoryLog = new Map()
append(log, sampleEntries(0, 300))
const note = log.get('checkpoint') ?? Buffer.of()
const text = parseNote(note)?.text ?? ''
const good = cosign(text, WITNESS, 7n)

type Answer = { readonly status: number; readonly body: string } | Error

/** Answers in turn, the last one again and again. */
function witness(answers: readonly Answer[]) {
  const asked: { url: string; old: bigint; hashes: number }[] = []
  const ask = (known = 0) =>
    askWitness(
      async (url, body) => {
        const request = parseWitnessRequest(body)
        asked.push({ url, old: request?.old ?? -1n, hashes: request?.proof.length ?? -1 })
        const answer = answers[Math.min(asked.length, answers.length) - 1] ?? new Error('none')
        if (answer instanceof Error) throw answer
        return { status: answer.status, bytes: Buffer.from(answer.body) }
      },
      NAMED,
      { note, read: filesOf(log).read, known },
    )
  return { ask, asked }
}

test('a witness is asked from the size that it says it knows, with the proof from there', async () => {
  const { ask, asked } = witness([
    { status: 409, body: '17\n' },
    { status: 200, body: good },
  ])
  const reply = await ask()
  assert.deepEqual(reply, { name: 'witness.example', state: 'cosigned', lines: Buffer.from(good) })
  assert.deepEqual(
    asked.map(({ url, old }) => [url, old]),
    [
      ['https://witness.example/w/add-checkpoint', 0n],
      ['https://witness.example/w/add-checkpoint', 17n],
    ],
  )
  assert.equal(asked[0]?.hashes, 0)
  assert.ok((asked[1]?.hashes ?? 0) > 3)
})

test('lines of others beside the right one are left out', async () => {
  const reply = await witness([{ status: 200, body: cosign(text, OTHER, 7n) + good }]).ask()
  assert.deepEqual(reply.state === 'cosigned' && Buffer.from(reply.lines).toString(), good)
})

const REFUSALS: readonly (readonly [what: string, answers: readonly Answer[], message: RegExp, rounds: number])[] = [
  ['an empty answer', [{ status: 200, body: '' }], /no cosignature that holds/, 1],
  ['a page of HTML', [{ status: 200, body: '<html>\n' }], /no cosignature that holds/, 1],
  ['the signature of another', [{ status: 200, body: cosign(text, OTHER, 7n) }], /no cosignature that holds/, 1],
  ['a signature of another text', [{ status: 200, body: cosign(`${text}x\n`, WITNESS, 7n) }], /no cosignature/, 1],
  ['a text that goes on', [{ status: 200, body: `\nmore\n\n${good}` }], /no cosignature that holds/, 1],
  ['a log that it does not know', [{ status: 404, body: 'unknown\n' }], /refuses \(404\): unknown/, 1],
  ['a bad proof', [{ status: 422, body: 'no\u001b[2J\n' }], /refuses \(422\).*: fork or rolled back$/s, 1],
  ['a redirect', [{ status: 302, body: '' }], /refuses \(302\)/, 1],
  ['409 without a size', [{ status: 409, body: 'conflict\n' }], /does not say what it knows/, 1],
  [
    'a larger log than ours',
    [{ status: 409, body: '301\n' }],
    /301 entries of this log, which now has 300: fork or rolled back$/,
    1,
  ],
  ['another log of this size', [{ status: 409, body: '300\n' }], /another log of 300 entries: fork or rolled back$/, 2],
  [
    'another size each time',
    [
      { status: 409, body: '1\n' },
      { status: 409, body: '2\n' },
      { status: 409, body: '3\n' },
    ],
    /again and again/,
    3,
  ],
  ['no answer', [new Fault('http/unreachable', 'gives no answer: none within 10 s')], /none within 10 s/, 1],
]

for (const [what, answers, message, rounds] of REFUSALS) {
  test(`${what} is no cosignature, and says why`, async () => {
    const { ask, asked } = witness(answers)
    const reply = await ask()
    assert.equal(reply.state, 'failed')
    assert.match(reply.state === 'failed' ? reply.message : '', message)
    assert.equal(asked.length, rounds)
    const isAgainst = /fork or rolled back/.test(message.source)
    assert.equal(reply.state === 'failed' && reply.refusal !== undefined, isAgainst)
  })
}

test('a log that lacks the tiles for the proof asks nothing more', async () => {
  const { asked, ask } = witness([{ status: 409, body: '17\n' }])
  log.delete('tile/0/000')
  assert.match(JSON.stringify(await ask()), /a tile is missing/)
  assert.equal(asked.length, 1)
})
