// English words of `doctor`. doctor-words.pt.ts has the same keys; the type holds them equal. What stands in the document of
// `--format json` is English, whatever the screen speaks.
import type { Language } from '../domain/governance.ts'
import { POLICY_PATH } from '../ledger/log-policy.ts'
import { ALLOWED_SIGNERS } from '../remediate/allowed-signers.ts'

export const english = {
  language: 'en' as Language,
  /** The names of what is looked at; those that are file names or teams stand for themselves. */
  what: {} as Readonly<Record<string, string>>,
  witness: (name: string) => `witness ${name}`,
  fix: 'fix',
  engine: (version: string, node: string) => `tutela ${version} on Node ${node}`,
  newerNode: 'install Node 22.18 or newer',
  policies: (n: number) => `${n} ${n === 1 ? 'policy' : 'policies'}`,
  errors: (n: number) => `${n} errors`,
  head: {
    none: 'no commits yet',
    commitFirst: 'commit policies/ and models/: runs judge commits',
    at: (ref: string, commit: string) => `${ref} at ${commit}`,
    detached: (commit: string) => `detached at ${commit}`,
    checkOut: 'check out a branch, or set `record.branch` so that runs have one of their own',
  },
  clean: 'as committed',
  changed: (n: number, shown: string) => `${n} changed: ${shown}`,
  commitThem: 'commit them: `run` judges commits alone',
  record: {
    none: 'no branch to commit to',
    set: 'set `record.branch`',
    isNew: (ref: string) => `${ref}, begun by the first run`,
  },
  secret: {
    isSet: (secret: string) => `${secret} is set`,
    isMissing: (secret: string) => `${secret} is not there`,
    setVariable: (name: string) => `set the variable ${name} where runs are started`,
    putInto: (file: string) => `put the secret into ${file}`,
  },
  people: {
    able: (able: number, all: number) => `${able} of ${all} can approve`,
    nobody: `nobody can approve: no key in ${ALLOWED_SIGNERS}`,
    addLine: 'add a line `<name> namespaces="tutela-approval" ssh-ed25519 …` for each person',
    line: (line: number, why: string) => `line ${line}: ${why}`,
    more: (n: number) => `and ${n} more`,
    givesNobody: (lines: string) => `gives nobody a key in ${lines}`,
  },
  gone: (ids: string) => `recorded, and without a ref here: ${ids}`,
  local: {
    notWritable: (folder: string) => `${folder} cannot be written`,
    giveAccess: 'give the user of runs write access',
  },
  ledger: {
    begun: 'has a signed checkpoint',
    notBegun: 'begun by the first run',
    lineEnds: (found: string) => `${found}; Git may change its line ends`,
    noText: 'put `ledger/** -text` into .gitattributes',
  },
  schemas: {
    own: 'those of this version',
    other: 'of another version',
    remake: (folder: string) => `delete ${folder} and run \`tutela init\``,
  },
  remote: {
    none: 'none: this repository is the only copy',
    answers: (name: string) => `${name} answers`,
  },
  pin: {
    answers: (address: string) => `${address} answers`,
    pins: (address: string, size: number) => `${address} pins the log of ${size} entries`,
    notNewest: (address: string) => `${address} answers, and does not pin the newest log`,
  },
  key: {
    oneOfTwo: 'names one of two keys: the other signs nothing',
    writePolicy: `\`tutela ledger policy\`, and commit \`${POLICY_PATH}\``,
    more: (named: number, here: number) =>
      `names ${named} keys, and ${here} is here: a rotation that this place has not`,
    putOther: 'put the other key behind the one that is here, or end the rotation where both are',
    otherWords: 'names the key, and says something else of witnesses or quorum than policies/governance.yaml',
    namesIt: 'names the key',
    namesBoth: 'names both keys',
    foreign: 'is signed by no key that is here, so no run can go on from it',
    putSigner: 'put the key here that signed it: `tutela verify ledger` says more',
    nextUnsigned: 'the next key has not signed yet',
    commitPolicy: `commit \`${POLICY_PATH}\`, then \`tutela run\``,
    rotating: 'both keys sign: a rotation is under way',
    endRotation: 'when everybody who verifies has the new policy: `tutela ledger key rotate --end`',
  },
  witnesses: {
    tooFew: (size: number) => `too few have cosigned the newest ${size} entries for ${POLICY_PATH}`,
    signOffline: 'have it run `tutela witness sign`, then `tutela ledger cosign FILE`',
    all: (size: number, when: string) => `cosigned all ${size} entries (${when})`,
    some: (cosigned: number, size: number, when: string) => `cosigned ${cosigned} of ${size} entries (${when})`,
    none: (size: number) => `no cosignature is known, of ${size} entries`,
    later: 'by its clock later than now',
    hours: (n: number) => `${n} h ago`,
    days: (n: number) => `${n} days ago`,
  },
}

export type DoctorWords = typeof english
