// The version that entries, snapshots and `--version` state; a test holds it equal to package.json.
export const VERSION = '0.1.0'
