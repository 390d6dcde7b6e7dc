// The embedded channel: each notice is a file `<key>-<evidence>.json` (16 hex digits each) in one folder.
// Sending a notice again finds its file and changes nothing.
import { join } from 'node:path'
import { Fault } from '../base/fault.ts'
import type { Notice } from '../domain/notice.ts'
import type { Files, NoticeChannel } from '../world.ts'

/** `folder`: absolute; by default `tutela/notices` of the Git directory. `ref` is the file's name. */
export function fileChannel(files: Pick<Files, 'read' | 'write'>, folder: string): NoticeChannel {
  return {
    repeats: 'harmless',
    async send(notice) {
      const name = noticeFileName(notice)
      const path = join(folder, name)
      const bytes = new TextEncoder().encode(noticeFileText(notice))
      const there = files.read(path)
      if (there === null || !equalBytes(there, bytes)) files.write(path, bytes)
      return { ref: name }
    },
  }
}

/** Faults where key or evidence is no hash: a name is never made from anything else. */
export function noticeFileName({ key, evidence }: Pick<Notice, 'key' | 'evidence'>): string {
  if (![key, evidence].every((hash) => /^[0-9a-f]{64}$/.test(hash)))
    throw new Fault('notify/bad-notice', `\`${key}\` and \`${evidence}\` are not the hashes of a notice`)
  return `${key.slice(0, 16)}-${evidence.slice(0, 16)}.json`
}

function noticeFileText({ key, evidence, title, text, data }: Notice): string {
  return `${JSON.stringify({ apiVersion: 'tutela/v1', kind: 'Notice', key, evidence, title, text, data }, null, 2)}\n`
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
