// Git's smart HTTP protocol, version 0: https://git-scm.com/docs/http-protocol and https://git-scm.com/docs/pack-protocol
// isomorphic-git carries the requests (discovery, sign-in); what is asked and sent is ours, because a push must name the
// value that it expects and be one transaction.
import { Fault } from '../../base/fault.ts'
import type { ObjectId, RefUpdate } from '../../world.ts'
import { missingObjects } from './missing-objects.ts'
import { type GitObject, ZERO_ID } from './object-id.ts'
import { packBytes } from './pack-writer.ts'
import { flush, packetLine, readPackets, sideBand } from './packet-line.ts'
import type { Parts } from './parts.ts'
import { installReceivedPack } from './received-pack.ts'
import { type Credentials, extraHeaders, findCredentials, type RemotePlace } from './remote-url.ts'

type HttpPlace = Extract<RemotePlace, { kind: 'http' }>

interface Discovery {
  readonly refs: ReadonlyMap<string, ObjectId>
  readonly capabilities: ReadonlySet<string>
  readonly auth: unknown
}

const AGENT = 'agent=tutela'
/** A server that does not answer for so long is taken for gone. */
const DEADLINE_MS = 120_000
const MAX_HAVES = 256
/** Proposals and records of years are far smaller; an answer without an end is not waited for in memory. */
const MAX_ANSWER = 256 << 20

/** The refs of a remote and where they point. Faults `git/…` where it cannot be asked. */
export async function listHttp(parts: Parts, place: HttpPlace): Promise<ReadonlyMap<string, ObjectId>> {
  const { refs } = await discover(parts, place, 'git-upload-pack')
  return refs
}

/** Brings these objects and all that they refer to. */
export async function fetchHttp(parts: Parts, place: HttpPlace, wanted: readonly ObjectId[]): Promise<void> {
  const wants = [...new Set(wanted)].filter((id) => !parts.objects.has(id)).sort()
  if (wants.length === 0) return
  const found = await discover(parts, place, 'git-upload-pack')
  const capabilities = ['side-band-64k', 'ofs-delta', 'no-progress'].filter((word) => found.capabilities.has(word))
  if (found.capabilities.has('agent')) capabilities.push(AGENT)
  const shallow = [...parts.history.shallow()].sort()
  const answer = await request(parts, place, 'git-upload-pack', found, [
    ...wants.map((id, i) => packetLine(`want ${id}${i === 0 ? ` ${capabilities.join(' ')}` : ''}\n`)),
    ...shallow.map((id) => packetLine(`shallow ${id}\n`)),
    flush,
    ...havesOf(parts).map((id) => packetLine(`have ${id}\n`)),
    packetLine('done\n'),
  ])
  installReceivedPack(parts.objects.objectsDir, packIn(answer, capabilities.includes('side-band-64k')), parts.packMarks)
  parts.objects.refresh()
  const lacking = wants.find((id) => !parts.objects.has(id))
  if (lacking !== undefined) throw remoteFault(place, `did not send \`${lacking}\``)
}

/** False where a ref is not as expected; a refusal of another kind (a hook, a protected branch) is a fault `git/refused`. */
export async function pushHttp(parts: Parts, place: HttpPlace, updates: readonly RefUpdate[]): Promise<boolean> {
  const found = await discover(parts, place, 'git-receive-pack')
  if (!updates.every(({ ref, expect }) => (found.refs.get(ref) ?? null) === expect)) return false
  const capabilities = ['report-status', 'side-band-64k', 'atomic'].filter((word) => found.capabilities.has(word))
  if ([...found.capabilities].some((word) => word.startsWith('agent='))) capabilities.push(AGENT)
  const lines = updates.map(({ ref, expect, to }, i) =>
    packetLine(`${expect ?? ZERO_ID} ${to ?? ZERO_ID} ${ref}${i === 0 ? `\0 ${capabilities.join(' ')}` : ''}`),
  )
  const body = [...lines, flush]
  if (updates.some(({ to }) => to !== null)) body.push(packFor(parts, updates, found.refs.values()))
  const answer = await request(parts, place, 'git-receive-pack', found, body)
  const report = capabilities.includes('side-band-64k') ? sideBand(readPackets(answer)) : answer
  return readReport(place, report)
}

function packFor(parts: Parts, updates: readonly RefUpdate[], tips: Iterable<ObjectId>): Buffer {
  const objects = new Map<ObjectId, GitObject>()
  for (const id of missingObjects(
    parts,
    updates.flatMap(({ to }) => to ?? []),
    { tips },
  )) {
    const object = parts.objects.find(id)
    if (object === null) throw parts.objects.lackingFault(id, 'blob')
    objects.set(id, object)
  }
  return packBytes(objects).pack
}

/** Reasons of Git, GitHub and Gitea for "it has moved"; anything else would be refused again. */
const MOVED = /lock|fetch first|non-fast-forward|stale|already exists|reference|failed to update|atomic|transaction/i

function readReport(place: HttpPlace, report: Buffer): boolean {
  const lines = readPackets(report).map((packet) => packet.toString('utf8').replace(/\n$/, ''))
  const unpack = lines.find((line) => line.startsWith('unpack '))
  if (unpack !== 'unpack ok') throw remoteFault(place, `could not take the pack: ${unpack ?? 'no answer'}`)
  const refused = lines.filter((line) => line.startsWith('ng '))
  if (refused.length === 0) return true
  const final = refused.find((line) => !MOVED.test(line.split(' ').slice(2).join(' ')))
  if (final === undefined) return false
  const [, ref = '', ...reason] = final.split(' ')
  throw new Fault(
    'git/refused',
    `the remote \`${place.url}\` refused \`${ref}\`: ${reason.join(' ')}`,
    'check the permissions of the token and the protection of that branch',
  )
}

/** After ACK and NAK lines the pack follows, by side band or bare. */
function packIn(answer: Buffer, hasSideBand: boolean): Buffer {
  if (hasSideBand) return sideBand(readPackets(answer))
  const start = answer.indexOf('PACK')
  return start < 0 ? Buffer.alloc(0) : answer.subarray(start)
}

/** Commits that both sides may know: tips of all refs, then their first parents. */
function havesOf({ refs, objects, history }: Parts): ObjectId[] {
  const tips = refs.list('refs/').map(({ id }) => id)
  const haves = new Set(tips.filter((id) => objects.find(id)?.kind === 'commit').slice(0, MAX_HAVES / 2))
  for (const tip of [...haves]) {
    if (haves.size >= MAX_HAVES) break
    for (const { id } of history.firstParents(tip, 16)) haves.add(id)
  }
  return [...haves]
}

async function discover(parts: Parts, place: HttpPlace, service: string): Promise<Discovery> {
  const { GitRemoteHTTP } = await import('isomorphic-git/managers')
  const { default: http } = await import('isomorphic-git/http/node')
  const headers = extraHeaders(parts.repository.config, place.url)
  const credentials = findCredentials(place)
  return await carried(place, () =>
    GitRemoteHTTP.discover({
      http,
      service,
      url: place.url,
      headers,
      protocolVersion: 1,
      onAuth: () => credentials ?? noCredentials(),
      signal: AbortSignal.timeout(DEADLINE_MS),
    }),
  )
}

async function request(
  parts: Parts,
  place: HttpPlace,
  service: string,
  { auth }: Discovery,
  body: readonly Buffer[],
): Promise<Buffer> {
  const { GitRemoteHTTP } = await import('isomorphic-git/managers')
  const { default: http } = await import('isomorphic-git/http/node')
  const headers = extraHeaders(parts.repository.config, place.url)
  return await carried(place, async () => {
    const signal = AbortSignal.timeout(DEADLINE_MS)
    const answer = await GitRemoteHTTP.connect({ http, service, url: place.url, headers, auth, body, signal })
    const pieces: Uint8Array[] = []
    let bytes = 0
    for await (const piece of answer.body ?? []) {
      bytes += piece.length
      if (bytes > MAX_ANSWER) throw remoteFault(place, `sent more than ${MAX_ANSWER >> 20} MiB: fetch it with \`git\``)
      pieces.push(piece)
    }
    return Buffer.concat(pieces)
  })
}

function noCredentials(): Partial<Credentials> & { cancel: true } {
  return { cancel: true }
}

/** Errors of the library as faults; neither URL nor message can hold a credential, since they are kept apart. */
async function carried<T>(place: HttpPlace, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof Fault) throw error
    const { code, data, message } = error as { code?: string; data?: { statusCode?: number }; message?: string }
    const status = data?.statusCode
    if (code === 'UserCanceledError' || status === 401 || status === 403) {
      throw new Fault(
        'git/not-allowed',
        `the remote \`${place.url}\` wants other credentials${status === undefined ? '' : ` (HTTP ${status})`}`,
        'set TUTELA_GIT_TOKEN (and TUTELA_GIT_USER) to a token that may write there',
      )
    }
    throw remoteFault(
      place,
      status === undefined ? `did not answer: ${message ?? code ?? 'no reason'}` : `answered HTTP ${status}`,
    )
  }
}

function remoteFault(place: HttpPlace, what: string): Fault {
  return new Fault(
    'git/remote',
    `the remote \`${place.url}\` ${what}`,
    'check the address with `git ls-remote`, then run again',
  )
}
