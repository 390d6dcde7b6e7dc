// The engine and the slow reference evaluator say the same of every repository, and what holds for all of them.
import assert from 'node:assert/strict'
import test from 'node:test'
import * as fc from 'fast-check'
import type { Judgement, Outcome } from '../../engine/domain/finding.ts'
import { modelDigest, planDigest } from '../../engine/evaluate/digest.ts'
import { judgeSlowly } from '../reference-evaluator/reference-evaluator.ts'
import type { Repository } from '../reference-evaluator/repository.ts'
import { judgeRepository } from './judge-world.ts'
import { repositories } from './random-repository.ts'

const RUNS = { numRuns: Number(process.env.RUNS ?? 200) }

function withoutWords(judgements: readonly Judgement[]) {
  return judgements.map(({ verdict, findings }) => ({
    verdict,
    findings: findings.map(({ message: _, ...finding }) => finding),
  }))
}

function holdsForAll(law: (repository: Repository, any: number) => void): void {
  fc.assert(fc.property(repositories, fc.nat(), law), RUNS)
}

function shuffled<T>(list: readonly T[], any: number): T[] {
  const rest = [...list]
  const result: T[] = []
  for (let n = any; rest.length > 0; n = Math.floor(n / 3) + 1) result.push(...rest.splice(n % rest.length, 1))
  return result
}

test('the engine equals the slow reference evaluator on every field but the words', () => {
  holdsForAll((repository) => {
    assert.deepEqual(withoutWords(judgeRepository(repository, 'all')), judgeSlowly(repository))
  })
})

test('passes that are not kept change nothing else', () => {
  holdsForAll((repository) => {
    const all = judgeRepository(repository, 'all')
    const few = judgeRepository(repository, 'not-pass')
    const unclear = all.map((j) => ({ ...j, findings: j.findings.filter((f) => f.outcome !== 'pass') }))
    assert.deepEqual(few, unclear)
    assert.equal(planDigest(modelDigest(few)), planDigest(modelDigest(all)))
  })
})

test('the order of snapshots, policies, rules, waivers and cards means nothing', () => {
  holdsForAll((repository, any) => {
    const { rulebook } = repository
    const policies = shuffled(rulebook.policies, any).map((p) => ({ ...p, rules: shuffled(p.rules, any) }))
    const mixed = {
      ...repository,
      snapshots: shuffled(repository.snapshots, any),
      cards: shuffled(repository.cards, any),
      rulebook: { ...rulebook, policies, waivers: shuffled(rulebook.waivers, any) },
    }
    assert.deepEqual(judgeRepository(mixed, 'all'), judgeRepository(repository, 'all'))
    assert.equal(
      planDigest(shuffled(modelDigest(judgeRepository(mixed, 'not-pass')), any)),
      planDigest(modelDigest(judgeRepository(repository, 'not-pass'))),
    )
  })
})

test('a waiver changes no outcome, and turns nothing into a pass', () => {
  holdsForAll((repository) => {
    const without = judgeRepository({ ...repository, rulebook: { ...repository.rulebook, waivers: [] } }, 'all')
    judgeRepository(repository, 'all').forEach((judged, i) => {
      const plain = without[i]
      assert.deepEqual(
        judged.findings.map(({ waiver: _, ...finding }) => finding),
        plain?.findings,
      )
      assert.equal(judged.verdict.counts.pass, plain?.verdict.counts.pass)
      for (const { waiver, outcome } of judged.findings) if (waiver !== undefined) assert.equal(outcome, 'fail')
      if (plain?.verdict.outcome !== 'pass') assert.notEqual(judged.verdict.outcome, 'pass')
    })
  })
})

test('a verdict is the worst of its findings: fail, error, warn, skip, pass', () => {
  const worse: readonly Outcome[] = ['fail', 'error', 'warn', 'skip', 'pass']
  holdsForAll((repository) => {
    for (const { verdict, findings } of judgeRepository(repository, 'all')) {
      const effective = findings.map((f) => (f.waiver === undefined ? f.outcome : 'warn'))
      const worst = Math.min(...effective.map((o) => worse.indexOf(o)), worse.length)
      assert.equal(verdict.outcome, worse[worst] ?? 'skip')
      assert.equal(verdict.cause === 'no-policy', findings.length === 0)
    }
  })
})

test('until `holdsUntil` time alone changes nothing', () => {
  holdsForAll((repository, any) => {
    const { now } = repository
    const ended = {
      ...repository,
      snapshots: repository.snapshots.filter((s) => Date.parse(s.snapshot.window.end) <= now),
    }
    for (const judged of judgeRepository(ended, 'all')) {
      assert.ok(judged.holdsUntil >= now)
      const last = Math.min(judged.holdsUntil, now + 400 * 86_400_000)
      const between = now + Math.floor(((last - now) / 1000) * ((any % 1000) / 999)) * 1000
      for (const later of [between, last]) {
        const again = judgeRepository({ ...ended, now: later }, 'all').find(
          ({ verdict: v }) =>
            v.model === judged.verdict.model &&
            v.version === judged.verdict.version &&
            v.environment === judged.verdict.environment,
        )
        assert.deepEqual(again, judged)
      }
    }
  })
})
