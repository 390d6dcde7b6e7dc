// The package as it is published: built, packed, installed in an empty folder, run there without TypeScript.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

const ROOT = join(import.meta.dirname, '..')
const env = { ...process.env, NODE_COMPILE_CACHE: undefined, npm_config_ignore_scripts: 'true' }
let folder = ''

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'tutela-package-'))
  execFileSync(process.execPath, ['engine/build.ts'], { cwd: ROOT, env })
  execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: ROOT, env, stdio: 'pipe' })
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))
  assert.ok(tarball)
  writeFileSync(join(folder, 'package.json'), '{"name":"empty","private":true}\n')
  execFileSync('npm', ['install', '--no-audit', '--no-fund', `./${tarball}`], { cwd: folder, env, stdio: 'pipe' })
})

after(() => rmSync(folder, { recursive: true, force: true }))

function tutela(...args: string[]) {
  const bin = join(folder, 'node_modules/tutela/dist/cli.js')
  return spawnSync(process.execPath, [bin, ...args], { cwd: folder, env, encoding: 'utf8' })
}

test('the installed command prints its help', () => {
  const { stdout, status } = spawnSync('npx', ['--no', '--', 'tutela', '--help'], {
    cwd: folder,
    env: { ...env, PATH: `${join(process.execPath, '..')}:${process.env.PATH}` },
    encoding: 'utf8',
  })
  assert.equal(status, 0)
  for (const verb of ['demo', 'init', 'check', 'plan', 'run', 'verify'])
    assert.match(stdout, new RegExp(`^  ${verb}\\b`, 'm'))
})

test('what it holds is what it needs: no sources, no tests, no keys', () => {
  const files = readdirSync(join(folder, 'node_modules/tutela'), { recursive: true, encoding: 'utf8' })
  assert.deepEqual(
    files.filter((name) => /\.ts$|(^|\/)test\/|\.key$|allowed-signers\.key/.test(name)),
    [],
  )
})

test('a repository made by it is accepted, judged and recorded by it, and the log verifies', () => {
  assert.equal(tutela('init', 'bank', '--template', 'credit').status, 0)
  const at = ['--repo', 'bank']
  const check = tutela('check', ...at, '--format', 'json')
  assert.equal(check.status, 0, check.stdout)
  assert.equal(tutela('run', ...at).status, 0)
  const verified = tutela('verify', 'bank/ledger', '--format', 'json')
  assert.equal(verified.status, 0, verified.stdout)
  assert.equal(tutela('ledger', 'export', ...at, '--out', 'kit').status, 0)
  const kit = tutela('verify', 'kit', '--format', 'json')
  assert.equal(kit.status, 0, kit.stdout)
})

test('a Node older than `engines` says is told so in one line', (t) => {
  const old = (process.env.PATH ?? '').split(':').map((place) => join(place, 'node'))
  const node = old.find((path) =>
    /^v(1\d|20|21)\./.test(spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout ?? ''),
  )
  if (node === undefined) return t.skip('no Node before 22 is in PATH')
  const bin = join(folder, 'node_modules/tutela/dist/cli.js')
  const { status, stdout, stderr } = spawnSync(node, [bin, '--help'], { cwd: folder, env, encoding: 'utf8' })
  const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { engines: { node: string } }
  assert.deepEqual([status, stdout], [1, ''])
  assert.match(stderr, /^tutela needs Node [\d.]+ or later, and this is \d+\.\d+\.\d+\n$/)
  assert.ok(stderr.includes(engines.node.slice(2)), stderr)
})
