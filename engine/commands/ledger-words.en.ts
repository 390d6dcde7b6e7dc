// English words of `ledger` and `witness`. ledger-words.pt.ts has the same keys; the type holds them equal.
import { POLICY_PATH } from '../ledger/log-policy.ts'

export const english = {
  entries: (n: number) => `${n} ${n === 1 ? 'entry' : 'entries'}`,
  key: {
    invalid: 'policies/governance.yaml has errors: no key is made or shown',
    made: (origin: string) => `made the key of ${origin}`,
    of: (origin: string) => `the key of ${origin}`,
    public: 'public ',
    private: 'private',
    policy: 'policy ',
    next: 'next   ',
    from: 'from   ',
    to: 'to     ',
    keepCopy: '(keep a copy where only the operators can read it)',
    intoVariable: (variable: string) => `put its text into the variable ${variable}, then remove the file`,
    namesIt: `${POLICY_PATH} names it: commit that file`,
    isNamed: `${POLICY_PATH} names it`,
    isNotNamed: `${POLICY_PATH} does NOT name it: \`tutela run\` refuses it`,
    notNamedYet: '(not named yet)',
  },
  rotation: {
    goesOver: (origin: string) => `the log ${origin} goes over to another key`,
    holdsBoth: ' holds both',
    behindOld: (variable: string) =>
      `put its text into the variable ${variable}, behind the old key and a space; then remove the file`,
    namesBoth: `${POLICY_PATH} names both: commit that file`,
    next: 'next: `tutela run` records the change, and both keys sign. When everybody who verifies has the new policy:',
    oneAgain: (origin: string) => `the log ${origin} has one key again`,
    holdsAlone: (place: string) => `${place} holds it alone`,
    takeOut: (variable: string) => `take the old key out of the variable ${variable}`,
    namesNew: `${POLICY_PATH} names the new key alone: commit that file`,
  },
  policy: {
    invalid: 'policies/governance.yaml has errors: no policy is written',
    written: `${POLICY_PATH} is written: commit that file`,
    asBefore: `${POLICY_PATH} says so already`,
  },
  toCheck: 'to check it:',
  trustedPolicy: '<the policy that you trust>',
  noQuorum: {
    receipt: 'too few of the trusted witnesses have cosigned: by `ledger/policy` this receipt does not hold yet',
    kit: 'too few of the trusted witnesses have cosigned: by `ledger/policy` this kit is not proven yet',
  },
  openPage: (page: string) => `to check it: open ${page} in a browser, or`,
  openPageWith: (page: string, car: string) => `to check it: open ${page} in a browser and give it ${car}, or`,
  pin: {
    none: 'NOT pinned',
    pinned: (where: string) => `pinned: ${where}`,
    sent: (blocks: number, bytes: number) => `sent to the node: ${blocks} blocks, ${bytes} bytes`,
    notYet: (where: string, why: string) => `not yet at ${where}: ${why}`,
    failed: (where: string, why: string) => `NOT pinned at ${where}: ${why}`,
    car: (path: string) => `its CAR, for whoever wants to verify it: ${path}`,
  },
  erase: {
    erased: (commitment: string) => `erased the opening of ${commitment}`,
    before: (commitment: string) => `the opening of ${commitment} was erased before`,
    stays: 'the commitment stays in the log, which stays proven; nobody can tell any more what it was made of',
    copies: 'backups and copies of the Git directory are not reached: erase it there too',
    next: 'next: `tutela run` records the erasure',
  },
  cosign: {
    signed: (name: string) => `signed by ${name}`,
    failed: (name: string, why: string) => `not cosigned by ${name}: ${why}`,
    enough: 'that is enough for ledger/policy',
    tooFew: 'that is too few for ledger/policy',
  },
  witness: {
    made: (name: string) => `made the key of the witness ${name}`,
    keepCopy: "(keep a copy where only the witness's operators can read it)",
    named: 'the institution names it: `ledger: { witnesses: [{ key: <public>, url: https://… }], quorum: 1 }`',
    listens: (name: string, address: string) => `the witness ${name} listens on ${address}`,
    key: (vkey: string) => `its key: ${vkey}`,
    noAnswer: (why: string) => `no answer: ${why}`,
    stopped: (name: string) => `the witness ${name} stopped`,
  },
}

export type LedgerWords = typeof english
