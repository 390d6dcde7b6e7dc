// A draft of a proposal on a repository, and small steps that people take, for tests of the local forge.
import { digestOf } from '../../../engine/base/canonical-json.ts'
import { proposalBranch, proposalKey } from '../../../engine/remediate/identity.ts'
import { sourceDigest } from '../../../engine/remediate/proposal-action.ts'
import type { GitStore, ProposalDraft } from '../../../engine/world.ts'

export const CARD = 'models/credit/card.yaml'
export const FILES = { [CARD]: 'version: "2"\n', 'README.md': 'hello\n' }
export const ENGINE = { name: 'Tutela', email: 'tutela@localhost' }
export const KEY = proposalKey('credit', 'production', 'rollback')
export const ID = KEY.slice(0, 10)
export const BRANCH = proposalBranch(KEY, 'credit', 'rollback')
export const MAIN = 'refs/heads/main'
export const EVIDENCE = digestOf('facts').slice(7)

export const day = (n: number) => `2026-11-${String(n).padStart(2, '0')}T06:00:00Z`

/** `run` counts from 0: each is another run. */
export function draft(git: GitStore, run: number, changed: Partial<ProposalDraft> = {}): ProposalDraft {
  const at = day(run + 1)
  const author = { ...ENGINE, at: Date.parse(at) / 1000 }
  return {
    key: KEY,
    evidence: EVIDENCE,
    model: 'credit',
    environment: 'production',
    action: 'rollback',
    branch: BRANCH,
    title: 'Roll credit back',
    body: `# Roll credit back\n\nrun ${run}\n`,
    violations: [['drift', 'limit', 'income']],
    target: '1',
    window: null,
    source: sourceDigest(FILES[CARD] ?? ''),
    base: git.resolve('main') ?? '',
    commit: { changes: new Map([[CARD, Buffer.from('version: "1"\n')]]), message: `run ${run}\n`, author },
    at,
    run: String(run).padStart(16, '0'),
    ...changed,
  }
}

/** A commit of a person on a branch; its id. */
export function commitBy(git: GitStore, branch: string, files: Readonly<Record<string, string>>, name = 'Rui'): string {
  const tip = git.resolve(branch) ?? ''
  const person = { name, email: `${name.toLowerCase()}@example.org`, at: 1_800_000_000 }
  const changes = new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]))
  const commit = git.writeCommit({
    base: tip,
    parents: [tip],
    changes,
    message: `${name}\n`,
    author: person,
    committer: person,
  })
  git.updateRef({ ref: branch, expect: tip, to: commit })
  return commit
}
