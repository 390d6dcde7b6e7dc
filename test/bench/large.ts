// The policy workload at 10,000 models, once: what it takes when nothing may be held that is not needed.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const { status } = spawnSync(process.execPath, [join(import.meta.dirname, 'policy.ts'), '10000', '1'], {
  stdio: 'inherit',
})
process.exitCode = status ?? 1
