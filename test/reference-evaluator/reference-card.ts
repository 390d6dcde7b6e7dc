// The reference evaluator's reading of cards, selectors and days.
import type { ModelCard } from '../../engine/domain/model-card.ts'
import type { Selector } from '../../engine/domain/policy.ts'

/** Every value at a path, lists opened as they are met. `absent`: some branch has none. */
export function valuesAt(card: unknown, path: readonly string[]): { values: unknown[]; absent: boolean } {
  let level: unknown[] = [card]
  let absent = false
  const open = () => {
    while (level.some((v) => Array.isArray(v))) {
      if (level.some((v) => Array.isArray(v) && v.length === 0)) absent = true
      level = level.flatMap((v) => (Array.isArray(v) ? v : [v]))
    }
  }
  open()
  for (const part of path.filter((p) => p !== '[]')) {
    const next = level.map((v) =>
      typeof v === 'object' && v !== null ? Object.getOwnPropertyDescriptor(v, part)?.value : undefined,
    )
    if (next.some((v) => v === undefined || v === null)) absent = true
    level = next.filter((v) => v !== undefined && v !== null)
    open()
  }
  if (level.some((v) => v === null || v === undefined)) absent = true
  return { values: level.filter((v) => v !== null && v !== undefined), absent: absent || level.length === 0 }
}

export function isSelected(selector: Selector, card: ModelCard): boolean {
  const lines = selector.all.every(({ path, anyOf }) =>
    valuesAt(card, path).values.some((v) => anyOf.some((x) => x === v)),
  )
  return lines && !(selector.not !== null && isSelected(selector.not, card))
}

export function localDayOf(now: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(now)
  const part = (type: string) => parts.find((p) => p.type === type)?.value
  return `${part('year')}-${part('month')}-${part('day')}`
}

export function plusDays(day: string, days: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return new Date(Date.UTC(year, month - 1, date + days)).toISOString().slice(0, 10)
}
