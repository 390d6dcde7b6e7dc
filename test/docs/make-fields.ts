// Writes docs/fields.md from the schemas of the card and of governance.yaml: `node test/docs/make-fields.ts`.
// fields.test.ts holds the file to it.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')
export const FIELDS_PAGE = join(ROOT, 'docs/fields.md')

interface Schema {
  readonly description?: string
  readonly title?: string
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema | boolean>>
  readonly items?: Schema
  readonly additionalProperties?: Schema | boolean
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, Schema>>
  readonly then?: Schema
  readonly else?: Schema
  readonly oneOf?: readonly Schema[]
  readonly anyOf?: readonly Schema[]
}

/** A row of the page. */
export interface FieldRow {
  readonly path: string
  readonly isRequired: boolean
  readonly value: string
  readonly description: string
}

export function fieldsOf(name: 'model-card' | 'governance'): readonly FieldRow[] {
  const root = JSON.parse(readFileSync(join(ROOT, `engine/schemas/${name}.json`), 'utf8')) as Schema
  const rows = new Map<string, FieldRow>()
  const walk = (written: Schema | boolean | undefined, path: string): void => {
    if (typeof written !== 'object') return
    const schema = resolved(root, written)
    for (const [key, field] of Object.entries(schema.properties ?? {})) {
      if (typeof field !== 'object') continue
      const at = path === '' ? key : `${path}.${key}`
      const description = field.description ?? rows.get(at)?.description ?? ''
      const isRequired = schema.required?.includes(key) === true
      if (!rows.has(at)) rows.set(at, { path: at, isRequired, value: valueWords(root, field), description })
      walk(field, at)
    }
    walk(schema.items, `${path}[]`)
    walk(schema.additionalProperties, `${path}.<name>`)
    for (const other of [schema.then, schema.else, ...(schema.oneOf ?? []), ...(schema.anyOf ?? [])]) walk(other, path)
  }
  walk(root, '')
  return [...rows.values()].filter(({ path }) => !path.startsWith('deployment[]'))
}

function resolved(root: Schema, schema: Schema): Schema {
  const name = schema.$ref?.replace('#/$defs/', '')
  const named = name === undefined ? undefined : root.$defs?.[name]
  return named === undefined ? schema : { ...named, ...schema }
}

function valueWords(root: Schema, written: Schema): string {
  const schema = resolved(root, written)
  if (schema.const !== undefined) return `\`${schema.const}\``
  if (schema.enum !== undefined) return schema.enum.map((one) => `\`${one}\``).join(', ')
  if (schema.title !== undefined) return schema.title
  return [schema.type ?? 'object'].flat().map(typeWord).join(' or ')
}

function typeWord(type: string): string {
  const words: Record<string, string> = { string: 'text', array: 'list', object: 'fields', integer: 'whole number' }
  return words[type] ?? type
}

export function fieldsPage(): string {
  return `# Fields of the card and of governance.yaml

*Em português: todos os campos da ficha do modelo (\`models/<id>/card.yaml\`) e de \`policies/governance.yaml\`, com o que cada um quer dizer. \`*\` marca os obrigatórios onde o bloco existe; \`[]\` é um elemento de uma lista, \`<name>\` um nome à escolha. Os exemplos estão em [políticas](policies.md).*

This page is made from the schemas that \`tutela check\` uses and that editors complete by. \`*\`: required where the block is there. \`[]\` is an element of a list, \`<name>\` a name of your choice. Examples: [policies](policies.md), [your first model](first-model.md), [operating](operating.md).

## The card: \`models/<id>/card.yaml\`

${table(fieldsOf('model-card'))}

## \`policies/governance.yaml\`

Everything but \`institution\` has a default that needs no server. Secrets are never in the file: \`env:NAME\` or \`file:PATH\` says where they are.

${table(fieldsOf('governance'))}
`
}

function table(rows: readonly FieldRow[]): string {
  const lines = rows.map(({ path, isRequired, value, description }) => {
    const cells = [`\`${path}\`${isRequired ? ' *' : ''}`, value, description]
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  })
  return ['| field | value | what it says |', '|---|---|---|', ...lines].join('\n')
}

if (import.meta.main) writeFileSync(FIELDS_PAGE, fieldsPage())
