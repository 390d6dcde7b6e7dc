// The CI files that `init` writes for GitHub and Gitea: the scheduled governance run, and the gate as a check of
// every pull request. Values of the event reach the shell as environment variables only, never as pasted text, and what is
// executed is installed outside the checkout: a pull request may hold a `node_modules` or an `.npmrc` of its own.
import { VERSION } from '../version.ts'

/** `.github/workflows/tutela.yml`, and the same for Gitea under `.gitea/workflows/`. */
export function governanceWorkflow(forge: 'github' | 'gitea'): string {
  const server = forge === 'github' ? 'GitHub' : 'Gitea'
  return `# Runs Tutela on ${server}: a governance run every day, the gate on every pull request.
# Make "gate" a required check of the main branch that needs the branch to be up to date, and keep the ledger key in the
# secret TUTELA_LEDGER_KEY (\`tutela ledger key show\` tells where it is now; set \`ledger: { key: env:TUTELA_LEDGER_KEY }\`
# in governance.yaml).
name: tutela
on:
  schedule:
    - cron: '17 6 * * *'
  workflow_dispatch:
  pull_request:

permissions:
  contents: read

# What is installed: one exact version, from where your institution publishes it: the address of a tarball, or a name in its
# own registry (NPM_CONFIG_REGISTRY). Whose the name is on the public registry must be verified before it judges anything.
env:
  TUTELA: tutela@${VERSION}

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
${INSTALL}
      - name: measure, judge, record, deliver
        working-directory: \${{ runner.temp }}
        env:
          TUTELA_LEDGER_KEY: \${{ secrets.TUTELA_LEDGER_KEY }}
        run: tutela/node_modules/.bin/tutela --repo "$GITHUB_WORKSPACE" run

  gate:
    if: github.event_name == 'pull_request'
    runs-on: ubuntu-latest
    timeout-minutes: 10
    steps:
      # Read, and nothing of it executed.
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0
          ref: \${{ github.event.pull_request.head.sha }}
${INSTALL}
      - name: fetch what runs recorded and what people said
        run: git fetch origin '+refs/heads/*:refs/remotes/origin/*' '+refs/tutela/*:refs/tutela/*'
      - name: check every file
        working-directory: \${{ runner.temp }}
        run: tutela/node_modules/.bin/tutela --repo "$GITHUB_WORKSPACE" check
      - name: may this be merged
        working-directory: \${{ runner.temp }}
        env:
          BASE: \${{ github.event.pull_request.base.ref }}
          HEAD: \${{ github.event.pull_request.head.sha }}
        run: tutela/node_modules/.bin/tutela --repo "$GITHUB_WORKSPACE" gate --base "refs/remotes/origin/$BASE" --head "$HEAD"
`
}

/** npm reads the settings of the folder that it installs into, and of none around it. */
const INSTALL = `      - uses: actions/setup-node@v4
        with:
          node-version: 24
      - name: install outside the checkout
        working-directory: \${{ runner.temp }}
        run: mkdir -p tutela && npm install --prefix tutela --no-audit --no-fund --save-exact "$TUTELA"`

/** Who must review what; the last match wins. */
export const CODEOWNERS = `# Replace the teams by yours. The last matching line wins.
*                     @your-organisation/governance
/policies/            @your-organisation/risk-committee
/policies/waivers/    @your-organisation/risk-committee @your-organisation/model-risk
/models/              @your-organisation/model-owners
/models/snapshots/    @your-organisation/model-owners @your-organisation/model-risk
/ledger/policy        @your-organisation/risk-committee
/.gitattributes       @your-organisation/risk-committee
/.github/             @your-organisation/governance
/.gitea/              @your-organisation/governance
`
