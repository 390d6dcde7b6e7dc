// A real Trino server, put together from its parts (Maven), on loopback: the summaries give what DuckDB gives.
import type { Suite } from '../run.ts'
import { missingCommands } from '../tools.ts'

export const suite: Suite = {
  speed: 'slow',
  missing: () => missingCommands(['java', '-version'], ['javac', '-version'], ['mvn', '-version'], ['unzip', '-v']),
}
