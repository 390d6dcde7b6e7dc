// What a killed process leaves behind is removed by the next one; what a living process uses, or anyone else made, is not.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'

const folder = mkdtempSync(join(tmpdir(), 'tutela-scratch-test-'))
after(() => rmSync(folder, { recursive: true }))
const MODULE = join(import.meta.dirname, '../../../engine/adapters/duckdb/scratch-folder.ts')

/** A process with a scratch folder, ready when it has told its name. */
async function holder() {
  const script = `const { makeScratch } = await import(${JSON.stringify(MODULE)}); console.log(makeScratch()); setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, TMPDIR: folder },
  })
  const scratch = await new Promise<string>((resolve) =>
    child.stdout.once('data', (data) => resolve(String(data).trim())),
  )
  const end = (signal: NodeJS.Signals) =>
    new Promise<void>((resolve) => {
      child.once('exit', () => resolve())
      child.kill(signal)
    })
  return { scratch, end }
}

test('a folder of a killed process goes at the next start; that of a living one stays, and so does what is not ours', async () => {
  const killed = await holder()
  writeFileSync(join(killed.scratch, 'kept-1.parquet'), 'rows')
  await killed.end('SIGKILL')
  assert.ok(existsSync(killed.scratch))
  const living = await holder()
  assert.ok(!existsSync(killed.scratch))
  const elsewhere = join(folder, 'elsewhere')
  mkdirSync(elsewhere)
  writeFileSync(join(elsewhere, 'holder.json'), '{"host":"another","pid":1,"began":""}')
  symlinkSync(elsewhere, join(folder, 'tutela-observe-link'))
  mkdirSync(join(folder, 'tutela-observe-bare'))
  const next = await holder()
  assert.ok(existsSync(living.scratch))
  assert.deepEqual(
    ['tutela-observe-bare', 'tutela-observe-link'].map((name) => existsSync(join(folder, name))),
    [true, true],
  )
  for (const one of [living, next]) await one.end('SIGTERM')
  assert.deepEqual(readdirSync(folder).sort(), ['elsewhere', 'tutela-observe-bare', 'tutela-observe-link'])
})
