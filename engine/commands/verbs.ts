// The list of verbs: help and dispatch are made from it. A verb's file is imported when it is asked for.
import type { Command } from './command.ts'

export interface Verb {
  readonly name: string
  readonly summary: string
  readonly load: () => Promise<{ readonly command: Command }>
}

export const VERBS: readonly Verb[] = [
  {
    name: 'demo',
    summary: 'live through the months of a real example, in a scratch folder',
    load: () => import('./demo.ts'),
  },
  { name: 'init', summary: 'make a governance repository, or add what one lacks', load: () => import('./init.ts') },
  { name: 'check', summary: 'load everything, print every problem', load: () => import('./check.ts') },
  {
    name: 'observe',
    summary: 'one snapshot from data: drift, performance, fairness, quality',
    load: () => import('./observe.ts'),
  },
  { name: 'import', summary: "one snapshot from a tool's own output", load: () => import('./import.ts') },
  { name: 'plan', summary: 'verdicts, and every action that `run` would take', load: () => import('./plan.ts') },
  { name: 'run', summary: 'judge, record in one commit, deliver', load: () => import('./run.ts') },
  { name: 'explain', summary: 'how one finding, or a model, came to its verdict', load: () => import('./explain.ts') },
  {
    name: 'inventory',
    summary: 'models, owners, versions, reviews and open findings',
    load: () => import('./inventory.ts'),
  },
  { name: 'pr', summary: 'proposals: list, show, approve, reject, snooze, merge', load: () => import('./pr.ts') },
  { name: 'gate', summary: 'may this be merged', load: () => import('./gate.ts') },
  { name: 'report', summary: 'reports of a recorded run', load: () => import('./report.ts') },
  {
    name: 'ledger',
    summary: "the log's keys, receipts of entries, cosignatures",
    load: () => import('./ledger.ts'),
  },
  { name: 'verify', summary: 'verify a ledger, trusting nobody', load: () => import('./verify.ts') },
  {
    name: 'witness',
    summary: "cosign another institution's ledger, as long as it only appends",
    load: () => import('./witness.ts'),
  },
  { name: 'doctor', summary: 'what is configured, reachable and permitted', load: () => import('./doctor.ts') },
]
