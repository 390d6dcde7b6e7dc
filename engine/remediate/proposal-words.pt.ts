// Brazilian Portuguese words of a proposal. proposal-words.en.ts has the same keys; a test holds them equal.
import type { ProposalWords } from './proposal-words.en.ts'

export const portuguese: ProposalWords = {
  title: {
    retrain: (model, where) => `Retreinar ${model} em ${where}`,
    rollback: (model, where, target) => `Reverter ${model} em ${where} para ${target}`,
    hold: (model, where) => `Suspender ${model} em ${where}`,
  },
  instead: {
    'no-recipe': (asked, proposed) =>
      `As políticas exigem: ${asked}. Proposto: ${proposed}, porque a ficha não diz como fazê-lo (não tem \`retrain\`).`,
    'no-target': (asked, proposed) =>
      `As políticas exigem: ${asked}. Proposto: ${proposed}, porque não há versão anterior que se saiba não reprovada.`,
    escalated: (asked, proposed) =>
      `As políticas exigiram: ${asked}. Proposto: ${proposed}, porque isso não foi feito no prazo que elas dão.`,
  },
  what: {
    retrain: (trigger) =>
      `O merge acrescenta à ficha um pedido de retreino. A próxima execução o envia uma única vez, pelo gatilho ${trigger}. A versão resultante é avaliada antes de poder ser proposta para implantação.`,
    rollback: (from, to) =>
      `O merge devolve a versão implantada de ${from} para ${to}, a mais nova entre as anteriores cujo último veredito não reprovou.`,
    hold: 'O merge marca a implantação como suspensa, para que manifestos e portões a respeitem. Nada mais muda nela.',
  },
  why: 'Por quê',
  violated: (count) => (count === 1 ? 'Um requisito está violado:' : `${count} requisitos estão violados:`),
  requirement: 'requisito',
  subject: 'sujeito',
  value: 'valor',
  limit: 'limite',
  margin: 'margem',
  sample: 'amostra',
  window: 'janela',
  more: (count) => `Mais ${count} constam do relatório da execução.`,
  history: 'Como se chegou a isto',
  historyColumns: ['requisito', 'valores, do mais antigo ao mais novo'],
  change: 'O que muda',
  evidence: 'Evidência',
  model: 'modelo',
  version: 'versão implantada',
  environment: 'ambiente',
  owners: 'quem pode aprovar',
  validator: 'validador independente',
  request: 'pedido de retreino',
  evidenceName: 'evidência',
  snapshots: 'instantâneos avaliados',
  none: 'nenhum',
  decide: 'Como decidir',
  decideBy:
    'Uma aprovação é assinada e vale apenas para este commit e esta evidência: quando um deles muda, ela caduca. Quem escreveu, quem enviou por último e o próprio motor nunca contam.',
  commands: (id) => [
    `tutela pr diff ${id}`,
    `tutela pr approve ${id} --key ~/.ssh/id_ed25519`,
    `tutela gate --proposal ${id}`,
    `tutela pr merge ${id}`,
  ],
  otherwise: 'Ou, com um motivo que fica registrado:',
  otherCommands: (id) => [
    `tutela pr reject ${id} --reason "…"`,
    `tutela pr snooze ${id} --until AAAA-MM-DD --reason "…"`,
  ],
  onForge: 'Aprove e faça o merge aqui; `tutela gate` é a verificação obrigatória que diz o que falta.',
  footer: 'Escrito pelo Tutela; edições deste texto são sobrescritas. Proposta',
  frozen:
    'Alguém fez um commit neste ramo, portanto ele não é mais gerado. Escreva o comentário `retry` para que seja gerado de novo sobre a base.',
}
