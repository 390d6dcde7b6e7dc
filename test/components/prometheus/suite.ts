// `tutela observe --prometheus` against a real Prometheus that scrapes a small service.
import type { Suite } from '../run.ts'
import { missingCommands } from '../tools.ts'

export const suite: Suite = {
  speed: 'quick',
  missing: () => missingCommands(['prometheus', '--version']),
}
