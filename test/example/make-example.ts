// `npm run example`: the snapshots from the data, then `ledger/` and `reports/` of the project from a scratch repository
// with one run a month, fixed author and fixed moments, nothing merged. The ledger's key goes away with the scratch.
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { assembleWorld } from '../../engine/adapters/real-world.ts'
import { createDemoRepository } from '../../engine/demo/demo-repository.ts'
import {
  BEGINNING,
  COMPAS,
  COMPAS_ENTERS,
  COMPAS_MONTHS,
  CREDIT,
  CREDIT_MONTHS,
  WAIVED_ON,
} from '../../engine/demo/story.ts'
import type { Instant } from '../../engine/domain/instant.ts'
import { runRepository } from '../../engine/run-repository.ts'
import { PROJECT } from './counts-csv.ts'
import { writeExampleSnapshots } from './make-snapshots.ts'

/** Lives through the months in a folder; the number of runs. */
export async function makeExample(folder: string): Promise<number> {
  const repository = createDemoRepository(assembleWorld(BEGINNING), folder, {
    now: BEGINNING,
    model: CREDIT,
    withKeys: false,
  })
  const runAt = (now: Instant) =>
    runRepository({ world: assembleWorld(now), store: repository.store, ref: null, now, deliver: true, language: null })
  const models = [CREDIT]
  for (const now of [...CREDIT_MONTHS, ...COMPAS_MONTHS]) {
    if (now > COMPAS_ENTERS && !models.includes(COMPAS)) {
      repository.commit('dora', COMPAS_ENTERS, 'models: COMPAS goes into use\n', repository.bundled(`models/${COMPAS}`))
      models.push(COMPAS)
    }
    repository.handOut(now, models)
    await runAt(now)
    if (now === WAIVED_ON) {
      repository.commit('teresa', now, 'policies: a waiver for age bands\n', repository.bundled('policies/waivers'))
    }
  }
  return CREDIT_MONTHS.length + COMPAS_MONTHS.length
}

if (import.meta.main) {
  await writeExampleSnapshots()
  const scratch = mkdtempSync(join(tmpdir(), 'tutela-example-'))
  const runs = await makeExample(scratch)
  for (const part of ['ledger', 'reports']) {
    rmSync(join(PROJECT, part), { recursive: true, force: true })
    cpSync(join(scratch, part), join(PROJECT, part), { recursive: true })
  }
  rmSync(scratch, { recursive: true })
  console.log(`${runs} runs: snapshots, ledger/ and reports/ are written`)
}
