// The page of a kit in a real Chromium: sound and forged kits, without a network, by keyboard alone, for screen readers, and on a
// log of a hundred thousand entries.
import type { Suite } from '../run.ts'
import { missingCommands } from '../tools.ts'

export const suite: Suite = {
  speed: 'quick',
  missing: () => missingCommands(['chromium', '--version']),
}
