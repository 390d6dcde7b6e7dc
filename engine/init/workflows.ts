// The CI files that `init` writes for GitHub and Gitea: the scheduled governance run, and the gate as a check of
// every pull request. Values of the event reach the shell as environment variables only, never as pasted text.
import { VERSION } from '../version.ts'

/** `.github/workflows/tutela.yml`, and the same for Gitea under `.gitea/workflows/`. */
export function governanceWorkflow(forge: 'github' | 'gitea'): string {
  const server = forge === 'github' ? 'GitHub' : 'Gitea'
  return `# Runs Tutela on ${server}: a governance run every day, the gate on every pull request.
# Make "gate" a required check of the main branch, and keep the ledger key in the secret TUTELA_LEDGER_KEY
# (\`tutela ledger key show\` tells where it is now; set \`ledger: { key: env:TUTELA_LEDGER_KEY }\` in governance.yaml).
name: tutela
on:
  schedule:
    - cron: '17 6 * * *'
  workflow_dispatch:
  pull_request:

permissions:
  contents: read

concurrency:
  group: tutela-\${{ github.event_name }}-\${{ github.ref }}
  cancel-in-progress: false

jobs:
  run:
    if: github.event_name != 'pull_request'
    runs-on: ubuntu-latest
    timeout-minutes: 30
    permissions:
      contents: write
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 200
      - uses: actions/setup-node@v4
        with:
          node-version: 24
      - name: measure, judge, record, deliver
        env:
          TUTELA_LEDGER_KEY: \${{ secrets.TUTELA_LEDGER_KEY }}
        run: npx --yes tutela@${VERSION} run

  gate:
    if: github.event_name == 'pull_request'
    runs-on: ubuntu-latest
    timeout-minutes: 10
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0
          ref: \${{ github.event.pull_request.head.sha }}
      - uses: actions/setup-node@v4
        with:
          node-version: 24
      - name: check every file
        run: npx --yes tutela@${VERSION} check
      - name: may this be merged
        env:
          BASE: \${{ github.event.pull_request.base.sha }}
          HEAD: \${{ github.event.pull_request.head.sha }}
        run: npx --yes tutela@${VERSION} gate --base "$BASE" --head "$HEAD"
`
}

/** Who must review what; the last match wins. */
export const CODEOWNERS = `# Replace the teams by yours. The last matching line wins.
*                     @your-organisation/governance
/policies/            @your-organisation/risk-committee
/policies/waivers/    @your-organisation/risk-committee @your-organisation/model-risk
/models/              @your-organisation/model-owners
/ledger/policy        @your-organisation/risk-committee
/.github/             @your-organisation/governance
`
