// The nearest text of the form that a schema wants, where what was written is a likely slip of it.

/** `Credit Risk` → `credit-risk` for an id, `2026-6-3` → `2026-06-03` for a day; null where nothing near keeps to the pattern. */
export function nearForm(text: string, pattern: string): string | null {
  const form = new RegExp(pattern, 'u')
  const slug = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 100)
  const candidates = [text.trim(), dayOf(text), ...(slug === '' || !ASCII.test(text) ? [] : named(slug, pattern))]
  return candidates.find((candidate) => candidate !== null && candidate !== text && form.test(candidate)) ?? null
}

/** Letters that are lost would leave another word. */
const ASCII = /^[ -~]*$/

function named(slug: string, pattern: string): string[] {
  if (pattern.startsWith('^[a-z0-9-]')) return [slug]
  return pattern.startsWith('^(team|user):') ? [`team:${slug}`] : []
}

function dayOf(text: string): string | null {
  const [, year, month, day] = /^\s*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\s*$/.exec(text) ?? []
  if (year === undefined || month === undefined || day === undefined) return null
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
}
