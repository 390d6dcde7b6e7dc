// English words of the page. words.pt.ts has the same keys; the type of this one holds them equal.
import { englishEntries } from './entry-nouns.en.ts'

export const english = {
  title: 'Ledger of decisions on models',
  skip: 'Skip to the decisions',
  language: 'Language',
  open: 'Open log.car',
  print: 'Print',
  size: (n: string) => `${n} entries`,
  state: {
    checking: 'Checking…',
    waiting: 'Open the log to check it',
    proven: 'Proven',
    broken: 'Not proven',
    unable: 'Could not be checked',
  },
  said: {
    checking: 'Every byte is being checked on this computer. Nothing is sent anywhere.',
    waiting: 'This log is too large to be carried inside the page. Open the file log.car that came in the same folder.',
    proven: (n: string, origin: string) =>
      `This is the log of ${origin}: ${n} entries, exactly as they were signed. Every byte was checked just now, on this computer, without a network.`,
    broken: (n: string) =>
      `What was found wrong: ${n}. Do not rely on anything below until the institution has explained it.`,
    noEd25519:
      'This browser cannot check Ed25519 signatures, so nothing is proven and nothing is refuted. Open this file in Chrome or Edge 137, Firefox 129 or Safari 17, or a newer one.',
    noWorker:
      'This browser does not allow a file from disk to work in the background. Open this file in a current Chrome, Edge or Firefox.',
    crashed: (what: string) =>
      `The check ended before its time, so nothing is proven and nothing is refuted. Please report it: ${what}`,
    badPage: 'The data in this page cannot be read: the file was damaged or changed after it was made.',
  },
  stage: {
    blocks: 'Hashing every block',
    log: 'Rebuilding the tree from the entries',
    entries: 'Reading the decisions',
  },
  checks: {
    title: 'What was checked',
    ok: 'holds',
    bad: 'failed',
    open: 'not checked',
    embedded:
      'this is the copy inside the page: the file log.car beside it was not read. Open it below, or run tutela verify on the folder',
    you: 'yours to check',
    none: 'not asked for',
    file: 'The file is whole',
    fileSaid: (blocks: string, bytes: string) =>
      `${blocks} blocks (${bytes}), each hashed twice, none missing, none besides`,
    fileBad: (blocks: string, bytes: string) =>
      `${blocks} sound blocks (${bytes}); others are damaged, missing, or do not belong here`,
    signature: 'The signature is of the key',
    signatureSaid: (names: string) => `signed by ${names}`,
    unsigned: 'no key that is trusted signed this log',
    witnesses: 'Enough witnesses cosigned',
    witnessesSaid: (names: string) => `the policy names ${names}`,
    noWitness: 'The policy asks for no witness, so none vouches for this log',
    entries: 'Each entry is the one that was recorded',
    entriesSaid: (n: string, size: string) => `${n} of ${size} entries read and hashed`,
    opaque: 'The entries are not of Tutela: their bytes are proven, their form is not judged',
    tree: 'The tree rebuilt from the entries has the signed root',
    since: 'The log continues the older checkpoint',
    sinceSaid: 'nothing was removed, changed or put between since then',
    key: 'The key is the one that you know',
    keyOpen: 'Compare the key below with the one that you have from elsewhere',
    keyOk: 'the log was verified with the key that you gave',
    keyPolicy: 'the log was verified with the policy that you opened: compare the key in it yourself',
    undo: 'Take it back',
  },
  /** Of each step that failed: what does not hold, and what that says. */
  failed: {
    file: ['The file is damaged, incomplete, or another one', null],
    signature: ['The log is not validly signed', 'a signature is false, or is of no key that is trusted'],
    witnesses: ['Too few witnesses cosigned', 'the policy asks for more cosignatures than stand here and hold'],
    entries: [
      'Entries are not the ones that were recorded',
      'at least one was changed or damaged; they stand below by number',
    ],
    tree: [
      'The entries do not lead to the signed root',
      'something in the tree was changed, damaged, left out or put in after the signature',
    ],
    since: [
      'The log does NOT continue the older checkpoint',
      'something was removed or changed since then: keep both files, this kit and the checkpoint',
    ],
    shorter: [
      'The log is shorter than the older checkpoint says',
      'entries that were there then are missing: keep both files, this kit and the checkpoint',
    ],
    unusable: [
      'The older checkpoint could not be compared',
      'it is damaged, of another log, or signed by no key that is trusted: nothing is said of the time since. After a change of keys, ask for a policy that names the old and the new key, and open it here',
    ],
    key: ['The key that you gave is not the one that signed', 'this log is not proven by your key'],
    policy: ['The policy that you opened does not fit this log', 'no key in it signed this log, or it cannot be read'],
  } as Readonly<
    Record<
      'file' | 'signature' | 'witnesses' | 'entries' | 'tree' | 'since' | 'shorter' | 'unusable' | 'key' | 'policy',
      readonly [title: string, said: string | null]
    >
  >,
  problems: {
    title: 'What is wrong',
    where: 'where',
    expected: 'expected',
    actual: 'found',
    more: (n: string) => `and ${n} more`,
  },
  meaning: {
    proven: 'What this proves',
    notProven: 'What it does not prove',
    signed: (n: string) =>
      `Whoever holds the key shown below signed exactly these ${n} entries, in this order. Had a single one been changed, removed or put between since, this page would say so.`,
    content:
      'Each decision reads as it was recorded: model, version, the measurements it rests on (by their digest), the verdict, and the role that approved.',
    since: 'Since the older checkpoint that you opened, entries were only added.',
    quorum: 'Independent witnesses saw this same state of the log, and refuse to cosign a second history of it.',
    nothing: 'Nothing, as long as the problems above are not explained.',
    truth:
      'That what was recorded is true. The log shows what the institution recorded, not that a measurement was right.',
    complete:
      'That everything was recorded. A decision that never reached the log leaves no trace in it: ask for `tutela ledger audit`, which holds the log against the institution’s repository.',
    time: 'When it was recorded. Dates are the institution’s statement; only a witness, or a checkpoint that you kept yourself, fixes a moment.',
    key: 'Whose key it is. Compare it with one that you got in another way.',
    stolen: 'That the key was not stolen or lent.',
    forked: 'That nobody else is shown another log. Keep this checkpoint, and open it here with the next kit.',
    page: 'That this page is honest: somebody may have rewritten a page so that it says “proven”. `tutela verify` on a computer of yours checks the page too.',
  },
  trust: {
    title: 'Whose log is it?',
    intro:
      'A signature proves that the holder of a key signed; it does not say who that is. Paste here the public key that you got from the institution in another way (a letter, its website, an earlier examination).',
    inKit: 'Key in this kit',
    field: 'Public key that you have',
    example: 'name+0123abcd+A…',
    compare: 'Verify with this key',
    reset: 'Back to the kit’s own policy',
    malformed: 'This is no public key of a log: it is one line, name+id+base64.',
    same: 'This is the key that signed the log.',
    other: 'The log is not signed by this key.',
    policy: 'The log is being verified with the policy that you opened.',
    cid: 'CID of the log',
    root: 'Root',
    checkpoint: 'Save the checkpoint',
    keep: 'Keep it: with the next kit it proves that nothing was rewritten meanwhile.',
  },
  list: {
    title: 'Decisions and events',
    words: 'Search',
    wordsHint: 'model, rule, fail, 2 Oct 2013, digest, …',
    kind: 'Kind',
    allKinds: 'All kinds',
    decisions: 'Decisions and approvals',
    model: 'Model',
    allModels: 'All models',
    outcome: 'Verdict',
    allOutcomes: 'All verdicts',
    from: 'From',
    to: 'To',
    clear: 'Clear filters',
    count: (found: string, all: string) => `${found} of ${all} entries`,
    none: 'No entry matches these filters.',
    empty: 'This log has no entries.',
    unreadable: 'The entries cannot be read.',
    reading: 'The list appears when the check has ended.',
    unproven: 'The log is not proven: what stands here may be forged.',
    chosen: 'The chosen entry',
    label: 'Entries; move with the arrow keys',
    columns: { index: 'No.', at: 'Date (UTC)', kind: 'What', model: 'Model', outcome: 'Verdict' },
    printed: (shown: string, all: string) => `The first ${shown} of ${all} entries are printed.`,
  },
  entry: {
    choose: 'Choose an entry to see it whole.',
    title: (n: string) => `Entry ${n}`,
    sealed: 'Its contents are encrypted: that it was recorded is proven, and whoever has the key can read it.',
    opaque: 'This entry is not of Tutela. Its bytes are shown as they are.',
    unreadable: 'The bytes of this entry cannot be read.',
    blocking: 'blocks',
    damaged: 'This entry is among the problems: do not rely on it.',
    facts: 'What was recorded',
    findings: 'Findings that are no pass',
    noFindings: 'Every check passed.',
    findingsHint:
      'Only what was measured and the limit are recorded here. Whether the limit is a most or a least (the operator), and the window, are in the rule of the policy that is named, as of the digest “Policies”; the sample is in the snapshot.',
    onlyDigest: 'The list is long: the log holds its digest, the report of the run holds the list',
    related: 'Belongs together',
    relatedVerdict: 'What was done after this verdict',
    noneRelated: 'No step was recorded before the next verdict.',
    raw: 'The entry as it was recorded and signed',
    saveReceipt: 'Save receipt',
    saveEntry: 'Save entry',
    receiptHint: 'The two files prove this one entry to anybody, without the log.',
    noReceipt: 'No receipt can be made: the log lacks files that it takes.',
    and: 'and',
    none: 'none',
    nothing: '(none)',
    otherPolicies: 'Something else in policies/ (exceptions, applications, catalogues) is not as at the run before.',
  },
  files: {
    title: 'Open other files',
    intro:
      'Drop files here, or choose them: a receipt (.tlog-proof, together with its entry if you have it), an older checkpoint, another policy, or another log.car.',
    choose: 'Choose files',
    unknown: (name: string) => `${name}: neither a receipt, a checkpoint, a policy nor a CAR`,
    alone: (name: string) => `${name}: an entry is opened together with its receipt`,
    receiptOk: (name: string, index: string) => `${name} is proven: entry ${index} is in the log as signed`,
    receiptBad: (name: string) => `${name} is NOT proven`,
    ofThisLog: 'It was checked with the entry that this log has at that place.',
    ofFile: 'It was checked with the entry of the file that you opened.',
    show: 'Show the entry',
    sinceOpened: (name: string) => `${name}: the log is being held against this older checkpoint`,
    policyOpened: (name: string) => `${name}: the log is being verified with this policy`,
    carOpened: (name: string) => `${name}: being checked`,
  },
  about: {
    title: 'About this page',
    text: (version: string) =>
      `Made by Tutela ${version}. The page holds the log, the policy and the program that checks them; it can reach no network. Formats: C2SP tlog-tiles, tlog-checkpoint, tlog-policy and tlog-proof; RFC 6962; IPFS CARv1.`,
    command: 'The same check on a computer of yours:',
  },
  ...englishEntries,
  yes: 'yes',
  no: 'no',
}

/** Held by both languages, so that neither lacks a word. */
export type PageWords = typeof english
