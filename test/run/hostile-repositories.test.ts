// Repositories that are not as they should be: what `check`, `plan` and `run` say of each, and that nothing is written in
// part. What is wrong inside files: hostile-files.test.ts.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { appendFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { type Answer, ask } from './ask-verb.ts'
import { git } from './finished-run.ts'
import { copyOf, giveKey, governedRepository, scratch, writeFiles } from './governed-repository.ts'
import {
  addSubmodule,
  changed,
  cloned,
  fresh,
  initialised,
  linkOut,
  POINTER,
  populated,
  RECORDED,
} from './odd-repositories.ts'

interface Case {
  readonly what: string
  readonly make: () => string
  /** Exit code, and the code of the fault or of the first error with its file; one answer for all verbs, or one each. */
  readonly says: string | { readonly check: string; readonly plan: string; readonly run: string }
  readonly ref?: string
}

const JUDGED = { check: '0', plan: '2', run: '2' }
const fault = (run: string) => ({ ...JUDGED, run: `1 ${run}` })

const CASES: readonly Case[] = [
  {
    what: 'no repository',
    make: scratch,
    says: {
      check: '3 load/no-governance policies/governance.yaml',
      plan: '3 load/no-governance policies/governance.yaml',
      run: '1 git/no-repository',
    },
  },
  { what: 'a folder that is not there', make: () => join(scratch(), 'gone'), says: '1 git/no-folder' },
  {
    what: 'an empty repository',
    make: initialised,
    says: {
      check: '3 load/no-governance policies/governance.yaml',
      plan: '3 load/no-governance policies/governance.yaml',
      run: '1 git/no-commits',
    },
  },
  { what: 'files, but no commit', make: () => populated(initialised()), says: fault('git/no-commits') },
  {
    what: 'no policies/',
    make: () => changed((folder) => rmSync(join(folder, 'policies'), { recursive: true })),
    says: '3 load/no-governance policies/governance.yaml',
  },
  {
    what: 'no key',
    make: () => changed((folder) => rmSync(join(folder, '.git/tutela/ledger.key')), false),
    says: fault('ledger/no-key'),
  },
  {
    what: 'no ledger/policy',
    make: () => governedRepository({ 'ledger/policy': null }),
    says: fault('ledger/no-policy'),
  },
  {
    what: 'a detached HEAD',
    make: () => changed((folder) => git(folder, 'checkout', '-q', '--detach'), false),
    says: fault('record/no-branch'),
  },
  {
    what: 'a detached HEAD with a record branch',
    make: () => {
      const folder = governedRepository(RECORDED)
      git(folder, 'checkout', '-q', '--detach')
      return folder
    },
    says: JUDGED,
  },
  { what: 'a ref that is not there', make: () => copyOf(fresh), ref: 'nope', says: '1 git/unknown-ref' },
  {
    what: 'a tag to be judged',
    make: () => changed((folder) => git(folder, 'tag', 'v1'), false),
    ref: 'v1',
    says: fault('record/no-branch'),
  },
  {
    what: 'a bare repository',
    make: () => {
      const folder = join(scratch(), 'bare.git')
      execFileSync('git', ['clone', '-q', '--bare', fresh, folder])
      giveKey(folder)
      git(folder, 'remote', 'remove', 'origin')
      return folder
    },
    says: { check: '1 git/bare', plan: '1 git/bare', run: '2' },
  },
  { what: 'a shallow clone', make: () => cloned('--depth=1'), says: JUDGED },
  {
    what: 'a partial clone',
    make: () => cloned('--filter=blob:none', '--sparse'),
    says: '1 git/lacking-object',
  },
  {
    what: 'a sparse checkout',
    make: () =>
      changed((folder) => git(folder, 'sparse-checkout', 'set', '--no-cone', '/policies/', '/ledger/'), false),
    says: JUDGED,
  },
  {
    what: 'a linked worktree',
    make: () => {
      const folder = join(scratch(), 'tree')
      git(copyOf(fresh), 'worktree', 'add', '-q', '-b', 'side', folder)
      return folder
    },
    says: JUDGED,
  },
  {
    what: 'a record branch that another worktree has',
    make: () => {
      const folder = governedRepository(RECORDED)
      git(folder, 'worktree', 'add', '-q', '-b', 'side', join(scratch(), 'tree'))
      return folder
    },
    says: fault('git/checked-out'),
  },
  { what: 'packed refs and objects', make: () => changed((folder) => git(folder, 'gc', '-q'), false), says: JUDGED },
  {
    what: 'core.autocrlf',
    make: () =>
      changed((folder) => {
        git(folder, 'config', 'core.autocrlf', 'true')
        for (const path of ['policies', 'models', 'ledger']) rmSync(join(folder, path), { recursive: true })
        git(folder, 'checkout', '-q', '--', '.')
      }, false),
    says: JUDGED,
  },
  {
    what: 'a SHA-256 repository',
    make: () => populated(initialised('--object-format=sha256')),
    says: '1 git/unknown-format',
  },
  {
    what: 'a reftable repository',
    make: () =>
      changed((folder) => {
        const format = '[core]\n\trepositoryformatversion = 1\n[extensions]\n\trefStorage = reftable\n'
        appendFileSync(join(folder, '.git/config'), format)
      }, false),
    says: '1 git/unknown-format',
  },
  {
    what: 'a lock that git left on the branch',
    make: () => changed((folder) => writeFileSync(join(folder, '.git/refs/heads/main.lock'), ''), false),
    says: fault('git/locked'),
  },
  {
    what: 'a lock that git left on the index',
    make: () => changed((folder) => writeFileSync(join(folder, '.git/index.lock'), ''), false),
    says: fault('git/locked'),
  },
  {
    what: 'a file of the working tree where the run writes',
    make: () => changed((folder) => writeFiles(folder, { 'ledger/checkpoint': 'mine\n' }), false),
    says: fault('git/dirty'),
  },
  {
    what: 'a checkpoint that is no checkpoint',
    make: () => governedRepository({ 'ledger/checkpoint': POINTER }),
    says: fault('ledger/does-not-extend'),
  },
  {
    what: 'a report that is none',
    make: () => governedRepository({ 'reports/latest.json': POINTER }),
    says: { check: '0', plan: '1 report/unreadable', run: '1 report/unreadable' },
  },
  {
    what: 'an LFS pointer as a policy',
    make: () => governedRepository({ 'policies/fairness.yaml': POINTER }),
    says: '3 load/lfs-pointer policies/fairness.yaml',
  },
  {
    what: 'an LFS pointer as settings',
    make: () => governedRepository({ 'policies/governance.yaml': POINTER }),
    says: '3 load/lfs-pointer policies/governance.yaml',
  },
  {
    what: 'an LFS pointer as a card',
    make: () => governedRepository({ 'models/credit/card.yaml': POINTER }),
    says: '3 load/lfs-pointer models/credit/card.yaml',
  },
  {
    what: 'an LFS pointer as snapshots',
    make: () => governedRepository({ 'models/snapshots/2026/11/21T00/credit.ndjson': POINTER }),
    says: '3 load/lfs-pointer models/snapshots/2026/11/21T00/credit.ndjson',
  },
  {
    what: 'a card that is a link out of the repository',
    make: () => changed(linkOut('models/fraud/card.yaml')),
    says: '3 load/link-outside models/fraud/card.yaml',
  },
  ...['ledger', 'models', 'models/fraud', 'models/snapshots', 'policies', 'policies/enforcement', 'reports'].map(
    (path) => ({
      what: `a link out of the repository as ${path}`,
      make: () => changed(linkOut(path)),
      says: `3 load/not-a-folder ${path}`,
    }),
  ),
  {
    what: 'a submodule as a model',
    make: () => changed(addSubmodule('models/sub'), false),
    says: '3 load/not-a-folder models/sub',
  },
  {
    what: 'a submodule as all models',
    make: () => changed(addSubmodule('models'), false),
    says: { check: '0', plan: '0', run: '3 load/not-a-folder models' },
  },
  {
    what: 'snapshots behind a link',
    make: () => changed(linkOut('models/snapshots/2026')),
    says: '3 load/not-a-file models/snapshots/2026',
  },
]

function told({ exit, fault: failed, diagnostics }: Answer): string {
  const error = diagnostics.find(({ severity }) => severity === 'error')
  if (failed !== null) return `${exit} ${failed.code}`
  return error === undefined ? `${exit}` : `${exit} ${error.code} ${error.file}`
}

/** Refs and the names of all files that are no objects: what a verb that fails must leave as it was. */
function written(folder: string): readonly string[] {
  try {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    const own = files.filter((name) => !/(^|\.git\/)(objects|tutela\/(locks|lock-claims|cache))(\/|$)/.test(name))
    return own.filter((name) => /\.git\/(refs|HEAD|packed)|^[^.]/.test(name)).sort()
  } catch {
    return []
  }
}

describe('a repository with', () => {
  for (const { what, make, says, ref } of CASES) {
    test(what, async () => {
      const expected = typeof says === 'string' ? { check: says, plan: says, run: says } : says
      const folder = make()
      const before = written(folder)
      for (const verb of ['check', 'plan', 'run'] as const) {
        const answer = await ask(verb, folder, { ref: ref ?? null })
        assert.equal(told(answer), expected[verb], `${verb}: ${JSON.stringify(answer.fault ?? answer.diagnostics)}`)
        if (answer.fault !== null) {
          assert.ok((answer.fault.hint ?? '').length > 5, `${verb}: no hint`)
          assert.doesNotMatch(answer.fault.message, /\n\s+at |internal error/)
        }
        if (verb !== 'run' || answer.fault !== null) assert.deepEqual(written(folder), before, verb)
      }
      const doctor = await ask('doctor', folder, { ref: ref ?? null })
      assert.equal(doctor.fault, null)
    })
  }
})
