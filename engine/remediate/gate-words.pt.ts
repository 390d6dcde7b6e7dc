// Brazilian Portuguese sentences of the gate. gate-words.en.ts has the same keys; a test holds them equal.
import type { GateWords } from './gate-words.en.ts'

const first = (problems: readonly string[]) =>
  (problems[0] ?? '') + (problems.length > 1 ? ` (e mais ${problems.length - 1})` : '')
const list = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ')
const ACTIONS = { retrain: 'o retreino', rollback: 'a reversão', hold: 'a suspensão' }
const STATES: Readonly<Record<string, string>> = { merged: 'incorporada', closed: 'encerrada' }

export const portuguese: GateWords = {
  may: 'não falta nada: pode ser incorporada',
  mayNot: 'ainda não pode ser incorporada:',
  counts: 'conta',
  corrects: (models) => `corrige medições de ${list(models)}`,
  measures: (models) => `acrescenta medições de ${list(models)}`,
  escapes: (policies) => `tira uma implantação do alcance de ${list(policies)}`,
  replaces: (versions) =>
    `põe outro artefato ou conjunto de dados sob ${list(versions)}, que é medida e julgada por esse nome`,
  problems: {
    'not-open': ({ state }) => `ela está ${STATES[state] ?? state}: só uma proposta aberta pode ser incorporada`,
    forged: () => 'modelo, ambiente, ação e ramo não são os da sua chave: essa ref foi escrita à mão',
    'not-rendered': ({ proposal, branch }) =>
      `o que \`${branch}\` muda não é o que o motor propõe: julga-se como pull request de outro ramo, e \`tutela pr comment ${proposal} --reason retry\` faz a próxima execução gerar a proposta de novo`,
    rewound: ({ ref, recorded, events }) =>
      `em \`${ref}\` falta o que está registrado${events.length === 0 ? '' : ` (${events.join(', ')})`}, portanto foi posta para trás ou escrita à mão: \`git update-ref ${ref} ${recorded}\`, também no remoto, e descubra quem pôde escrevê-la`,
    'no-card': ({ model }) =>
      `a base não tem uma ficha legível de \`${model}\`, portanto não se sabe quem responde por ele`,
    'no-owner': ({ model }) => `a ficha de \`${model}\` não nomeia responsáveis`,
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
    'merge-conflict': ({ paths }) =>
      `${list(paths)} também mudou na base, e não do mesmo modo: incorpore a base ao ramo, para que se julgue o que será incorporado`,
    'several-merge-bases': () =>
      'o ramo e a base têm várias bases de merge, portanto o que se julga pode não ser o que o Git incorpora: incorpore a base ao ramo, ou faça rebase dele, e pergunte de novo',
    'not-judged': ({ problems }) =>
      `as políticas da base não podem ser avaliadas sobre o que se incorpora, portanto nada mostra que não se bloqueia nada: ${first(problems)}; se for preciso mudar políticas, isso é um pull request próprio, incorporado antes`,
    'base-invalid': ({ problems }) =>
      `as políticas da base não podem ser avaliadas: ${first(problems)}; isso se repara antes, com um pull request que não muda nada em models/`,
    'model-taken': ({ path, model }) =>
      `\`${path}\` nomeia em \`formerly\` o modelo \`${model}\`, que está implantado na base: um modelo continua com outro id em uma pasta própria, com as mesmas implantações`,
    'words-not-here': ({ what, command }) =>
      `${'branch' in what ? `\`${what.branch}\`` : `${ACTIONS[what.action]} de \`${what.model}\``} é um remédio que o motor propõe, e o que se disse dele não está aqui: \`${command}\`, e pergunte de novo`,
    'run-files': ({ path }) => `\`${path}\` é escrito apenas por execuções`,
    'look-alike': ({ path, like }) =>
      `\`${path}\` é \`${like}\` em sistemas que não distinguem maiúsculas ou caracteres ocultos`,
    'other-file': ({ path, folder }) =>
      `\`${path}\` não é de \`${folder}/\`: mudar outros arquivos pede um pull request próprio`,
    'model-removed': ({ path }) =>
      `\`${path}\` foi removida: a pasta de um modelo nunca é apagada, a ficha diz \`stage: retired\``,
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
