// The catalogue's rows on explanations: attribution drift against the baseline, and reason codes.
import { type CatalogueRow, rows } from './catalogue-row.ts'

const ROWS: readonly CatalogueRow[] = [
  {
    name: 'ndcg',
    title: { pt: 'NDCG das atribuições', en: 'NDCG of attributions' },
    subject: 'model',
    unit: 'share',
    range: [0, 1],
    worse: 'down',
    definition: 'ndcg/ties-averaged/live-order',
    source: 'SageMaker Clarify; scikit-learn ndcg_score',
  },
  {
    name: 'l1',
    title: { pt: 'Distância L1 das importâncias', en: 'L1 distance of importances' },
    subject: 'model',
    unit: 'distance',
    range: [0, 2],
    worse: 'up',
    definition: 'l1/normalised-importances',
    source: {
      pt: 'definida aqui: Σ|aᵢ − bᵢ| das médias de |SHAP|, cada uma dividida pela soma',
      en: 'defined here: Σ|aᵢ − bᵢ| of means of |SHAP|, each divided by its sum',
    },
  },
  {
    name: 'top_k_overlap',
    title: { pt: 'Sobreposição das k mais importantes', en: 'Overlap of the k most important' },
    subject: 'model',
    unit: 'share',
    range: [0, 1],
    worse: 'down',
    definition: 'top_k_overlap/k=5/ties-by-name',
    source: {
      pt: 'definida aqui: variáveis entre as 5 mais importantes dos dois lados ÷ 5; empates pelo nome',
      en: 'defined here: features among the 5 most important of both sides ÷ 5; ties by name',
    },
  },
  {
    name: 'mean_abs_shap',
    title: { pt: 'Média de |SHAP|', en: 'Mean |SHAP|' },
    subject: 'feature',
    unit: 'output',
    range: [0, null],
    worse: 'none',
    source: 'SHAP',
  },
  {
    name: 'reason_coverage',
    title: { pt: 'Cobertura de códigos de motivo', en: 'Reason-code coverage' },
    subject: 'model',
    unit: 'share',
    range: [0, 1],
    worse: 'down',
    definition: 'reason_coverage/of-adverse-decisions',
    source: {
      pt: 'definida aqui: decisões adversas com motivo ÷ decisões adversas',
      en: 'defined here: adverse decisions with a reason ÷ adverse decisions',
    },
    interval: 'wilson',
  },
]

export const EXPLAIN_METRICS = rows('explain', ROWS)
