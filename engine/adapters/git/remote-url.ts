// Which remote is meant, where it is and how it is spoken to.
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Fault } from '../../base/fault.ts'
import type { GitConfig } from './config-file.ts'
import type { Parts } from './parts.ts'

/** A remote by how it is reached. */
export type RemotePlace =
  | { readonly kind: 'folder'; readonly folder: string }
  /** `url` has neither user nor password. */
  | { readonly kind: 'http'; readonly url: string; readonly user: string; readonly password: string }

/** A remote of the configuration, with the places that it is fetched from and pushed to. */
export interface RemoteChoice {
  readonly name: string
  /** For people: without credentials. */
  readonly url: string
  readonly fetch: RemotePlace
  readonly push: RemotePlace
}

/**
 * The remote of the checked-out branch, else `origin`, else the only one; null where there is none, or where
 * `tutela.remote` is `none`: then people carry to and fro with Git itself. Faults `git/unsupported-remote`.
 */
export function chooseRemote({ repository, refs }: Parts): RemoteChoice | null {
  const { config } = repository
  if (config.get('tutela.remote') === 'none') return null
  const head = refs.read('HEAD')
  const branch = head !== null && 'target' in head ? head.target.replace(/^refs\/heads\//, '') : ''
  const names = config.subsections('remote').filter((name) => config.get(`remote.${name}.url`) !== null)
  const configured = config.get(`branch.${branch}.remote`)
  const only = names.length === 1 ? names[0] : undefined
  const name = [configured, 'origin', only].find(
    (choice) => choice !== null && choice !== undefined && names.includes(choice),
  )
  if (name === null || name === undefined) return null
  const url = rewrite(config, config.get(`remote.${name}.url`) ?? '')
  const pushUrl = config.get(`remote.${name}.pushUrl`)
  const base = repository.workTree ?? repository.gitDir
  return {
    name,
    url: withoutCredentials(url),
    fetch: placeOf(url, base, name),
    push: placeOf(pushUrl === null ? url : rewrite(config, pushUrl), base, name),
  }
}

/** `url.<base>.insteadOf`: the longest beginning wins. */
function rewrite(config: GitConfig, url: string): string {
  let best = { from: '', to: '' }
  for (const to of config.subsections('url')) {
    const from = config.get(`url.${to}.insteadOf`) ?? ''
    if (from.length > best.from.length && url.startsWith(from)) best = { from, to }
  }
  return best.to + url.slice(best.from.length)
}

function placeOf(url: string, base: string, name: string): RemotePlace {
  if (/^https?:\/\//i.test(url)) {
    const parsed = new URL(url)
    const [user, password] = [decodeURIComponent(parsed.username), decodeURIComponent(parsed.password)]
    return { kind: 'http', url: withoutCredentials(url).replace(/\/+$/, ''), user, password }
  }
  if (/^file:\/\//i.test(url)) return { kind: 'folder', folder: fileURLToPath(url) }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(url) || /^[^/\\]+@?[^/\\]*:/.test(url)) {
    throw new Fault(
      'git/unsupported-remote',
      `the remote \`${withoutCredentials(url)}\` is reached neither by \`https://\` nor in a folder (nor by \`file://\`)`,
      `give it an \`https://\` address (\`git config url.https://HOST/.insteadOf ${beginningOf(url)}\`); or ${carriedByGit(name)}`,
    )
  }
  return { kind: 'folder', folder: resolve(base, url) }
}

/**
 * Never forced: a run that was not pushed yet is not taken back, and none of another clone is overwritten. Branches of
 * proposals need not travel, since `refs/tutela/*` hold their commits.
 */
function carriedByGit(name: string): string {
  const state = "'refs/tutela/*:refs/tutela/*'"
  return `let Git carry: \`git config tutela.remote none\`; before a run \`git pull --ff-only && git fetch ${name} ${state}\`, after it \`git push --atomic ${name} HEAD ${state}\`, both with the branch of \`record.branch\`, where there is one, as \`BRANCH:BRANCH\``
}

/** Up to the path, for `insteadOf`; with the user, who is part of it, and without a password. */
function beginningOf(url: string): string {
  return (
    /^(?:[a-z][a-z0-9+.-]*:\/\/[^/]*\/|[^/:]*:)/i.exec(url.replace(/(:\/\/[^/@:]*):[^/@]*@/, '$1@'))?.[0] ??
    withoutCredentials(url)
  )
}

/** The address as people may see it: without user and password. */
export function withoutCredentials(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, '$1')
}

/** What a server is told of the caller. */
export interface Credentials {
  readonly username: string
  readonly password: string
}

/**
 * For an HTTP remote: from its URL, else TUTELA_GIT_TOKEN (user TUTELA_GIT_USER), else GITHUB_TOKEN for the server that
 * GitHub Actions names, else the file of Git's `store` helper. Helpers that are programs are never run.
 */
export function findCredentials(place: Extract<RemotePlace, { kind: 'http' }>): Credentials | null {
  if (place.password !== '') return { username: place.user, password: place.password }
  const { env } = process
  const username = env.TUTELA_GIT_USER ?? (place.user === '' ? 'x-access-token' : place.user)
  if (env.TUTELA_GIT_TOKEN) return { username, password: env.TUTELA_GIT_TOKEN }
  const { origin } = new URL(place.url)
  if (env.GITHUB_TOKEN && env.GITHUB_SERVER_URL && new URL(env.GITHUB_SERVER_URL).origin === origin) {
    return { username: 'x-access-token', password: env.GITHUB_TOKEN }
  }
  return fromStore(origin, place.user)
}

function fromStore(origin: string, user: string): Credentials | null {
  const file = join(homedir(), '.git-credentials')
  if (!existsSync(file)) return null
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const url = URL.parse(line.trim())
    if (url === null || url.origin !== origin || url.password === '') continue
    if (user !== '' && decodeURIComponent(url.username) !== user) continue
    return { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) }
  }
  return null
}

/** `http.<url>.extraHeader` and `http.extraHeader`, as the checkout action of GitHub sets them. */
export function extraHeaders(config: GitConfig, url: string): Record<string, string> {
  const headers: Record<string, string> = {}
  const scopes = config.subsections('http').filter((scope) => isWithin(url, scope))
  for (const key of ['http.extraHeader', ...scopes.map((scope) => `http.${scope}.extraHeader`)]) {
    const match = /^([A-Za-z0-9-]+)\s*:\s*(.*)$/.exec(config.get(key) ?? '')
    if (match?.[1] !== undefined && match[2] !== undefined) headers[match[1]] = match[2]
  }
  return headers
}

function isWithin(url: string, scope: string): boolean {
  const [a, b] = [URL.parse(url), URL.parse(scope)]
  if (a === null || b === null || a.origin !== b.origin) return false
  const path = b.pathname.replace(/\/+$/, '')
  return a.pathname === path || a.pathname.startsWith(`${path}/`)
}
