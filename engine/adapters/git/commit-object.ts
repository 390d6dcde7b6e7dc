// Commit and tag objects as text: header lines, an empty line, the message.
import { Fault } from '../../base/fault.ts'
import type { CommitInfo, NewCommit, ObjectId, PersonAt } from '../../world.ts'
import { damagedObject } from './loose-objects.ts'

/** Faults `git/damaged-object` where tree or committer is lacking. */
export function parseCommit(id: ObjectId, content: Buffer): CommitInfo {
  const text = content.toString('utf8', 0, content.length)
  const end = text.indexOf('\n\n')
  const headers = (end < 0 ? text : text.slice(0, end)).split('\n')
  const value = (name: string): string | undefined =>
    headers.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1)
  const tree = value('tree')
  const author = parsePerson(value('author'))
  const committer = parsePerson(value('committer'))
  if (tree === undefined || author === null || committer === null) throw damagedObject(id, 'commit')
  const parents = headers.filter((line) => line.startsWith('parent ')).map((line) => line.slice(7))
  return { id, tree, parents, author, committer, message: end < 0 ? '' : text.slice(end + 2) }
}

/** The id and kind an annotated tag points at. */
export function parseTag(id: ObjectId, content: Buffer): ObjectId {
  const match = /^object ([0-9a-f]{40})\n/.exec(content.toString('latin1', 0, 48))
  if (match?.[1] === undefined) throw damagedObject(id, 'tag')
  return match[1]
}

/** The bytes of a commit; signed where `sign` is given. Faults `git/unsafe-text` for NUL, `git/no-name` for an empty name. */
export function serialiseCommit(tree: ObjectId, commit: NewCommit): Buffer {
  if (commit.message.includes('\0')) {
    throw new Fault('git/unsafe-text', 'a commit message cannot hold a NUL character')
  }
  const headers = [
    `tree ${tree}`,
    ...commit.parents.map((parent) => `parent ${parent}`),
    `author ${personLine(commit.author)}`,
    `committer ${personLine(commit.committer)}`,
  ]
  const payload = Buffer.from(`${headers.join('\n')}\n\n${commit.message}`)
  if (commit.sign === undefined) return payload
  const signature = commit.sign(payload).trimEnd().replaceAll('\n', '\n ')
  return Buffer.from(`${headers.join('\n')}\ngpgsig ${signature}\n\n${commit.message}`)
}

/** `name <email> seconds +0000`, cleaned as Git does, so that a name can never add a header line. */
export function personLine(person: PersonAt): string {
  const name = cleanPerson(person.name)
  if (name === '') {
    throw new Fault(
      'git/no-name',
      `\`${JSON.stringify(person.name).slice(1, -1)}\` is no name for an author or committer`,
      'give a name with at least one letter',
    )
  }
  return `${name} <${cleanPerson(person.email)}> ${Math.trunc(person.at)} +0000`
}

/** https://github.com/git/git/blob/v2.47.0/ident.c#L218 (crud at both ends, `<>` and newlines anywhere); NUL goes too. */
function cleanPerson(text: string): string {
  return text.replace(/[<>\n\0]/g, '').replace(/^[\0- .,:;"\\']+|[\0- .,:;"\\']+$/g, '')
}

function parsePerson(line: string | undefined): PersonAt | null {
  const match = /^(.*?) ?<([^>]*)>.*? (-?\d+)(?: [+-]\d+)?$/.exec(line ?? '')
  if (match === null) return null
  return { name: match[1] ?? '', email: match[2] ?? '', at: Number(match[3]) }
}
