// A real S3 server on loopback (s3rver) and DuckDB's httpfs extension: `observe` of `s3://` addresses.
import type { Suite } from '../run.ts'
import { missingCommands } from '../tools.ts'

export const suite: Suite = {
  speed: 'slow',
  missing() {
    const isBuilt = process.platform === 'linux' && process.arch === 'x64'
    return isBuilt
      ? missingCommands(['npm', '--version'], ['pip', '--version'])
      : 'httpfs is packed for Linux on x64 alone'
  },
}
