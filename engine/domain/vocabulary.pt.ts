// Brazilian Portuguese words for the nouns of the domain. vocabulary.en.ts has the same keys; a test holds them equal.
import type { Vocabulary } from './vocabulary.en.ts'

export const portuguese: Vocabulary = {
  outcome: { pass: 'aprovado', warn: 'alerta', fail: 'reprovado', error: 'erro', skip: 'não avaliado' },
  outcomes: { pass: 'aprovados', warn: 'alertas', fail: 'reprovados', error: 'erros', skip: 'não avaliados' },
  cause: {
    missing: 'sem medição',
    stale: 'medição vencida',
    sample: 'amostra insuficiente',
    definition: 'definições divergentes',
    'not-evaluable': 'não avaliável',
    invalid: 'arquivo inválido',
    'no-policy': 'nenhuma política se aplica',
  },
  action: { none: 'nada', retrain: 'retreinar', rollback: 'reverter', hold: 'suspender', promote: 'promover' },
  severity: { info: 'informativa', low: 'baixa', medium: 'média', high: 'alta', critical: 'crítica' },
  enforcement: { advisory: 'consultiva', approval: 'com aprovação', mandatory: 'obrigatória' },
  state: {
    conforming: 'conforme',
    notConforming: 'não conforme',
    notApplicable: 'não aplicável',
    insufficient: 'evidência insuficiente',
  },
  controlStatus: {
    binding: 'vigente e obrigatório',
    'not-yet-in-force': 'ainda não vigente',
    bill: 'projeto de lei',
    voluntary: 'voluntário',
    superseded: 'revogado ou substituído',
  },
  gate: {
    snoozed: 'adiada',
    limit: 'limite de propostas abertas',
    'cool-down': 'carência após encerramento',
    outranked: 'superada por medida mais forte',
    closed: 'encerrada por uma pessoa',
  },
  tier: { low: 'baixo', medium: 'médio', high: 'alto', critical: 'crítico' },
  stage: { development: 'desenvolvimento', validation: 'validação', production: 'produção', retired: 'desativado' },
  model: 'o modelo',
  blocks: 'bloqueia',
  waived: (until) => `com exceção até ${until}`,
  between: (low, high) => `de ${low} a ${high}`,
  dropsAtMost: (amount) => `queda de até ${amount}`,
  risesAtMost: (amount) => `alta de até ${amount}`,
  withinDays: (days) => `em até ${days} dias`,
  was: (value) => `era ${value}`,
}
