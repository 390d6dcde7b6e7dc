// Brazilian Portuguese words of `observe` and `import`. observe-words.en.ts has the same keys.
import type { ObserveWords } from './observe-words.en.ts'

const counted = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`

export const portuguese: ObserveWords = {
  part: {
    reading: 'leitura',
    drift: 'deriva',
    'data quality': 'qualidade dos dados',
    estimates: 'estimativas',
    'concept drift': 'deriva de conceito',
    performance: 'desempenho',
    fairness: 'equidade',
    service: 'serviço',
  },
  columns: ['métrica', 'sujeito', 'valor', 'intervalo de 95 %', 'n', ''],
  interval: (low, high) => `${low} a ${high}`,
  pairs: (n) => `… e mais ${n} de grupos por dois atributos (\`--format json\` mostra todas)`,
  alarms: (what, positions) => `${what} alarma em ${positions} (linhas com rótulo em ordem de tempo; a primeira é 0)`,
  place: (model, version, environment) => `${model} ${version} em ${environment}`,
  window: (start, end) => `${start} a ${end}`,
  rows: (n, text) => `${text} ${n === 1 ? 'linha' : 'linhas'}`,
  noRows: 'nenhuma linha contada',
  against: (current, reference) => `${current}, contra ${reference} da referência`,
  measurements: (n) => counted(n, 'medição', 'medições'),
  of: (measurements, what) => `${measurements} de ${what}`,
  nothing: 'nada foi gravado',
  unmeasured: 'nada foi medido',
  noData: 'sem dados',
  unchanged: 'sem mudança desde o último instantâneo',
  failed: 'falhou',
  refused: 'recusado',
  present: (where) => `já está em ${where}: nada foi gravado`,
  flags: (tool, flagged, failed, checks) =>
    `o próprio ${tool} sinaliza ${flagged} e reprova ${failed} de ${checks} verificações; as regras avaliam os números`,
  note: 'nota',
  sourceSays: (text) => `a fonte diz: ${text}`,
  unread: (names) => `sem medição: ${names}`,
  dropped: (names) => `nunca guardado: ${names}`,
  leftOut: (count, why) => `${counted(count, 'número deixado', 'números deixados')} de fora, ${why}`,
  why: {
    undeclared: 'de métricas que governance.yaml não declara',
    'small-group': 'de menos linhas que `minimumGroupSize`: de um grupo só se guarda o tamanho',
    'group-size-unknown': 'de grupos cujo tamanho o arquivo não informa (`count`)',
    name: 'de um nome que um instantâneo não aceita (vazio, longo demais ou com caracteres de controle)',
  },
  toKeep: 'para guardá-los, acrescente a policies/governance.yaml (ajuste as unidades):',
}
