// Why a log or receipt is not proven: codes for machines, and the sentence of each for people.

/** Every reason, with what it means. The keys are the codes. */
export const PROBLEM_MEANINGS = {
  'ledger/no-checkpoint': {
    en: 'the log has no checkpoint',
    pt: 'o registro não tem checkpoint',
  },
  'ledger/bad-note': {
    en: 'the signed note is malformed',
    pt: 'a nota assinada está malformada',
  },
  'ledger/bad-checkpoint': {
    en: 'the text of the checkpoint is malformed',
    pt: 'o texto do checkpoint está malformado',
  },
  'ledger/other-origin': {
    en: 'the checkpoint is of another log than the one trusted',
    pt: 'o checkpoint é de outro registro, não daquele em que se confia',
  },
  'ledger/not-signed': {
    en: 'no trusted key of the log signed the checkpoint',
    pt: 'nenhuma chave confiável do registro assinou o checkpoint',
  },
  'ledger/bad-signature': {
    en: 'a signature of a known key does not hold',
    pt: 'a assinatura de uma chave conhecida não confere',
  },
  'ledger/no-quorum': {
    en: 'too few of the trusted witnesses cosigned',
    pt: 'poucas das testemunhas confiáveis coassinaram',
  },
  'ledger/too-large': {
    en: 'the log says that it is larger than any real one',
    pt: 'o registro diz ser maior do que qualquer registro real',
  },
  'ledger/missing-file': {
    en: 'a file that the checkpoint needs is missing',
    pt: 'falta um arquivo de que o checkpoint precisa',
  },
  'ledger/stray-file': {
    en: 'a file within `tile/` that the checkpoint does not cover',
    pt: 'há em `tile/` um arquivo que o checkpoint não cobre',
  },
  'ledger/bad-length': {
    en: 'a tile has another length than its hashes',
    pt: 'um bloco de hashes tem outro comprimento',
  },
  'ledger/bad-bundle': {
    en: 'a bundle does not hold its entries',
    pt: 'um pacote não contém as suas entradas',
  },
  'ledger/bad-entry': {
    en: 'an entry is not in the canonical form',
    pt: 'uma entrada não está na forma canônica',
  },
  'ledger/entry-hash': {
    en: 'an entry is not the one that its tile has',
    pt: 'uma entrada não é a que o seu bloco de hashes tem',
  },
  'ledger/tile-hash': {
    en: 'a tile is not the one that the level above has',
    pt: 'um bloco de hashes não é o que o nível acima tem',
  },
  'ledger/stale-partial': {
    en: 'an older partial file is no prefix of the newer one',
    pt: 'um arquivo parcial mais antigo não é prefixo do mais novo',
  },
  'ledger/root': {
    en: 'the tiles do not have the root that is signed',
    pt: 'os blocos não têm a raiz que foi assinada',
  },
  'ledger/rolled-back': {
    en: 'the log is smaller than the older checkpoint says',
    pt: 'o registro é menor do que diz o checkpoint mais antigo',
  },
  'ledger/rewritten': {
    en: 'the log does not continue the older checkpoint',
    pt: 'o registro não continua o checkpoint mais antigo',
  },
  'ledger/bad-receipt': {
    en: 'the receipt is malformed',
    pt: 'o recibo está malformado',
  },
  'ledger/not-included': {
    en: 'the receipt does not prove that the entry is in the log',
    pt: 'o recibo não prova que a entrada está no registro',
  },
  'ledger/bad-car': {
    en: 'the CAR is malformed from here on',
    pt: 'o CAR está malformado a partir daqui',
  },
  'ledger/other-cid': {
    en: 'the CAR has another root than the one named',
    pt: 'o CAR tem outra raiz, não a indicada',
  },
  'ledger/bad-block': {
    en: 'a block is not what its CID names, or is no node of a log',
    pt: 'um bloco não é o que o seu CID nomeia, ou não é um nó de registro',
  },
  'ledger/repeated-block': {
    en: 'the CAR has a block twice',
    pt: 'o CAR tem um bloco duas vezes',
  },
  'ledger/missing-block': {
    en: 'a block that the root needs is missing',
    pt: 'falta um bloco de que a raiz precisa',
  },
  'ledger/stray-block': {
    en: 'a block that the root does not need',
    pt: 'há um bloco de que a raiz não precisa',
  },
  'ledger/bad-name': {
    en: 'a directory has a name that no log has',
    pt: 'um diretório tem um nome que nenhum registro tem',
  },
  'ledger/bad-age': {
    en: 'an encrypted entry is broken, so that nobody can open it',
    pt: 'uma entrada cifrada está corrompida, e ninguém consegue abri-la',
  },
  'ledger/bad-policy': {
    en: 'the policy that says whom to trust is malformed',
    pt: 'a política que diz em quem confiar está malformada',
  },
  'ledger/other-kit-file': {
    en: 'a file of the kit is missing, or is not the one that its log and policy give',
    pt: 'falta um arquivo do kit, ou ele não é o que resulta do seu registro e da sua política',
  },
  'ledger/unknown-page': {
    en: 'another version of Tutela made the page, so its program was not compared: use that version, or verify `log.car` alone',
    pt: 'a página foi feita por outra versão do Tutela, e o programa dela não foi comparado: use aquela versão, ou confira só o `log.car`',
  },
  'ledger/bad-fraud': {
    en: 'the fraud bundle is malformed',
    pt: 'o pacote de prova de fraude está malformado',
  },
  'ledger/no-fraud': {
    en: 'the two heads of the bundle do not contradict each other',
    pt: 'os dois checkpoints do pacote não se contradizem',
  },
  'ledger/more-problems': {
    en: 'more problems than are listed',
    pt: 'há mais problemas do que os listados',
  },
} as const

/** The closed list of reasons. */
export type VerifyCode = keyof typeof PROBLEM_MEANINGS

/** One reason why a log or receipt is not proven, with its place. */
export interface VerifyProblem {
  readonly code: VerifyCode
  /** A file of the log, `tile/entries/000 entry 5`, or the name of what was given. */
  readonly where: string
  readonly expected?: string
  readonly actual?: string
}
