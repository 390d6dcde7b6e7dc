// Brazilian Portuguese sentences of the gate. gate-words.en.ts has the same keys; a test holds them equal.
import type { GateWords } from './gate-words.en.ts'

const list = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ')
const STATES: Readonly<Record<string, string>> = { merged: 'incorporada', closed: 'encerrada' }

export const portuguese: GateWords = {
  may: 'não falta nada: pode ser incorporada',
  mayNot: 'ainda não pode ser incorporada:',
  counts: 'conta',
  corrects: (models) => `corrige medições de ${list(models)}`,
  problems: {
    'not-open': ({ state }) => `ela está ${STATES[state] ?? state}: só uma proposta aberta pode ser incorporada`,
    forged: () => 'modelo, ambiente, ação e ramo não são os da sua chave: essa ref foi escrita à mão',
    'not-rendered': ({ proposal, branch }) =>
      `o que \`${branch}\` muda não é o que o motor propõe: julga-se como pull request de outro ramo, e \`tutela pr comment ${proposal} --reason retry\` faz a próxima execução gerar a proposta de novo`,
    rewound: ({ ref, recorded, events }) =>
      `em \`${ref}\` falta o que está registrado${events.length === 0 ? '' : ` (${events.join(', ')})`}, portanto foi posta para trás ou escrita à mão: \`git update-ref ${ref} ${recorded}\`, também no remoto, e descubra quem pôde escrevê-la`,
    'no-card': ({ model }) =>
      `a base não tem um cartão legível de \`${model}\`, portanto não se sabe quem responde por ele`,
    'no-owner': ({ model }) => `o cartão de \`${model}\` não nomeia responsáveis`,
    'unknown-team': ({ team }) =>
      `\`people\` em policies/governance.yaml não tem \`${team}\`, portanto ninguém dele pode aprovar`,
    'owner-is-validator': ({ role }) =>
      `\`${role}\` responde pelo modelo e o valida: a validação deve ser independente`,
    'no-approval': ({ owners }) => `uma aprovação deste commit e desta evidência por alguém de ${list(owners)}`,
    conflict: ({ paths }) => `${list(paths)} também mudou na base: \`tutela run\` gera a proposta de novo`,
    'facts-changed': ({ reason }) => `os fatos não são mais os da proposta (${reason}): \`tutela run\` a atualiza`,
    'facts-unknown': () => 'o que dizem as políticas da base, que tem erros: `tutela check` os lista',
    'no-candidate': () => 'o veredito sobre a versão candidata',
    blocks: ({ model, environment }) => `pelas políticas da base, \`${model}\` em \`${environment}\` ficaria bloqueado`,
    'run-files': ({ path }) => `\`${path}\` é escrito apenas por execuções`,
    'look-alike': ({ path, like }) =>
      `\`${path}\` é \`${like}\` em sistemas que não distinguem maiúsculas ou caracteres ocultos`,
    'other-file': ({ path, folder }) =>
      `\`${path}\` não é de \`${folder}/\`: mudar outros arquivos pede um pull request próprio`,
    'model-removed': ({ path }) =>
      `\`${path}\` foi removida: a pasta de um modelo nunca é apagada, o cartão diz \`stage: retired\``,
    'snapshot-changed': ({ path, line }) =>
      `a linha ${line} de \`${path}\` foi alterada ou removida: uma correção é uma linha nova que a substitui`,
  },
  notCounted: {
    malformed: 'não é uma aprovação',
    'bad-signature': 'a assinatura não é válida',
    'unknown-key': 'a chave não está em policies/allowed-signers',
    'other-namespace': 'a chave não pode assinar aprovações',
    'not-valid-then': 'a chave não valia então, ou não vale mais',
    'other-name': 'a chave pertence a outro nome',
    'from-the-future': 'tem data no futuro',
    'other-proposal': 'é de outra proposta',
    'other-head': 'é de um commit anterior',
    'other-evidence': 'é de evidência anterior',
    'not-owner': 'não responde pelo modelo',
    'is-validator': 'valida o modelo, e deve ser independente',
    'is-author': 'fez ou enviou commits do ramo',
    'is-engine': 'é o próprio motor',
  },
}
