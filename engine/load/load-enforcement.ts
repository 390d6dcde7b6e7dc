// policies/enforcement/<environment>.yaml: how hard each policy binds there.
import type { Diagnostic } from '../domain/diagnostic.ts'
import type { Enforcement } from '../domain/policy.ts'
import { nearOr } from './load-governance.ts'
import type { EnforcementFile } from './policy-file.ts'
import { problemAtKey, problemOf, readDocument } from './read-document.ts'
import { fileName } from './repository-files.ts'
import { quoted } from './schema-problems.ts'

/** One environment's list; policies that could not be read in it are left out. */
export interface LoadedEnforcement {
  readonly environment: string
  readonly policies: ReadonlyMap<string, Enforcement>
  readonly value: unknown
  readonly diagnostics: readonly Diagnostic[]
}

/** `policyIds`: of every policy file, readable or not. */
export function loadEnforcement(file: string, bytes: Uint8Array, policyIds: ReadonlySet<string>): LoadedEnforcement {
  const document = readDocument<EnforcementFile>('enforcement', file, bytes)
  const { yaml, sound } = document
  const environment = fileName(file)
  const listed = Object.entries(sound?.policies ?? {})
  const diagnostics = [...document.diagnostics]
  if (sound?.environment !== undefined && sound.environment !== environment) {
    const hint = `write \`environment: ${environment}\`, or rename the file to \`${sound.environment}.yaml\``
    const message = `the environment \`${sound.environment}\` is not the file's name`
    diagnostics.push(problemOf(yaml, ['environment'], { code: 'load/id-and-file', message, hint }))
  }
  for (const [id] of listed) {
    if (policyIds.has(id)) continue
    const hint = nearOr(id, policyIds, 'remove the line, or add the policy')
    diagnostics.push(
      problemAtKey(yaml, ['policies', id], {
        code: 'load/unknown-policy',
        message: `unknown policy ${quoted(id)}`,
        hint,
      }),
    )
  }
  if (sound?.policies !== undefined) {
    for (const id of policyIds) {
      if (Object.hasOwn(sound.policies, id)) continue
      diagnostics.push(
        problemAtKey(yaml, ['policies'], {
          severity: 'warning',
          code: 'load/not-enforced',
          message: `policy \`${id}\` is not listed, so it is advisory in \`${environment}\``,
          hint: `add \`${id}: advisory\`, \`approval\` or \`mandatory\``,
        }),
      )
    }
  }
  const policies = new Map(listed.flatMap(([id, how]) => (how === undefined ? [] : [[id, how] as const])))
  return { environment, policies, value: document.value, diagnostics }
}
