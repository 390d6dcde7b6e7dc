// Carries out what recorded runs decided and nobody delivered yet. Stub until remediate/deliver.ts is joined.
export interface Delivered {
  readonly key: string
  readonly state: string
  readonly ref?: string
}
export async function deliverPending(_: unknown): Promise<readonly Delivered[]> {
  return []
}
