// The cache never changes a result: with it, without it, spoilt in any way, and after any change of what it was made from.
import assert from 'node:assert/strict'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { openCacheFolder } from '../../engine/adapters/cache-folder.ts'
import { commitAll } from '../scratch-repository.ts'
import { MemoryCache, planOf } from './cached-plan.ts'

const ROOT = join(import.meta.dirname, '../..')
const NOW = '2014-05-02T06:00:00Z'
const COMPAS = 'models/snapshots/2014/04/01T00/compas.ndjson'
let folder = ''

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'tutela-cache-'))
  for (const name of ['policies', 'models']) cpSync(join(ROOT, name), join(folder, name), { recursive: true })
  commitAll(folder)
})
after(() => rmSync(folder, { recursive: true, force: true }))

const fresh = (now = NOW, more: object = {}) => planOf(folder, { now, cache: null, ...more })
const file = (path: string) => readFileSync(join(folder, path), 'utf8')
const write = (path: string, text: string) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}
const content = (path: string) => path.startsWith('models/') || /^policies\/(?!governance)/.test(path)

test('a plan with a cache, new or filled, is the plan without one', async () => {
  const cache = new MemoryCache()
  const plain = await fresh()
  let writes = 0
  for (const round of ['new', 'filled', 'filled again']) {
    const { text, exit } = await planOf(folder, { now: NOW, cache })
    if (round === 'new') writes = cache.writes
    assert.equal(text, plain.text, round)
    assert.equal(exit, plain.exit, round)
  }
  assert.equal(cache.writes, writes)
})

test('where nothing changed no card, snapshot or policy is read, whatever the time within its bounds', async () => {
  const late = '2015-02-01T06:00:00Z' // when no window is ahead
  const cache = new MemoryCache()
  await planOf(folder, { now: late, cache })
  for (const now of [late, '2015-02-01T06:00:01Z', '2015-02-01T06:00:59Z']) {
    const { reads, text, exit } = await planOf(folder, { now, cache })
    assert.deepEqual(reads, [], now)
    const plain = await fresh(now)
    assert.equal(text, plain.text, now)
    assert.equal(exit, plain.exit, now)
  }
})

test('what is new is added beside what is kept, and all is written into one before there is too much', async () => {
  const cache = new MemoryCache()
  const segments = () => [...cache.files.keys()].filter((name) => name.startsWith('found-'))
  await planOf(folder, { now: NOW, cache })
  const [first = ''] = segments()
  const whole = file(COMPAS)
  let most = 0
  for (let i = 0; i < 40; i++) {
    write(COMPAS, whole.replace(/"value":0\.\d/, `"value":0.${i}`))
    const { text } = await planOf(folder, { now: NOW, cache })
    if (i === 0) assert.ok(segments().length === 2 ? segments().includes(first) : segments().length === 1)
    if (i % 13 === 0) assert.equal(text, (await fresh()).text)
    most = Math.max(most, segments().length)
  }
  assert.ok(most <= 17, `${most} segments`)
  write(COMPAS, whole)
})

test('of one changed snapshot, that model alone is judged anew', async () => {
  const cache = new MemoryCache()
  await planOf(folder, { now: NOW, cache })
  const whole = file(COMPAS)
  write(COMPAS, whole.replace('"n":', '"n":1'))
  const { reads, text } = await planOf(folder, { now: NOW, cache })
  assert.deepEqual(
    reads.filter((path) => path.includes('small-business-credit')),
    [],
  )
  assert.equal(text, (await fresh()).text)
  write(COMPAS, whole)
})

/** Each is done to the repository in turn, with one cache over all of them. */
const CHANGES: readonly { readonly name: string; readonly now?: string; readonly lang?: 'pt' | 'en'; do?(): void }[] = [
  { name: 'nothing' },
  { name: 'a second later', now: '2014-05-02T06:00:01Z' },
  { name: 'past the next staleness', now: '2015-01-01T00:00:00Z' },
  { name: 'back again' },
  { name: 'before the last windows ended', now: '2014-02-15T00:00:00Z' },
  { name: 'another language', lang: 'en' },
  {
    name: 'a comment that moves a rule by a line',
    do: () => write('policies/drift.yaml', `# moved\n${file('policies/drift.yaml')}`),
  },
  { name: 'a value of a snapshot', do: () => write(COMPAS, file(COMPAS).replace(/"value":0\.\d/, '"value":0.9')) },
  { name: 'a torn snapshot', do: () => write(COMPAS, file(COMPAS).slice(0, -20)) },
  { name: 'the snapshot gone', do: () => rmSync(join(folder, COMPAS)) },
  {
    name: 'a title of a card',
    do: () => write('models/compas/card.yaml', file('models/compas/card.yaml').replace(/^title: .*/m, 'title: Other')),
  },
  {
    name: 'a card that is none',
    do: () => write('models/compas/card.yaml', `${file('models/compas/card.yaml')}\nwhat: 1\n`),
  },
  {
    name: 'the card again',
    do: () => write('models/compas/card.yaml', file('models/compas/card.yaml').replace('\nwhat: 1\n', '')),
  },
  {
    name: 'a line with errors in the file of another model',
    do: () =>
      write(
        'models/snapshots/2014/05/01T00/small-business-credit.ndjson',
        file('models/snapshots/2014/03/01T00/compas.ndjson'),
      ),
  },
  {
    name: 'that file gone',
    do: () => rmSync(join(folder, 'models/snapshots/2014/05/01T00/small-business-credit.ndjson')),
  },
  {
    name: 'a folded day',
    do: () => {
      write('models/snapshots/2014/03/01.ndjson', file('models/snapshots/2014/03/01T00/compas.ndjson'))
      rmSync(join(folder, 'models/snapshots/2014/03/01T00'), { recursive: true })
    },
  },
  {
    name: 'a file of a model that nobody has',
    do: () => write('models/snapshots/2014/04/01T00/nobody.ndjson', '{}\n'),
  },
  { name: 'a policy gone', do: () => rmSync(join(folder, 'policies/drift.yaml')) },
  { name: 'a policy that cannot be read', do: () => write('policies/drift.yaml', 'kind: Policy\n') },
  { name: 'and without it', do: () => rmSync(join(folder, 'policies/drift.yaml')) },
  {
    name: 'a model more',
    do: () => write('models/other/card.yaml', file('models/compas/card.yaml').replace(/^id: .*/m, 'id: other')),
  },
  {
    name: 'a model renamed',
    do: () => {
      rmSync(join(folder, 'models/other'), { recursive: true })
      write(
        'models/recidivism/card.yaml',
        file('models/compas/card.yaml').replace(/^id: .*/m, 'id: recidivism\nformerly: [compas]'),
      )
      rmSync(join(folder, 'models/compas'), { recursive: true })
    },
  },
]

test('after any change, in turn, the plan is the one that would be made without a cache', async () => {
  const cache = new MemoryCache()
  for (const change of CHANGES) {
    change.do?.()
    const { now = NOW, lang } = change
    const asked = lang === undefined ? {} : { lang }
    const plain = await fresh(now, asked)
    for (const round of ['first', 'second']) {
      const { text, exit } = await planOf(folder, { now, cache, ...asked })
      assert.equal(text, plain.text, `${change.name}, ${round}`)
      assert.equal(exit, plain.exit, `${change.name}, ${round}`)
    }
  }
  assert.ok(cache.writes > CHANGES.length / 2)
})

test('each way of printing has a plan of its own', async () => {
  const cache = new MemoryCache()
  await planOf(folder, { now: NOW, cache })
  for (const more of [{ findings: 'all' }, { findings: 'fail' }, { format: 'text' }, { lang: 'en' }] as const) {
    const [plain, cached] = [await fresh(NOW, more), await planOf(folder, { now: NOW, cache, ...more })]
    assert.equal(cached.text, plain.text, JSON.stringify(more))
  }
})

/** What can become of a file. */
const SPOILT: readonly { readonly name: string; spoil(bytes: Buffer): Uint8Array }[] = [
  { name: 'empty', spoil: () => new Uint8Array() },
  { name: 'another text', spoil: () => Buffer.from('tutela-cache-1 0 0\n') },
  {
    name: 'no number where one is due',
    spoil: (b) => Buffer.from(b.toString('latin1').replace(/ \d+\n/, ' x\n'), 'latin1'),
  },
  ...[1, 40, 1000].map((n) => ({ name: `${n} bytes short`, spoil: (b: Buffer) => b.subarray(0, -n) })),
  ...[0, 0.01, 0.3, 0.6, 0.99].map((share) => ({
    name: `a bit turned at ${share}`,
    spoil: (b: Buffer) => {
      const spoilt = Buffer.from(b)
      const at = Math.floor(b.length * share)
      spoilt[at] = (spoilt[at] ?? 0) ^ 1
      return spoilt
    },
  })),
  { name: 'bytes more', spoil: (b) => Buffer.concat([b, b.subarray(0, 100)]) },
]

for (const { name, spoil } of SPOILT) {
  test(`a spoilt cache is as good as none: ${name}`, async () => {
    const cache = new MemoryCache()
    const plain = await planOf(folder, { now: NOW, cache })
    for (const [path, bytes] of cache.files) cache.files.set(path, spoil(Buffer.from(bytes)))
    const { text, reads } = await planOf(folder, { now: NOW, cache })
    assert.equal(text, plain.text)
    assert.ok(reads.filter(content).length > 0, 'nothing was read anew')
  })
}

test('of all files of the cache any may be lost or spoilt alone', async () => {
  const cache = new MemoryCache()
  const plain = await planOf(folder, { now: NOW, cache })
  const whole = new Map(cache.files)
  for (const [name, bytes] of whole) {
    for (const spoil of [() => null, (b: Uint8Array) => b.subarray(0, b.length >> 1), flipped]) {
      cache.files.clear()
      for (const [other, content] of whole) cache.files.set(other, content)
      const spoilt = spoil(bytes)
      if (spoilt === null) cache.files.delete(name)
      else cache.files.set(name, spoilt)
      for (const now of [NOW, '2014-05-02T06:00:01Z']) {
        const { text } = await planOf(folder, { now, cache })
        assert.equal(text, now === NOW ? plain.text : (await fresh(now)).text, `${name} ${now}`)
      }
    }
  }
})

function flipped(bytes: Uint8Array): Uint8Array {
  const spoilt = Uint8Array.from(bytes)
  const at = spoilt.length >> 1
  spoilt[at] = (spoilt[at] ?? 0) ^ 16
  return spoilt
}

test('what another engine wrote is not used', async () => {
  const cache = new MemoryCache()
  await planOf(folder, { now: NOW, cache })
  cache.engine = 'engine 2'
  const { reads, text } = await planOf(folder, { now: NOW, cache })
  assert.ok(reads.filter(content).length > 0)
  assert.equal(text, (await fresh()).text)
})

test('a cache that cannot be written changes nothing, and no folder is a fault', async () => {
  const cache = new MemoryCache()
  cache.isReadOnly = true
  const plain = await fresh()
  assert.equal((await planOf(folder, { now: NOW, cache })).text, plain.text)
  const scratch = mkdtempSync(join(tmpdir(), 'tutela-cache-'))
  try {
    writeFileSync(join(scratch, 'tutela'), 'a file where the folder should be')
    const blocked = openCacheFolder(scratch)
    assert.equal(blocked.write('x', [Buffer.from('x')]), false)
    assert.equal(blocked.read('x'), null)
    assert.equal((await planOf(folder, { now: NOW, cache: blocked })).text, plain.text)
  } finally {
    rmSync(scratch, { recursive: true })
  }
})

test('the folder on disk gives back what it was given, in any number of pieces', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'tutela-cache-'))
  try {
    const cache = openCacheFolder(scratch)
    const pieces = Array.from({ length: 1500 }, (_, i) => Buffer.alloc(i % 7, i))
    assert.equal(cache.write('x', pieces), true)
    assert.deepEqual(cache.read('x'), Buffer.concat(pieces))
    assert.equal(openCacheFolder(scratch).engine, cache.engine)
  } finally {
    rmSync(scratch, { recursive: true })
  }
})
