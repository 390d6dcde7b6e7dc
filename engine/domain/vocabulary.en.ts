// English words for the nouns of the domain. vocabulary.pt.ts has the same keys; a test holds them equal.

export const english = {
  outcome: { pass: 'pass', warn: 'warning', fail: 'fail', error: 'error', skip: 'not judged' },
  outcomes: { pass: 'passed', warn: 'warnings', fail: 'failed', error: 'errors', skip: 'not judged' },
  cause: {
    missing: 'no measurement',
    stale: 'measurement too old',
    sample: 'sample too small',
    definition: 'definitions differ',
    'not-evaluable': 'cannot be evaluated',
    invalid: 'invalid file',
    'no-policy': 'no policy applies',
  },
  action: { none: 'nothing', retrain: 'retrain', rollback: 'roll back', hold: 'hold', promote: 'promote' },
  severity: { info: 'info', low: 'low', medium: 'medium', high: 'high', critical: 'critical' },
  enforcement: { advisory: 'advisory', approval: 'approval', mandatory: 'mandatory' },
  state: {
    conforming: 'conforming',
    notConforming: 'not conforming',
    notApplicable: 'not applicable',
    insufficient: 'insufficient evidence',
  },
  controlStatus: {
    binding: 'binding',
    'not-yet-in-force': 'not yet in force',
    bill: 'bill, not law',
    voluntary: 'voluntary',
    superseded: 'superseded',
  },
  gate: {
    snoozed: 'snoozed',
    limit: 'limit of open proposals',
    'cool-down': 'cool-down after a close',
    outranked: 'outranked by a stronger remedy',
    closed: 'closed by a person',
  },
  tier: { low: 'low', medium: 'medium', high: 'high', critical: 'critical' },
  stage: { development: 'development', validation: 'validation', production: 'production', retired: 'retired' },
  model: 'the model',
  blocks: 'blocks',
  waived: (until: string) => `waived until ${until}`,
  waivedBy: (until: string, who: string) => `waived until ${until} by ${who}`,
  waivedOutcome: (outcome: string) => `${outcome}, waived`,
  between: (low: string, high: string) => `${low} to ${high}`,
  dropsAtMost: (amount: string) => `drop of at most ${amount}`,
  risesAtMost: (amount: string) => `rise of at most ${amount}`,
  withinDays: (days: string) => `within ${days} days`,
  was: (value: string) => `was ${value}`,
}

/** Held by both languages, so that neither lacks a word. */
export type Vocabulary = typeof english
