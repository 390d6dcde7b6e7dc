// Versions under whose name a change puts another artifact or data set: what was measured by that name vouches for what it
// was not measured of, so whoever validates the model, and whoever owns a policy that binds it, looks again.
import { canonicalJson } from '../base/canonical-json.ts'
import { compareText } from '../base/order.ts'
import type { ModelVersion } from '../domain/model-card.ts'
import type { JudgedRepository } from '../judge-repository.ts'
import type { JudgedChange } from './gate-judge.ts'

/** Of one card: the model as the base calls it, the versions, and the policies that bind them where they are deployed. */
export interface Replaced {
  readonly model: string
  readonly versions: readonly string[]
  readonly policies: readonly string[]
}

/** By the card's path on either side; each list sorted. A version that is deployed nowhere is bound by no policy. */
export function replacedVersions({
  before,
  after,
}: Pick<JudgedChange, 'before' | 'after'>): ReadonlyMap<string, Replaced> {
  const found = new Map<string, Replaced>()
  if (before === null || after === null) return found
  for (const { id, loaded } of before.models) {
    const next = after.models.find((one) => one.id === id || one.loaded?.card.formerly?.includes(id) === true)
    if (loaded === null || next === undefined || next.loaded === null) continue
    const now = new Map((next.loaded.card.versions ?? []).map((one) => [one.version, one]))
    const versions = (loaded.card.versions ?? []).flatMap((was) => {
      const one = now.get(was.version)
      return one === undefined || contentOf(one) === contentOf(was) ? [] : [was.version]
    })
    if (versions.length === 0) continue
    const policies = new Set([...bindingOn(before, id, versions), ...bindingOn(after, next.id, versions)])
    const replaced = { model: id, versions: versions.sort(compareText), policies: [...policies].sort(compareText) }
    for (const model of [id, next.id]) found.set(`models/${model}/card.yaml`, replaced)
  }
  return found
}

/** What a version is made of, by place and digest. */
function contentOf({ artifact, dataset }: ModelVersion): string {
  return canonicalJson({ artifact: artifact ?? null, dataset: dataset ?? null })
}

function bindingOn(judged: JudgedRepository, model: string, versions: readonly string[]): string[] {
  const findings = judged.allFindings(model).filter(({ version }) => version !== null && versions.includes(version))
  return findings.map(({ policy }) => policy)
}
