// `tutela ledger`: what people do with the log beside `run`. One file a part, imported when it is asked for.
import { Fault } from '../base/fault.ts'
import type { Command, CommandResult, Invocation } from './command.ts'

type Part = (invocation: Invocation) => CommandResult | Promise<CommandResult>

const PARTS: Readonly<Record<string, () => Promise<Part>>> = {
  key: async () => (await import('./ledger-key.ts')).ledgerKey,
  policy: async () => (await import('./ledger-policy.ts')).ledgerPolicy,
  receipt: async () => (await import('./ledger-receipt.ts')).ledgerReceipt,
  export: async () => (await import('./ledger-export.ts')).ledgerExport,
  cosign: async () => (await import('./ledger-cosign.ts')).ledgerCosign,
  pin: async () => (await import('./ledger-pin.ts')).ledgerPin,
  audit: async () => (await import('./ledger-audit.ts')).ledgerAudit,
  erase: async () => (await import('./ledger-erase.ts')).ledgerErase,
}

export const command: Command = {
  name: 'ledger',
  summary: "the log's keys, receipts of entries, cosignatures of witnesses, pins",
  description:
    '`key new` makes the private key outside the tree (by default `tutela/ledger.key` in the Git directory, readable by you alone) and writes `ledger/policy`, which names its public half. `key show` prints the public half, and where the private one is. `key rotate` makes the next key: both sign until `key rotate --end`. `policy` writes `ledger/policy` anew when the witnesses of governance.yaml changed. `receipt INDEX` writes the portable proof of an entry. `export` writes the kit for regulators: the log as one file, whom to trust, and a page that verifies both in a browser, without a network. `cosign` asks the witnesses of governance.yaml to cosign the newest checkpoint, as `run` does; with a FILE it takes over what a witness signed offline. `pin` keeps the newest log under its CID, and pins it at the node of `ledger.pin`, as `run` does; it also writes the CAR. `audit` verifies the log and holds it against the Git history, snapshots, reports, proposals and deliveries, with `--against` also against what is pinned; exit 2 where something is missing on either side. `erase COMMITMENT` destroys what a commitment was made of, for good; the next run records that.',
  examples: [
    'tutela ledger key new',
    'tutela ledger key rotate',
    'tutela ledger receipt 0 --out /tmp/receipts',
    'tutela ledger export --out /tmp/kit',
    'tutela ledger cosign',
    'tutela ledger pin',
    'tutela ledger audit',
  ],
  arguments: [
    { name: '<what>', help: Object.keys(PARTS).join(', '), choices: Object.keys(PARTS) },
    {
      name: '[which]',
      help: 'of `key`: new, show, rotate; of `receipt`: the index; of `cosign`: a file; of `erase`: the commitment',
    },
  ],
  options: [
    { flags: '--end', help: 'of `key rotate`: the new key signs alone from now on' },
    { flags: '--against <cid|car>', help: 'of `audit`: what is pinned, a CID or a CAR file' },
    {
      flags: '--gateway <url>',
      help: 'of `audit`: who is asked for a CID (default: TUTELA_IPFS_API or TUTELA_IPFS_GATEWAY)',
    },
    { flags: '--identity <file>', help: 'of `audit`: an age identity that opens encrypted entries' },
    {
      flags: '--out <dir>',
      help: 'of `receipt`: where the two files go (default: here); of `export`: the kit (default: `tutela-kit-<size>`)',
    },
  ],
  run: async (invocation) => {
    const what = invocation.args[0] ?? ''
    const part = Object.hasOwn(PARTS, what) ? PARTS[what] : undefined
    if (part === undefined) throw new Fault('cli/bad-usage', `\`ledger\` does not know \`${what}\``)
    return (await part())(invocation)
  },
}
