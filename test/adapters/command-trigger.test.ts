// The command that a merged retrain starts: what it is given, what it is not, and what its end means.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commandTrigger } from '../../engine/adapters/command-trigger.ts'
import { assembleWorld } from '../../engine/adapters/real-world.ts'
import { Fault } from '../../engine/base/fault.ts'
import type { Trigger } from '../../engine/domain/governance.ts'
import type { Commands, RetrainOrder } from '../../engine/world.ts'

const ORDER: RetrainOrder = {
  request: '0123456789abcdef',
  model: 'credit',
  environment: 'production',
  version: '3.2.0',
  window: { start: '2026-11-21T00:00:00Z', end: '2026-11-22T00:00:00Z' },
}

type Call = Parameters<Commands['run']>

function recording(answer: { status: number; output: string } | Error = { status: 0, output: 'ok' }) {
  const calls: Call[] = []
  const commands: Commands = {
    run: async (...call) => {
      calls.push(call)
      if (answer instanceof Error) throw answer
      return answer
    },
  }
  return { calls, commands }
}

function send(
  argv: readonly string[],
  {
    settings = {},
    order = ORDER,
    ...world
  }: {
    settings?: object
    order?: RetrainOrder
    answer?: Parameters<typeof recording>[0]
    env?: Record<string, string>
  } = {},
) {
  const { calls, commands } = recording(world.answer)
  const trigger = commandTrigger({ commands, process: { env: world.env ?? {} }, cwd: '/repo' }, {
    kind: 'command',
    argv,
    ...settings,
  } as Trigger)
  return trigger.send(order).then((result) => ({ result, calls }))
}

test('placeholders are filled in within their argument', async () => {
  const { calls } = await send([
    './retrain',
    '{model}',
    '--of={version}',
    '{window}',
    '{request}{request}',
    '{other}',
    '{}',
  ])
  assert.deepEqual(calls[0]?.[0], [
    './retrain',
    'credit',
    '--of=3.2.0',
    '2026-11-21T00:00:00Z/2026-11-22T00:00:00Z',
    '0123456789abcdef0123456789abcdef',
    '{other}',
    '{}',
  ])
  assert.equal(calls[0]?.[1].cwd, '/repo')
})

test('a value with spaces, quotes or placeholders stays one argument', async () => {
  const version = 'a b"; rm -rf / {model} $(x)'
  const { calls } = await send(['./retrain', 'v={version}'], { order: { ...ORDER, version } })
  assert.deepEqual(calls[0]?.[0], ['./retrain', `v=${version}`])
})

test('a value that would become an option, or holds NUL, starts nothing', async () => {
  for (const [argument, version] of [
    ['{version}', '--force'],
    ['{version}', '-x'],
    ['v={version}', 'a\0b'],
  ] as const) {
    const { result, calls } = await send(['./retrain', argument], { order: { ...ORDER, version } })
    assert.equal(result.state, 'not-started')
    assert.equal(calls.length, 0)
  }
  assert.equal(
    (await send(['./retrain', '--v={version}'], { order: { ...ORDER, version: '-1' } })).result.state,
    'sent',
  )
})

test('the command sees what a program needs, and of the rest only what is named', async () => {
  const env = { PATH: '/bin', HOME: '/home/x', SECRET_TOKEN: 's', TUTELA_LEDGER_KEY: 'k', TRACKING_URL: 'u' }
  const bare = await send(['./retrain'], { env })
  assert.deepEqual(bare.calls[0]?.[1].env, { PATH: '/bin', HOME: '/home/x' })
  const named = await send(['./retrain'], { env, settings: { env: ['TRACKING_URL', 'ABSENT', '__proto__'] } })
  assert.deepEqual(named.calls[0]?.[1].env, { PATH: '/bin', HOME: '/home/x', TRACKING_URL: 'u' })
})

test('status 0 is sent, any other failed, and a program that is not there was not started', async () => {
  const sent = await send(['./retrain'])
  assert.deepEqual(sent.result, { state: 'sent', ref: 'status 0', output: 'ok' })
  const failed = await send(['./retrain'], { answer: { status: 3, output: 'no data' } })
  assert.deepEqual(failed.result, { state: 'failed', ref: 'status 3', output: 'no data' })
  const missing = await send(['./retrain'], { answer: new Error('spawn ./retrain ENOENT') })
  assert.deepEqual(missing.result, { state: 'not-started', output: 'spawn ./retrain ENOENT' })
})

test('output is bounded, its end kept', async () => {
  const { result } = await send(['./retrain'], { answer: { status: 1, output: `${'x'.repeat(10_000)}the error` } })
  assert.ok(result.output.length <= 4000)
  assert.ok(result.output.endsWith('the error'))
})

test('a deadline is given: the trigger’s own or ten minutes', async () => {
  assert.equal((await send(['./retrain'])).calls[0]?.[1].timeoutMs, 600_000)
  assert.equal((await send(['./retrain'], { settings: { timeoutSeconds: 5 } })).calls[0]?.[1].timeoutMs, 5000)
})

test('a trigger without a command is a fault', () => {
  for (const argv of [undefined, [], ['']]) {
    const { commands } = recording()
    const settings = { kind: 'command', ...(argv !== undefined && { argv }) }
    assert.throws(() => commandTrigger({ commands, process: { env: {} }, cwd: '/' }, settings), Fault)
  }
})

test('with real processes: arguments arrive as they are, no shell between, and a missing program is told', async () => {
  const { commands } = assembleWorld(0)
  const real = (argv: readonly string[]) =>
    commandTrigger(
      { commands, process: { env: { PATH: process.env.PATH, SECRET: 's' } }, cwd: process.cwd() },
      { kind: 'command', argv },
    ).send({
      ...ORDER,
      version: '$HOME; `x` *',
    })
  const script = 'console.log(JSON.stringify([process.argv.slice(1), process.env.SECRET ?? null]))'
  const { state, output } = await real([process.execPath, '-e', script, 'v={version}'])
  assert.deepEqual([state, JSON.parse(output)], ['sent', [['v=$HOME; `x` *'], null]])
  assert.equal((await real([process.execPath, '-e', 'process.exit(7)'])).state, 'failed')
  assert.equal((await real(['./no-such-program-here'])).state, 'not-started')
})

test('a command that outlives its deadline is stopped, and one that leaves something running is not waited for', async () => {
  const { commands } = assembleWorld(0)
  const options = { cwd: process.cwd(), env: { PATH: process.env.PATH ?? '' } }
  const stopped = await commands.run([process.execPath, '-e', 'console.log("on"); setInterval(() => 0, 1000)'], {
    ...options,
    timeoutMs: 300,
  })
  assert.equal(stopped.status, -1)
  const child = `require("child_process").spawn(process.execPath, ["-e", "setTimeout(() => 0, 3000)"], { stdio: "inherit", detached: true }).unref()`
  const left = await commands.run([process.execPath, '-e', `${child}; console.log("begun")`], {
    ...options,
    timeoutMs: 60_000,
  })
  assert.deepEqual(left, { status: 0, output: 'begun\n' })
})
