// The examples of the documents, run as a reader would run them: every command prints what is shown, every file that a
// document writes is accepted, and every link leads somewhere.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, test } from 'node:test'
import { promisify } from 'node:util'
import { type Command, isAsShown, type Step, stepsOf } from './document-blocks.ts'

const ROOT = join(import.meta.dirname, '../..')
const DOCUMENTS = ['README.md', ...markdownIn('docs'), 'engine/README.md', '.github/CONTRIBUTING.md']
const MARK = '\u0001'

function markdownIn(folder: string): string[] {
  const names = readdirSync(join(ROOT, folder)).filter((name) => name.endsWith('.md'))
  return names.sort().map((name) => `${folder}/${name}`)
}

const read = (document: string) => readFileSync(join(ROOT, document), 'utf8')

describe('documents', { concurrency: 2 }, () => {
  for (const document of DOCUMENTS) {
    const steps = stepsOf(read(document))
    if (steps.length > 0) test(`${document}: every command prints what is shown`, () => follow(document, steps))
    test(`${document}: every link within the repository leads somewhere`, () => checkLinks(document))
  }
})

test('the README and the pages that teach have tested examples', () => {
  for (const document of [
    'README.md',
    'docs/first-model.md',
    'docs/policies.md',
    'docs/operating.md',
    'docs/leia-me.pt.md',
  ]) {
    assert.ok(stepsOf(read(document)).length > 0, document)
  }
})

/** Runs all steps in one shell that begins at the root of the clone; a command that fails is followed by `echo $?`. */
async function follow(document: string, steps: readonly Step[]): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'tutela-docs-'))
  try {
    mkdirSync(join(scratch, 'home'))
    writeFileSync(join(scratch, 'home/.gitconfig'), '[user]\n\tname = Jane Doe\n\temail = ana@example.org\n')
    const commands = steps.flatMap((step) => (step.kind === 'command' ? [step.command] : []))
    const beginning = commands.slice(0, 2).map(({ text }) => text)
    assert.ok(beginning.includes('cd "$(mktemp -d)"'), `${document}: leave the clone first`)
    const printed = await runScript(steps.map(scriptOf).join('\n'), scratch)
    const [first = '', ...rest] = printed.split(MARK)
    let output = first
    for (const [i, command] of commands.entries()) {
      const [exit = '', ...next] = (rest[i] ?? 'none: the shell ended').split('\n')
      compare(document, command, output)
      const isToldExit = commands[i + 1]?.text.startsWith('echo $?')
      assert.ok(exit === '0' || isToldExit, `${document}:${command.line}: \`${command.text}\` exits ${exit}`)
      output = next.join('\n')
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function scriptOf(step: Step): string {
  if (step.kind === 'command') return `${step.command.text}\nrc=$?; printf '${MARK}%s\\n' $rc; (exit $rc)`
  return `mkdir -p '${dirname(step.path)}'; cat > '${step.path}' <<'END OF FILE'\n${step.text}END OF FILE`
}

async function runScript(script: string, scratch: string): Promise<string> {
  const { PATH } = process.env
  const env = { PATH, HOME: join(scratch, 'home'), TMPDIR: scratch }
  const tutela = `tutela() { '${process.execPath}' '${join(ROOT, 'engine/cli.ts')}' "$@"; }`
  const whole = `exec 2>&1\n${tutela}\n${script}\ntrue`
  const ran = await promisify(execFile)('bash', ['-c', whole], { cwd: ROOT, env, maxBuffer: 1 << 24 })
  return ran.stdout
}

function compare(document: string, { line, text, printed: shown }: Command, output: string): void {
  const printed = output.split('\n').slice(0, -1)
  const both = `printed\n${output}\nshown is\n${shown.join('\n')}`
  assert.ok(isAsShown(printed, shown), `${document}:${line}: \`${text}\` ${both}`)
}

function checkLinks(document: string): void {
  const text = read(document).replaceAll(/^```[\s\S]*?^```/gm, '')
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)|(?:src|href|srcset)="([^"]+)"/g)].map((m) => m[1] ?? m[2] ?? '')
  const broken = targets
    .filter((target) => !/^(https?:|mailto:)/.test(target))
    .filter((target) => !leads(document, target))
  assert.deepEqual(broken, [])
}

function leads(document: string, target: string): boolean {
  const [path = '', anchor] = target.split('#')
  const file = path === '' ? document : join(dirname(document), path)
  if (!existsSync(join(ROOT, file))) return false
  if (anchor === undefined || !file.endsWith('.md')) return true
  const headings = [...read(file).matchAll(/^#+ (.+)$/gm)].map((m) => slug(m[1] ?? ''))
  return headings.includes(anchor)
}

/** As forges make anchors of headings. */
const slug = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')
