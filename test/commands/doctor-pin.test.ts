// What `doctor` says of the node where logs are pinned.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assembleWorld } from '../../engine/adapters/real-world.ts'
import { Fault } from '../../engine/base/fault.ts'
import { command } from '../../engine/commands/doctor.ts'
import type { PinNode } from '../../engine/world.ts'
import { askCommand } from '../ask-command.ts'
import { memoryNode } from '../ledger/ipfs/healthy-node.ts'
import { GOVERNANCE, governedRepository, NOW, runIn } from '../run/governed-repository.ts'

const WITH_NODE = GOVERNANCE.replace(`ledger: { `, `ledger: { pin: { api: "http://127.0.0.1:5001" }, `)

async function examined(folder: string, node: PinNode) {
  const world = { openPinNode: async () => node }
  const { json } = await askCommand(command, folder, { now: NOW, globals: { format: 'json' }, world })
  const { checks } = json as { checks: { what: string; state: string; found: string; fix?: string }[] }
  return checks.filter(({ what }) => what === 'IPFS node').map(({ state, found, fix = '' }) => [state, found, fix])
}

test('a node is asked for the newest log; without one nobody is asked', async () => {
  const folder = governedRepository({ 'policies/governance.yaml': WITH_NODE })
  const node = memoryNode()
  assert.deepEqual(await examined(folder, node), [['ok', 'http://memory answers', '']])
  await runIn(folder, NOW, { deliver: false })
  assert.deepEqual(await examined(folder, node), [
    ['warning', 'http://memory answers, and does not pin the newest log', 'tutela ledger pin'],
  ])
  const world = { ...assembleWorld(Date.parse(NOW)), openPinNode: async () => node }
  const { checkpoint } = await runIn(folder, NOW, { world })
  assert.deepEqual(await examined(folder, node), [
    ['ok', `http://memory pins the log of ${checkpoint?.size} entries`, ''],
  ])
  const silent = memoryNode({
    isPinned: async () => {
      throw new Fault('pin/no-answer', 'nobody there', 'is it running')
    },
  })
  assert.deepEqual(await examined(folder, silent), [['problem', 'nobody there', 'is it running']])
  assert.deepEqual(await examined(governedRepository(), node), [])
})
