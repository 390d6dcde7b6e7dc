// Everything under policies/ → Rulebook: read, held against schemas, the catalogue and each other. All problems, in one run.
import { digestOf } from '../base/canonical-json.ts'
import { compareBy, compareText } from '../base/order.ts'
import { type Diagnostic, hasErrors, sortDiagnostics } from '../domain/diagnostic.ts'
import type { Governance, Rulebook } from '../domain/governance.ts'
import type { Metric } from '../domain/metric.ts'
import type { SourceTree, TreeFile } from '../world.ts'
import { findContradictions } from './contradictions.ts'
import { loadEnforcement } from './load-enforcement.ts'
import { loadFramework } from './load-framework.ts'
import { type LoadedGovernance, type LoadGovernanceOptions, loadGovernance } from './load-governance.ts'
import { formerModels, modelFolders } from './load-models.ts'
import { type LoadedPolicy, loadPolicy } from './load-policy.ts'
import { loadWaiver } from './load-waiver.ts'
import { notFolders } from './not-folders.ts'
import { readDocument } from './read-document.ts'
import { isDiagnostic, listPolicyFiles, problemOfFile, readTreeFile } from './repository-files.ts'

/** As for governance.yaml: it is read first. */
export type LoadRulebookOptions = LoadGovernanceOptions

/** The rulebook with what only `check` counts. */
export interface LoadedRulebook extends Rulebook {
  /** Files under policies/tests. */
  readonly tests: number
}

/** Never throws for what is in the files; faults of the tree itself pass through. */
export function loadRulebook(tree: SourceTree, options: LoadRulebookOptions): LoadedRulebook {
  const files = listPolicyFiles(tree)
  const reader = new FileReader(tree)
  const governance = loadGovernance(tree, options)
  const frameworks = reader.each(files.frameworks, (file, bytes) => loadFramework(file, bytes))
  const surroundings = {
    metrics: withOwnMetrics(options.metrics, governance.governance),
    governance: governance.governance,
    controls: new Set(frameworks.flatMap(({ controls }) => controls)),
    unreadFrameworks: new Set(
      frameworks.flatMap(({ id, framework, controls }) => (framework === null && controls.length === 0 ? [id] : [])),
    ),
  }
  const policies = reader.each(files.policies, (file, bytes) => loadPolicy(file, bytes, surroundings))
  const byId = new Map(policies.map((policy) => [policy.id, policy]))
  const policyIds = new Set([...byId.keys()].sort(compareText))
  const enforcement = reader.each(files.enforcement, (file, bytes) => loadEnforcement(file, bytes, policyIds))
  const around = {
    policies: byId,
    models: new Set(files.waivers.length === 0 ? [] : modelFolders(tree)),
    formerModels: () => formerModels(tree),
    governance: governance.governance,
  }
  const waivers = reader.each(files.waivers, (file, bytes) => loadWaiver(file, bytes, around))
  const tests = reader.each(files.tests, (file, bytes) => readDocument('policy-test', file, bytes))
  const readable = policies.map(({ policy }) => policy).sort(compareBy((policy) => policy.id))
  const parts = [governance, ...frameworks, ...policies, ...enforcement, ...waivers]
  return {
    governance: governance.governance,
    policies: readable,
    waivers: waivers.flatMap(({ waiver }) => waiver ?? []).sort(compareBy((waiver) => waiver.id)),
    frameworks: frameworks.flatMap(({ framework }) => framework ?? []).sort(compareBy((framework) => framework.id)),
    enforcement: new Map(enforcement.map(({ environment, policies: listed }) => [environment, listed])),
    diagnostics: sortDiagnostics([
      ...notFolders(tree),
      ...files.diagnostics,
      ...reader.diagnostics,
      ...[...parts, ...tests].flatMap(({ diagnostics }) => diagnostics),
      ...findContradictions(readable),
      ...formerIds(policies),
      ...whole(governance),
    ]),
    digest: digestOf([governance.value, ...reader.digests]),
    tests: files.tests.length,
  }
}

/** The catalogue with the institution's own metrics. */
function withOwnMetrics(metrics: ReadonlyMap<string, Metric>, governance: Governance): ReadonlyMap<string, Metric> {
  const own = Object.entries(governance.metrics)
  return own.length === 0 ? metrics : new Map([...metrics, ...own])
}

/** Reads files one after the other and keeps what the digest is made of: path and digest of each value, in order of path. */
class FileReader {
  readonly diagnostics: Diagnostic[] = []
  private readonly values = new Map<string, string>()
  private readonly tree: SourceTree

  constructor(tree: SourceTree) {
    this.tree = tree
  }

  each<T extends { readonly value: unknown }>(
    files: readonly TreeFile[],
    load: (path: string, bytes: Uint8Array) => T,
  ): T[] {
    return files.flatMap((file) => {
      const bytes = readTreeFile(this.tree, file)
      if (isDiagnostic(bytes)) {
        this.diagnostics.push(bytes)
        return []
      }
      const loaded = load(file.path, bytes)
      // Tests decide nothing, so they change no verdict.
      if (!file.path.startsWith('policies/tests/')) this.values.set(file.path, digestOf(loaded.value))
      return [loaded]
    })
  }

  get digests(): (readonly [string, string])[] {
    return [...this.values].sort(([a], [b]) => compareText(a, b))
  }
}

function formerIds(policies: readonly LoadedPolicy[]): Diagnostic[] {
  const ids = new Set(policies.map(({ id }) => id))
  return policies.flatMap(({ policy }) =>
    policy.formerly.flatMap((former) =>
      ids.has(former)
        ? [
            {
              ...policy.place,
              severity: 'error' as const,
              code: 'load/former-id' as const,
              message: `\`formerly\` names \`${former}\`, which is a policy of its own`,
              hint: 'remove it from `formerly`, or rename that policy',
            },
          ]
        : [],
    ),
  )
}

/** What is missing of the whole. */
function whole({ governance, file, diagnostics }: LoadedGovernance): Diagnostic[] {
  if (hasErrors(diagnostics)) return []
  if (governance.forge.kind !== 'local' || Object.keys(governance.people).length > 0) return []
  return [
    problemOfFile(file, {
      severity: 'warning',
      code: 'load/no-people',
      message: '`people` names nobody, so no team can approve anything with the local forge',
      hint: 'add `people: { "team:…": [name] }`',
    }),
  ]
}
