// A secret by its place, `env:NAME` or `file:PATH`; the secret itself is in no message.
import { Fault } from '../base/fault.ts'
import type { World } from '../world.ts'

/** Faults `config/no-secret` where it is not there, `config/bad-secret` for any other form. */
export function readSecret(place: string, { process, files }: Pick<World, 'process' | 'files'>): string {
  const [, kind, name = ''] = /^(env|file):(.+)$/.exec(place) ?? []
  if (kind === undefined) {
    throw new Fault('config/bad-secret', 'a secret is named in another form', 'write `env:NAME` or `file:PATH`')
  }
  const bytes = kind === 'file' ? files.read(name) : null
  const value = kind === 'env' ? process.env[name] : bytes === null ? undefined : Buffer.from(bytes).toString('utf8')
  if (value !== undefined && value.trim() !== '') return value
  const what = kind === 'env' ? `the variable \`${name}\` is not set` : `\`${name}\` is not there or empty`
  throw new Fault('config/no-secret', what, 'put the secret there; it never stands in the repository')
}
