// Brazilian Portuguese sentences of notices. notice-words.en.ts has the same keys; a test holds them equal.
import type { NoticeWords } from './notice-words.en.ts'

const counted = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`

/** The words of notices for institutions whose first language is Portuguese. */
export const portuguese: NoticeWords = {
  title: (model, environment, what) => `${model} em ${environment}: ${what}`,
  failed: (count) => counted(count, 'verificação reprovada', 'verificações reprovadas'),
  errors: (count) => counted(count, 'verificação com erro', 'verificações com erro'),
  resolved: 'os problemas avisados antes deixaram de existir',
  waived: (count) =>
    `os problemas avisados antes têm exceção, mas não deixaram de existir: ${counted(count, 'verificação continua reprovada', 'verificações continuam reprovadas')}`,
  alsoWaived: (count) =>
    `Além disso, com exceção: ${counted(count, 'verificação reprovada', 'verificações reprovadas')}.`,
  invalid: 'os arquivos são inválidos, portanto nada foi avaliado',
  and: ' e ',
  blocks: 'A implantação está bloqueada.',
  demand: (action) => `Exige-se: ${action}.`,
  passed: {
    overdue: (action, day) => `prazo vencido: ${action} até ${day}`,
    escalated: (asked, action, day) => `não se fez até ${day}: ${asked}; agora se exige: ${action}`,
  },
  model: 'o modelo',
  value: (value) => `valor ${value}`,
  limit: (limit) => `limite ${limit}`,
  more: (count) => `mais ${counted(count, 'problema', 'problemas')}`,
  readOn: (model) => `Leia mais: tutela explain ${model}`,
}
