// A proposal that runs have recorded and whose ref somebody deletes: every verb says it, and no decision is taken anew.
import assert from 'node:assert/strict'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { command as doctor } from '../../engine/commands/doctor.ts'
import { command as gate } from '../../engine/commands/gate.ts'
import { command as plan } from '../../engine/commands/plan.ts'
import { command as pr } from '../../engine/commands/pr.ts'
import type { GitStore } from '../../engine/world.ts'
import { askCommand } from '../ask-command.ts'
import { BY_APPROVAL, copyOf, governedRepository, openStore, runIn } from '../run/governed-repository.ts'

const REF = 'refs/tutela/proposals/'
const LATER = '2026-11-22T10:00:00Z'

const made = (async () => {
  const folder = governedRepository(BY_APPROVAL)
  appendFileSync(join(folder, '.git/config'), '[user]\n\tname = Ana\n\temail = ana@example.org\n')
  await runIn(folder)
  return folder
})()

/** The first proposal, after a run that recorded what `word` says of it, and without its ref. */
async function gone(word: 'nothing' | 'rejected') {
  const folder = copyOf(await made)
  const store = openStore(folder)
  const ref = store.listRefs(REF)[0]?.ref ?? ''
  const id = ref.slice(REF.length)
  if (word === 'rejected') await askCommand(pr, folder, { args: ['reject', id], options: { reason: 'not this month' } })
  await runIn(folder, '2026-11-22T09:00:00Z')
  const recorded = store.resolve(ref) ?? ''
  remove(store, ref)
  return { folder, store, ref, id, recorded }
}

function remove(store: GitStore, ref: string): void {
  assert.ok(store.updateRef({ ref, expect: store.resolve(ref), to: null }))
}

describe('a proposal whose ref is deleted', () => {
  test('plan, pr list and gate say so with the command that puts it back; doctor exits 1 with the same', async () => {
    const { folder, store, ref, id, recorded } = await gone('rejected')
    const command = `git update-ref ${ref} ${recorded}`
    const asked = [
      await askCommand(plan, folder, { now: LATER }),
      await askCommand(plan, folder, { now: LATER, globals: { format: 'json' } }),
      await askCommand(pr, folder, { args: ['list'], now: LATER }),
      await askCommand(gate, folder, { options: { base: 'HEAD', head: 'HEAD' }, now: LATER }),
    ]
    for (const { notes } of asked) {
      assert.equal(notes.length, 1)
      assert.match(notes[0] ?? '', new RegExp(`without a ref here.* proposal ${id}: put it back with \`${command}\``))
    }
    const found = await askCommand(doctor, folder, { now: LATER })
    assert.equal(found.exit, 1)
    assert.match(found.text(), new RegExp(`✗ proposals +recorded, and without a ref here: ${id}\n +fix: .*${command}`))
    store.updateRef({ ref, expect: null, to: recorded })
    assert.deepEqual((await askCommand(plan, folder, { now: LATER })).notes, [])
    assert.doesNotMatch((await askCommand(doctor, folder, { now: LATER })).text(), /without a ref/)
  })

  test('a run does not decide anew what people decided; with the ref put back it goes on', async () => {
    const { folder, store, ref, recorded } = await gone('rejected')
    await assert.rejects(runIn(folder, LATER), ({ code, message, hint }) => {
      assert.equal(code, 'forge/rewound')
      assert.match(message, /lacks what is recorded of it \(opened on .*, rejected on .*\): it was deleted$/)
      assert.match(hint, new RegExp(`^\`git update-ref ${ref} ${recorded}\``))
      return true
    })
    assert.equal(store.resolve(ref), null)
    store.updateRef({ ref, expect: null, to: recorded })
    await runIn(folder, LATER)
    assert.equal(store.resolve(ref), recorded)
  })

  test('nor is one of which only the engine has spoken opened again beside its branch', async () => {
    const { folder, ref, recorded } = await gone('nothing')
    await assert.rejects(runIn(folder, LATER), ({ code, message, hint }) => {
      assert.equal(code, 'forge/rewound')
      assert.match(message, /\(opened on .*\): it was deleted$/)
      assert.ok(hint.includes(`git update-ref ${ref} ${recorded}`))
      return true
    })
  })

  test('a record of another history, as a copied example has it, speaks of no proposal here', async () => {
    const { folder } = await gone('rejected')
    const other = governedRepository(recordOf(openStore(folder)))
    assert.deepEqual((await askCommand(plan, other, { now: LATER })).notes, [])
  })
})

/** What runs have written, as files. */
function recordOf(store: GitStore): Record<string, string> {
  const tree = store.commitTree(store.resolve('HEAD') ?? '')
  const files = tree.list(['reports']).map(({ path }) => [path, Buffer.from(tree.read(path)).toString('utf8')] as const)
  assert.ok(files.some(([path]) => path === 'reports/latest.json'))
  return Object.fromEntries(files)
}
