// What crash.test.ts kills: a run's commit, its ref, the files that follow, and a ref removed from packed-refs.
// Doing it again finishes what was begun; so the test calls `actOn` itself after each kill.
import { pathToFileURL } from 'node:url'
import { openGitStore } from '../../../engine/adapters/git/open-store.ts'
import { Fault } from '../../../engine/base/fault.ts'
import type { ObjectId } from '../../../engine/world.ts'

const PERSON = { name: 'Ana', email: 'ana@example.org', at: 1_767_225_601 }
const GONE = 'refs/tutela/gone'

/** `count` files are written; above some tens they become a pack. The commit's id. */
export function actOn(folder: string, count: number): ObjectId {
  const store = openGitStore(folder, { userConfig: false })
  const base = store?.resolve('refs/heads/base') ?? null
  if (store === null || base === null) throw new Error('no repository')
  const changes = new Map<string, Uint8Array | null>([['models/old', null]])
  for (let i = 0; i < count; i++) changes.set(`reports/${i}`, Buffer.from(`${i}\n`))
  const id = store.writeCommit({ base, parents: [base], changes, message: 'run\n', author: PERSON, committer: PERSON })
  if (store.resolve('HEAD') !== id) store.updateRef({ ref: 'HEAD', expect: base, to: id })
  store.followCheckout(base, id, [...changes.keys()])
  const gone = store.resolve(GONE)
  if (gone !== null) store.updateRef({ ref: GONE, expect: gone, to: null })
  store.foldPacks()
  return id
}

const [, script, folder, count] = process.argv
if (script !== undefined && folder !== undefined && import.meta.url === pathToFileURL(script).href) {
  try {
    actOn(folder, Number(count))
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    console.log(error.code)
  }
}
