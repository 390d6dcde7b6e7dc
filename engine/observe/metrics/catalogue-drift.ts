// The catalogue's rows on drift of inputs and predictions.
import type { FeatureKinds, MetricSource } from '../../domain/metric.ts'
import { type CatalogueRow, rows } from './catalogue-row.ts'

/** Times and texts have no drift of values. */
const NUMBERS: FeatureKinds = { types: ['number'] }
const CATEGORIES: FeatureKinds = { types: ['category', 'boolean'] }
/** Above a million rows a side, unless a rule names the exact definition. */
const BINNED: MetricSource = {
  pt: 'erra no máximo 0,001: acima de um milhão de linhas por lado',
  en: 'off by 0.001 at most: above a million rows a side',
}
const VALUES: FeatureKinds = { types: ['number', 'category', 'boolean'] }

const ROWS: readonly CatalogueRow[] = [
  {
    name: 'psi',
    title: { pt: 'Índice de estabilidade populacional (PSI)', en: 'Population stability index (PSI)' },
    subject: 'feature',
    alsoPer: ['protected'],
    features: VALUES,
    unit: 'nats',
    range: [0, null],
    worse: 'up',
    definition: 'psi/reference-deciles/eps=1e-4',
    source: {
      pt: 'definida aqui: Σ(pᵢ − qᵢ)·ln(pᵢ ÷ qᵢ) sobre proporções de todas as linhas, menos de 1e-4 conta como 1e-4 (N. Siddiqi, Credit Risk Scorecards, 2006)',
      en: 'defined here: Σ(pᵢ − qᵢ)·ln(pᵢ ÷ qᵢ) over shares of all rows, less than 1e-4 counts as 1e-4 (N. Siddiqi, Credit Risk Scorecards, 2006)',
    },
    note: {
      pt: 'Números: decis dos valores finitos da referência, fechados à direita; um valor em dois ou mais decis é uma faixa própria; até 10 valores distintos, uma faixa cada. Categorias: uma faixa cada. Depois, os demais e os ausentes',
      en: 'Numbers: deciles of the finite values of the reference, closed on the right; a value at two or more of them is a bin of its own; up to 10 distinct values, a bin each. Categories: a bin each. Then all others, and the missing',
    },
    variants: [
      { variant: 'evidently', definition: 'psi/evidently/values-or-sturges', source: 'Evidently 0.7 psi' },
      {
        variant: 'deepchecks',
        definition: 'psi/deepchecks/min=0.01',
        source: { pt: 'deepchecks, de categorias', en: 'deepchecks, of categories' },
        features: CATEGORIES,
      },
      {
        variant: 'popmon',
        definition: 'psi/popmon/plus=1e-5',
        source: { pt: 'popmon, de categorias', en: 'popmon, of categories' },
        features: CATEGORIES,
      },
    ],
  },
  {
    name: 'ks',
    title: { pt: 'Estatística de Kolmogorov–Smirnov', en: 'Kolmogorov–Smirnov statistic' },
    subject: 'feature',
    alsoPer: ['protected'],
    features: NUMBERS,
    unit: 'distance',
    range: [0, 1],
    worse: 'up',
    definition: 'drift.ks/two-sample',
    source: 'SciPy ks_2samp',
    variants: [{ variant: 'binned', definition: 'drift.ks/two-sample/binned/error<=0.001', source: BINNED }],
  },
  {
    name: 'ks_p',
    title: { pt: 'Valor-p de Kolmogorov–Smirnov', en: 'Kolmogorov–Smirnov p-value' },
    subject: 'feature',
    alsoPer: ['protected'],
    features: NUMBERS,
    unit: 'p-value',
    range: [0, 1],
    worse: 'down',
    definition: 'drift.ks_p/exact-to-10000',
    source: 'SciPy ks_2samp',
    note: {
      pt: 'Exato até 10.000 linhas do lado maior; acima, a lei finita de uma amostra em nm/(n+m), e não o seu limite. Acima de um milhão de linhas úteis o SciPy usa uma aproximação que erra até 2,5 % em p = 1e-297.',
      en: 'Exact up to 10,000 rows of the larger side; above, the finite one-sample law at nm/(n+m), not its limit. Above a million effective rows SciPy takes an approximation that is off by up to 2.5 % at p = 1e-297.',
    },
    variants: [
      { variant: 'binned', definition: 'drift.ks_p/of-binned-ks/error<=0.001', source: BINNED },
      { variant: 'asymptotic', definition: 'drift.ks_p/kstwo', source: "SciPy ks_2samp(method='asymp')" },
    ],
  },
  {
    name: 'wasserstein_normed',
    title: { pt: 'Distância de Wasserstein normalizada', en: 'Normed Wasserstein distance' },
    subject: 'feature',
    alsoPer: ['protected'],
    features: NUMBERS,
    unit: 'ratio',
    range: [0, null],
    worse: 'up',
    definition: 'drift.wasserstein_normed/reference-sigma/min=0.001',
    source: 'Evidently 0.7',
    note: {
      pt: 'Exata até um milhão de linhas por lado, ou sempre que pedido; acima, com erro de no máximo 0,001, dito na definição.',
      en: 'Exact up to a million rows a side, or wherever asked; above, off by at most 0.001, as the definition then says.',
    },
    variants: [
      {
        variant: 'binned',
        definition: 'drift.wasserstein_normed/reference-sigma/min=0.001/binned/error<=0.001',
        source: BINNED,
      },
    ],
  },
  {
    name: 'jensen_shannon',
    title: { pt: 'Distância de Jensen–Shannon', en: 'Jensen–Shannon distance' },
    subject: 'feature',
    alsoPer: ['protected'],
    features: VALUES,
    unit: 'distance',
    range: [0, 1],
    worse: 'up',
    definition: 'drift.jensen_shannon/natural-log',
    source: { pt: 'Evidently (logaritmo natural), NannyML (base 2)', en: 'Evidently (natural log), NannyML (base 2)' },
    note: {
      pt: 'Por valor; números com mais de 20 valores na referência, pelas faixas de Sturges das duas janelas, como o Evidently. Logaritmo natural: o máximo é 0,8326, e não 1.',
      en: "By value; numbers of more than 20 values in the reference by Sturges' bins of both windows, as Evidently. Natural logarithm: the most is 0.8326, not 1.",
    },
    variants: [
      {
        variant: 'evidently',
        definition: 'drift.jensen_shannon/evidently/values-or-sturges',
        source: 'Evidently 0.7 jensenshannon',
      },
      {
        variant: 'nannyml',
        definition: 'drift.jensen_shannon/nannyml/values-or-doane/base=2',
        source: 'NannyML 0.13 jensen_shannon',
      },
    ],
  },
  {
    name: 'chi2_p',
    title: { pt: 'Valor-p do qui-quadrado', en: 'Chi-square p-value' },
    subject: 'feature',
    alsoPer: ['protected'],
    features: CATEGORIES,
    unit: 'p-value',
    range: [0, 1],
    worse: 'down',
    definition: 'drift.chi2_p/one-way/expected=reference',
    source: 'SciPy chisquare',
  },
  {
    name: 'z_p',
    title: { pt: 'Valor-p do teste z de proporções', en: 'Two-proportion z-test p-value' },
    subject: 'feature',
    alsoPer: ['protected'],
    features: { types: ['boolean'] },
    unit: 'p-value',
    range: [0, 1],
    worse: 'down',
    definition: 'drift.z_p/pooled/two-sided',
    source: 'SciPy norm.sf',
    note: {
      pt: 'A cauda é calculada diretamente; o 2·(1 − CDF) do Evidently é 0 a partir de z = 8,3.',
      en: "The tail is computed directly; Evidently's 2·(1 − CDF) is 0 from z = 8.3 on.",
    },
  },
  {
    name: 'total_variation',
    title: { pt: 'Distância de variação total', en: 'Total variation distance' },
    subject: 'feature',
    alsoPer: ['protected'],
    features: CATEGORIES,
    unit: 'distance',
    range: [0, 1],
    worse: 'up',
    source: { pt: 'definida aqui: ½Σ|pᵢ − qᵢ|', en: 'defined here: ½Σ|pᵢ − qᵢ|' },
    note: {
      pt: 'Só de categorias; ausentes ficam de fora. A medida de mesmo nome no Evidently é um valor-p de permutação.',
      en: 'Of categories only; missing values are left out. The measure of that name in Evidently is a permutation p-value.',
    },
  },
  {
    name: 'hellinger',
    title: { pt: 'Distância de Hellinger', en: 'Hellinger distance' },
    subject: 'feature',
    alsoPer: ['protected'],
    features: CATEGORIES,
    unit: 'distance',
    range: [0, 1],
    worse: 'up',
    source: 'Evidently 0.7',
    variants: [
      {
        variant: 'evidently',
        definition: 'drift.hellinger/evidently/values-or-sturges',
        source: 'Evidently 0.7 hellinger',
        features: VALUES,
      },
    ],
  },
  {
    name: 'share_drifted',
    title: { pt: 'Proporção de variáveis com desvio', en: 'Share of features that drift' },
    subject: 'model',
    unit: 'share',
    range: [0, 1],
    worse: 'up',
    definition: 'drift.share_drifted/evidently-defaults',
    source: 'Evidently 0.7',
    note: {
      pt: 'Das variáveis que têm valores nas duas janelas; o teste de cada uma é o que o Evidently escolheria.',
      en: 'Of the features that have values in both windows; the test of each is the one that Evidently would choose.',
    },
  },
  {
    name: 'prediction_psi',
    title: { pt: 'PSI da previsão', en: 'PSI of the prediction' },
    subject: 'model',
    unit: 'nats',
    range: [0, null],
    worse: 'up',
    definition: 'psi/reference-deciles/eps=1e-4',
    source: {
      pt: 'definida aqui: `drift.psi` da saída do modelo',
      en: "defined here: `drift.psi` of the model's output",
    },
  },
  {
    name: 'missing',
    title: { pt: 'Variação da proporção de ausentes', en: 'Change in the share of missing values' },
    subject: 'feature',
    alsoPer: ['protected'],
    unit: 'share',
    range: [-1, 1],
    worse: 'up',
    definition: 'drift.missing/current-minus-reference',
    source: {
      pt: 'definida aqui: proporção de ausentes na janela − na referência',
      en: 'defined here: share of missing values in the window − in the reference',
    },
  },
]

export const DRIFT_METRICS = rows('drift', ROWS)
