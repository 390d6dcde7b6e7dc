// Adds files to `main` one commit at a time, beginning anew whenever the ref has moved. Two of these race in crash.test.ts.
import { openGitStore } from '../../../engine/adapters/git/open-store.ts'

const [, , folder = '', name = '', count = '0'] = process.argv
const store = openGitStore(folder, { userConfig: false })
if (store === null) throw new Error('no repository')
const person = { name, email: `${name}@example.org`, at: 1_767_225_600 }
for (let i = 0; i < Number(count); i++) {
  for (let isDone = false; !isDone; ) {
    const base = store.resolve('refs/heads/main')
    const changes = new Map([[`${name}-${i}`, Buffer.from(`${i}\n`)]])
    const parents = base === null ? [] : [base]
    const to = store.writeCommit({
      base,
      parents,
      changes,
      message: `${name} ${i}\n`,
      author: person,
      committer: person,
    })
    isDone = store.updateRef({ ref: 'refs/heads/main', expect: base, to })
  }
}
