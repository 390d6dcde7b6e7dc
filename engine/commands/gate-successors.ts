// Models that a change would let vanish under the id of another: `formerly` hands on history and open proposals, so who
// takes a deployed model's id takes its deployments along, and is nobody else.
import { deploymentsOf, type ModelCard } from '../domain/model-card.ts'
import type { JudgedRepository } from '../judge-repository.ts'
import type { GateProblem } from '../remediate/gate.ts'

/** By the base's models: those that are deployed there and that a card newly claims without being their like. */
export function takenModels(before: JudgedRepository, after: JudgedRepository): GateProblem[] {
  const known = new Map(before.models.map(({ id, loaded }) => [id, loaded?.card ?? null]))
  return before.models.flatMap(({ id, loaded }) => {
    const deployed = loaded === null ? [] : deploymentsOf(loaded.card)
    if (deployed.length === 0) return []
    return after.models.flatMap((one) => {
      const card = one.loaded?.card
      const claims = card?.formerly?.includes(id) === true && known.get(one.id)?.formerly?.includes(id) !== true
      if (card === undefined || !claims || (!known.has(one.id) && isDeployedAs(card, deployed))) return []
      return [{ code: 'model-taken', path: `models/${one.id}/card.yaml`, model: id } as const]
    })
  })
}

function isDeployedAs(card: ModelCard, deployed: ReturnType<typeof deploymentsOf>): boolean {
  const own = deploymentsOf(card)
  return deployed.every(({ environment, version, role = 'champion' }) =>
    own.some((one) => one.environment === environment && one.version === version && (one.role ?? 'champion') === role),
  )
}
