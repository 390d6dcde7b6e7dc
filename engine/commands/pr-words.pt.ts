// Brazilian Portuguese words of `pr` and `gate`. pr-words.en.ts has the same keys; a test holds them equal.
import type { PrWords } from './pr-words.en.ts'

const silence = (until: string) => `estes fatos ficam em silêncio${until === '' ? '' : ` até ${until}`}`

export const portuguese: PrWords = {
  none: 'Não há propostas.',
  state: { open: 'aberta', merged: 'incorporada', closed: 'encerrada' },
  frozen: 'congelada',
  snoozed: (until) => `adiada até ${until}`,
  approvals: (counted, all) => `${counted} de ${all} aprovações contam`,
  opened: (day) => `aberta desde ${day}`,
  ended: (state, day, reason) => `${state} em ${day}${reason === '' ? '' : ` (${reason})`}`,
  next: 'Próximo passo',
  history: 'Histórico',
  engine: 'Tutela',
  event: {
    opened: 'aberta',
    refreshed: 'atualizada',
    frozen: 'congelada: alguém fez um commit no ramo',
    approved: 'aprovada',
    rejected: 'rejeitada',
    snoozed: 'adiada',
    commented: 'comentada',
    merged: 'incorporada',
    closed: 'encerrada',
  },
  done: {
    approved: (id, by, head, files) => `${by} aprovou ${id} (head ${head}: ${files}).`,
    rejected: (id, by, until) => `${by} rejeitou ${id}: ${silence(until)}.`,
    snoozed: (id, by, until) => `${by} adiou ${id} até ${until}.`,
    commented: (id, by) => `${by} comentou ${id}.`,
    closed: (id, by, until) => `${by} encerrou ${id}: ${silence(until)}.`,
    merged: (id, commit, into) => `${id} foi incorporada a ${into} (${commit}).`,
  },
  afterMerge: 'A próxima `tutela run` registra isso e envia o que foi autorizado.',
  notPushed: (why) =>
    `Registrado aqui, ainda não enviado (${why}): a próxima \`tutela run\`, ou ação de \`tutela pr\`, envia.`,
  lost: (id, what, by) =>
    `chegou tarde e não foi mantido: ${what} por ${by}, em ${id}, encerrada ou alterada no repositório remoto nesse meio-tempo`,
  notFetched: (why) => `o que se sabe aqui pode estar atrás do repositório remoto: ${why}`,
  gone: (ids, then) => `registrada e sem referência aqui, como se nunca tivesse existido: proposta ${ids}: ${then}`,
  goneHere: (command) => `restaure-a com \`${command}\`, também no repositório remoto, e apure quem pôde apagá-la`,
  goneElsewhere: (commit) =>
    `\`git fetch origin 'refs/tutela/*:refs/tutela/*'\` se nunca foi buscada; se faltar também no repositório remoto, a partir de um clone que tenha o commit ${commit}`,
  claimed: (id, commit) =>
    `a proposta ${id} diz que foi incorporada como ${commit}, e a base não a tem: conta como aberta; \`git pull\` se a base estiver atrás, senão restaure \`refs/tutela/proposals/${id}\`, também no repositório remoto, e apure quem pôde escrevê-la`,
  strangeMark: (kind, of) =>
    `\`refs/tutela/delivered\` diz que \`${kind}\`${of} foi feito, mas nenhuma execução registrada o planejou, nem o registro o conhece: não conta; apure quem pôde escrevê-la`,
  strangeRef: (ref) =>
    `\`${ref}\` não é nome de proposta e foi ignorada: \`git update-ref -d ${ref}\`, também no repositório remoto, e apure quem pôde escrevê-la`,
  doesNotCount: (why) => `Não conta: ${why}.`,
  unseen: (path) => `${path}: alterado, e não mostrado como texto: veja com git diff`,
  changed: (names, head) =>
    `ALTERADA DEPOIS DE PROPOSTA, por ${names}: o diff abaixo é do ramo como está agora (${head}), e é isso que se aprova`,
  changedApproved: (names) => `Foi alterada depois de proposta, por ${names}: o que se aprova é o ramo como está agora`,
  already: (id, by, head) =>
    `${by} já tinha aprovado este head (${head}) e esta evidência de ${id}: nada foi acrescentado.`,
  policies: 'Exigida por',
  severity: 'gravidade',
  blocks: 'bloqueia',
  due: (day) => `prazo: ${day}`,
  overdue: (day) => `em atraso: o prazo era ${day}`,
  reviewers: 'Responsáveis, na base, pelo que muda:',
}
