// The published schemas and the types of the domain say the same, as far as a machine can tell: each list below must name
// every field of its type (the compiler says so) and every field of its schema (the test says so).
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type {
  Deployment,
  Feature,
  ModelCard,
  ModelVersion,
  ProtectedAttribute,
} from '../../engine/domain/model-card.ts'
import type { Control, Framework, Waiver } from '../../engine/domain/policy.ts'
import type { Measurement, Snapshot } from '../../engine/domain/snapshot.ts'
import type { GovernanceFile } from '../../engine/load/governance-file.ts'
import type { PolicyFile, RuleFile } from '../../engine/load/policy-file.ts'
import type { JsonSchema, SchemaKind } from '../../engine/load/schema-kind.ts'
import { schemasAt } from '../../engine/load/schema-walk.ts'
import { schemaOf } from '../../engine/load/validators.ts'

/** `required` where the type demands the field, `optional` where it does not. */
type Fields<T> = { readonly [K in keyof T]-?: undefined extends T[K] ? 'optional' : 'required' }

const HEAD = { apiVersion: 'required', kind: 'required' } as const

const card: Fields<ModelCard> = {
  ...HEAD,
  id: 'required',
  title: 'required',
  formerly: 'optional',
  purpose: 'required',
  stage: 'required',
  owners: 'required',
  validator: 'optional',
  risk: 'required',
  privacy: 'optional',
  criteria: 'optional',
  review: 'optional',
  data: 'optional',
  versions: 'optional',
  deployment: 'optional',
  objectives: 'optional',
  sla: 'optional',
  retrain: 'optional',
}
const feature: Fields<Feature> = {
  name: 'required',
  type: 'required',
  min: 'optional',
  max: 'optional',
  values: 'optional',
  monitor: 'optional',
  notNull: 'optional',
  unique: 'optional',
}
const attribute: Fields<ProtectedAttribute> = { name: 'required', privileged: 'optional', missingGroup: 'optional' }
const version: Fields<ModelVersion> = {
  version: 'required',
  artifact: 'optional',
  dataset: 'optional',
  trained: 'optional',
}
const deployment: Fields<Deployment> = {
  environment: 'required',
  version: 'required',
  role: 'optional',
  hold: 'optional',
  reason: 'optional',
}
const waiver: Fields<Omit<Waiver, 'place'>> = {
  id: 'required',
  policy: 'required',
  rule: 'required',
  model: 'required',
  subject: 'optional',
  reason: 'required',
  ticket: 'optional',
  requestedBy: 'required',
  approvedBy: 'required',
  issued: 'required',
  expires: 'required',
  compensatingControl: 'optional',
}
const framework: Fields<Omit<Framework, 'place'>> = {
  id: 'required',
  title: 'required',
  authority: 'required',
  controls: 'required',
}
const control: Fields<Control> = {
  id: 'required',
  title: 'optional',
  cites: 'optional',
  demand: 'required',
  status: 'required',
  sourcing: 'optional',
  effectiveFrom: 'optional',
  effectiveTo: 'optional',
  lastVerified: 'optional',
  evidence: 'optional',
}
const policy: Fields<PolicyFile> = {
  id: 'required',
  formerly: 'optional',
  title: 'required',
  owner: 'required',
  severity: 'required',
  controls: 'optional',
  appliesTo: 'optional',
  params: 'optional',
  require: 'required',
  onMissing: 'optional',
  staleAfter: 'optional',
  remediate: 'optional',
  notify: 'optional',
  message: 'optional',
}
const rule: Fields<RuleFile> = {
  id: 'required',
  metric: 'optional',
  card: 'optional',
  failsWhen: 'optional',
  each: 'optional',
  atLeast: 'optional',
  atMost: 'optional',
  below: 'optional',
  above: 'optional',
  equals: 'optional',
  between: 'optional',
  warnAt: 'optional',
  minSample: 'optional',
  confidence: 'optional',
  failsAfter: 'optional',
  versus: 'optional',
  dropsAtMost: 'optional',
  risesAtMost: 'optional',
  definition: 'optional',
  correction: 'optional',
  present: 'optional',
  oneOf: 'optional',
  noneOf: 'optional',
  withinDays: 'optional',
  staleAfter: 'optional',
}
const governance: Fields<GovernanceFile> = {
  institution: 'required',
  minimumGroupSize: 'optional',
  people: 'optional',
  record: 'optional',
  ledger: 'optional',
  forge: 'optional',
  channels: 'optional',
  routes: 'optional',
  triggers: 'optional',
  sql: 'optional',
  metrics: 'optional',
}
const snapshot: Fields<Snapshot> = {
  ...HEAD,
  model: 'required',
  version: 'required',
  environment: 'required',
  purpose: 'required',
  window: 'required',
  rows: 'optional',
  source: 'required',
  supersedes: 'optional',
  measurements: 'required',
}
const measurement: Fields<Measurement> = {
  metric: 'required',
  feature: 'optional',
  attribute: 'optional',
  group: 'optional',
  endpoint: 'optional',
  value: 'required',
  reason: 'optional',
  n: 'optional',
  interval: 'optional',
  level: 'optional',
  definition: 'optional',
  reference: 'optional',
  groups: 'optional',
}

const TABLE: readonly [
  kind: SchemaKind,
  path: readonly (string | number)[],
  fields: Readonly<Record<string, string>>,
  alsoInSchema?: readonly string[],
][] = [
  ['model-card', [], card],
  ['model-card', ['data', 'features', 0], feature],
  ['model-card', ['data', 'protected', 0], attribute],
  ['model-card', ['versions', 0], version],
  ['model-card', ['deployment'], deployment],
  ['model-card', ['deployment', 0], deployment],
  ['waiver', [], { ...HEAD, ...waiver }],
  ['framework', [], { ...HEAD, ...framework }, ['note', 'status']],
  ['framework', ['controls', 0], control],
  ['policy', [], { ...HEAD, ...policy }],
  ['policy', ['require', 0], rule],
  ['governance', [], { ...HEAD, ...governance }],
  ['snapshot', [], snapshot],
  ['snapshot', ['measurements', 0], measurement],
]

for (const [kind, path, fields, alsoInSchema = []] of TABLE) {
  test(`schema and type name the same fields of ${kind} ${path.join('.')}`, () => {
    const schema = schemasAt(schemaOf(kind), path).find(isClosed)
    assert.ok(schema)
    const names = Object.keys(schema.properties ?? {}).filter((name) => !alsoInSchema.includes(name))
    assert.deepEqual(names.sort(), Object.keys(fields).sort())
    const required = Object.keys(fields).filter((name) => fields[name] === 'required')
    assert.deepEqual([schema.required ?? []].flat().sort(), required.sort())
  })
}

/** The schema of an object, less those of conditions and alternatives. */
function isClosed(schema: JsonSchema): boolean {
  return schema.additionalProperties === false && schema.properties !== undefined
}
