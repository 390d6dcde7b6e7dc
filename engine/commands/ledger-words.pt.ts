// Brazilian Portuguese words of `ledger` and `witness`. ledger-words.en.ts has the same keys.
import { POLICY_PATH } from '../ledger/log-policy.ts'
import type { LedgerWords } from './ledger-words.en.ts'

export const portuguese: LedgerWords = {
  entries: (n) => `${n} ${n === 1 ? 'entrada' : 'entradas'}`,
  key: {
    invalid: 'policies/governance.yaml tem erros: nenhuma chave foi criada ou mostrada',
    made: (origin) => `criada a chave de ${origin}`,
    of: (origin) => `a chave de ${origin}`,
    public: 'pública ',
    private: 'privada ',
    policy: 'política',
    next: 'próxima ',
    from: 'de      ',
    to: 'para    ',
    keepCopy: '(guarde uma cópia onde só os operadores possam ler)',
    intoVariable: (variable) => `ponha o texto na variável ${variable} e depois apague o arquivo`,
    namesIt: `${POLICY_PATH} a indica: faça commit desse arquivo`,
    isNamed: `${POLICY_PATH} a indica`,
    isNotNamed: `${POLICY_PATH} NÃO a indica: \`tutela run\` a recusa`,
    notNamedYet: '(ainda não indicada)',
  },
  rotation: {
    goesOver: (origin) => `o registro ${origin} passa para outra chave`,
    holdsBoth: ' contém as duas',
    behindOld: (variable) =>
      `ponha o texto na variável ${variable}, depois da chave antiga e de um espaço; depois apague o arquivo`,
    namesBoth: `${POLICY_PATH} indica as duas: faça commit desse arquivo`,
    next: 'próximo passo: `tutela run` registra a mudança, e as duas chaves assinam. Quando todos os que verificam tiverem a nova política:',
    oneAgain: (origin) => `o registro ${origin} volta a ter uma só chave`,
    holdsAlone: (place) => `só ela está em ${place}`,
    takeOut: (variable) => `retire a chave antiga da variável ${variable}`,
    namesNew: `${POLICY_PATH} indica só a nova chave: faça commit desse arquivo`,
  },
  policy: {
    invalid: 'policies/governance.yaml tem erros: nenhuma política foi gravada',
    written: `${POLICY_PATH} foi gravado: faça commit desse arquivo`,
    asBefore: `${POLICY_PATH} já diz isso`,
  },
  toCheck: 'para conferir:',
  trustedPolicy: '<a política em que você confia>',
  noQuorum: {
    receipt: 'poucas das testemunhas aceitas cossignaram: por `ledger/policy`, este recibo ainda não vale',
    kit: 'poucas das testemunhas aceitas cossignaram: por `ledger/policy`, este pacote ainda não está provado',
  },
  openPage: (page) => `para conferir: abra ${page} em um navegador, ou`,
  openPageWith: (page, car) => `para conferir: abra ${page} em um navegador e entregue-lhe ${car}, ou`,
  pin: {
    none: 'NÃO fixado',
    pinned: (where) => `fixado: ${where}`,
    sent: (blocks, bytes) => `enviado ao nó: ${blocks} blocos, ${bytes} bytes`,
    notYet: (where, why) => `ainda não em ${where}: ${why}`,
    failed: (where, why) => `NÃO fixado em ${where}: ${why}`,
    car: (path) => `o CAR, para quem quiser verificar: ${path}`,
  },
  erase: {
    erased: (commitment) => `apagada a abertura de ${commitment}`,
    before: (commitment) => `a abertura de ${commitment} já tinha sido apagada`,
    stays: 'o compromisso fica no registro, que continua provado; ninguém mais pode dizer de que ele foi feito',
    copies: 'backups e cópias do diretório Git não são alcançados: apague também lá',
    next: 'próximo passo: `tutela run` registra a eliminação',
  },
  cosign: {
    signed: (name) => `assinado por ${name}`,
    failed: (name, why) => `não cossignado por ${name}: ${why}`,
    enough: 'isso basta para ledger/policy',
    tooFew: 'isso é pouco para ledger/policy',
  },
  witness: {
    made: (name) => `criada a chave da testemunha ${name}`,
    keepCopy: '(guarde uma cópia onde só os operadores da testemunha possam ler)',
    named: 'a instituição a indica: `ledger: { witnesses: [{ key: <pública>, url: https://… }], quorum: 1 }`',
    listens: (name, address) => `a testemunha ${name} atende em ${address}`,
    key: (vkey) => `a chave dela: ${vkey}`,
    noAnswer: (why) => `sem resposta: ${why}`,
    stopped: (name) => `a testemunha ${name} parou`,
  },
}
