// The words around the tables of docs/metrics.md.
import type { MetricsWords } from './make-metrics.ts'

export const ENGLISH: MetricsWords = {
  title: 'Metrics',
  intro: `*[Em português](metricas.pt.md)*

This page is made from the catalogue (\`engine/observe/metrics/catalogue.ts\`), which policies are checked against too. The same name means different numbers in different tools, so every measurement carries the definition that it was made by; two snapshots of different definitions are never compared. A definition in the table is that of [\`tutela observe\`](first-model.md); an importer keeps its tool's own.

A number that cannot be had is \`null\` with its reason, never NaN and never 0 by accident: \`empty_window\`, \`empty_reference\`, \`empty_group\`, \`one_class\`, \`one_category\`, \`one_feature\`, \`no_positives\`, \`no_negatives\`, \`no_predicted_positives\`, \`no_adverse_decisions\`, \`constant_target\`, \`zero_target\`, \`zero_denominator\`, \`zero_mean_benefit\`, \`zero_attribution\`, \`fewer_than_two_groups\`, \`too_few_rows\`, \`no_timestamp\`, \`no_order\`, \`no_label\`, \`not_probabilities\`, \`undefined\`, \`non_finite\`, \`partial_result\` (\`no_label\`: rows are there and their labels have not come; \`no_order\`: all rows bear one time). A rule on it is missing data: \`onMissing\` of the policy decides, an error unless it says \`fail\` or \`skip\`, and the finding has the reason. The column \`interval\` names how the interval of a value is made, [at 95%](#intervals); \`–\` is a value without one, which a rule with \`confidence\` judges by itself. Groups below \`minimumGroupSize\` (10) have a size and nothing else; those whose value the card does not name (\`privileged\`, or the \`values\` of the feature) are one group, \`suppressed\`, with their size together.`,
  families: {
    data: [
      'Data quality',
      'Expectations are the `features` of the card: `min`, `max`, `values`, `notNull`, `unique`. Shares of violations are of the values that are there.',
    ],
    drift: [
      'Drift',
      'A window against the reference. A feature that a metric is not of (the column `of`) is no missing data to `each: feature`. Protected attributes are watched as features too, categories unless the card lists them otherwise: `each: protected` is on them. Named variants (`evidently`, `deepchecks`, `popmon`, `nannyml`) come from importers or stand beside the native number, each with its own definition.',
    ],
    concept: [
      'Concept drift',
      'Alarms over the errors of the model in order of time. Neighbouring errors are rarely independent, so a rule asks for a count in a window and not for “any alarm”.',
    ],
    performance: ['Performance', '`estimated_*` need no labels: they hold as far as the scores are calibrated.'],
    fairness: [
      'Fairness',
      'Selection is over all rows, the other rates over rows with a label. Groups by two attributes (`sex × race`) are measured for up to five attributes, and `each: protected` judges those that are. A missing value is a group of its own.',
    ],
    explain: [
      'Explanations',
      'From a SHAP matrix, a row a case and a column a feature: `tutela observe --attributions FILE --reference-attributions FILE` reads the columns that bear the name of a feature of the card. Or imported: `tutela import shap`, `tutela import sagemaker`. Reason codes stand in a column of the data, `data: { reasons: <column>, adverse: "1" }` in the card: an empty or blank cell is no reason, and `adverse` is the value of the prediction that is a decision against someone. It has no default, since 1 approves in one model and refuses in another.',
    ],
    sla: [
      'Service',
      'From columns of the data (`sla.columns` of the card) or from Prometheus (`sla.queries`, asked over the window). A reply with warnings may lack a part: then there is no value, and the reason is `partial_result`. The definition of a number from Prometheus holds its query, step and mean: another query is another definition. From columns it is `data-column`.',
    ],
  },
  variants: [
    'Definitions of other tools, number for number. `tutela observe` measures those that a rule of the repository names (`definition: psi/evidently/values-or-sturges`), and all of them with `--variants`. Where a window holds two definitions of a metric, each rule on it must name one: a rule that does not ends in an error. `binned` is what `observe` falls back on above a million rows a side; a rule that names the exact definition has it measured exactly.',
    'Other definitions that `tutela observe` stores; a rule names one with `definition`.',
    'id',
    'as in',
    'definition',
    'source',
  ],
  columns: ['id', 'what it is', 'of', 'unit, range', 'worse', 'definition', 'as in', 'interval'],
  subjects: {
    model: 'model',
    feature: 'feature',
    protected: 'protected attribute',
    group: 'group',
    endpoint: 'endpoint',
  },
  worse: { up: 'higher', down: 'lower', away: 'away from even', none: '–' },
  unbounded: '∞',
  units: { target: 'unit of the target', output: 'unit of the output' },
  intervals: {
    wilson: 'Wilson',
    newcombe: 'Newcombe',
    'log-ratio': 'log method',
    'all-pairs': 'Newcombe, all pairs',
    'all-pairs-ratio': 'log method, all pairs',
    'of-sums': 'of sums',
    delong: 'DeLong',
    bootstrap: 'bootstrap',
    'three-errors': 'three errors',
  },
  variantNames: {},
  or: 'or',
  having: 'with',
  types: { number: 'number', category: 'category', boolean: 'boolean', timestamp: 'timestamp', text: 'text' },
  outro: `## Intervals
At 95%, except \`three errors\`. \`confidence\` of a rule reads an interval of its own level and no other.

| interval | how |
|---|---|
| Wilson | a share from its count (E. B. Wilson, 1927) |
| Newcombe | the difference of two shares, from the Wilson limits of both (R. G. Newcombe, Statistics in Medicine 17, 1998, method 10) |
| log method | the ratio of two shares on the scale of logarithms (D. Katz et al., Biometrics 34, 1978). A count of 0, which has no logarithm, counts half a row (S. D. Walter, Biometrika 62, 1975), and the interval begins at 0 |
| all pairs | the gap between the largest and the smallest group, which are known only after looking. Every pair of groups gets Newcombe's interval, or that of the log method, with the studentized range in place of 1.96 (2.34 for three groups, 3.03 for eight), so that all pairs hold at once (A. Agresti et al., Biometrics 64, 2008). The gap reaches from the largest lower end to the largest upper end, within 0 and 1. Of two groups it is the interval of that pair. Equalized odds: both rates at a level of √0.95, and the larger ends of the two |
| of sums | the mean of two differences, from the limits of each (G. Y. Zou and A. Donner, Statistics in Medicine 27, 2008); of their absolute values, from the sum and the difference at once |
| DeLong | the AUC (E. R. DeLong et al., Biometrics 44, 1988) |
| bootstrap | the labelled rows drawn again from their counts, 1,000 times from a fixed seed, and the middle 95% (B. Efron and R. Tibshirani, 1993). None where draws do not vary |
| three errors | three sampling errors to each side, as NannyML's band: 99.73% |

A gap between many groups is above 0 by chance alone: of eight equal groups with 75 positives each, the interval of the extreme pair by itself leaves 0 out in 49% of draws, a bootstrap of the gap in every one, and that of all pairs in 4.7%.

## Where well-known tools surprise
| what | the figure |
|---|---|
| PSI over deciles alone is blind to a nearly constant reference: all deciles are one value and fold into one bin. A value at two or more deciles is a bin of its own here | \`guaranteed_share\` of the SBA loans (98% at 0.50): 0.0 without that bin, 2.43 with it in February 2006. \`vicprice\` of Elec2, constant for a year: 0.0 for ever, against 9.65 when it woke up |
| Evidently's measure \`Total-Variation-Distance\` is a p-value: low is drift. It is never \`drift.total_variation\` here | ½Σ\\|p−q\\| is 0 where nothing moved, and that p-value is about 1 |
| Evidently computes the z-test as 2·(1 − CDF), which is 0 past z = 8.3 | the true tail at z = 10 is 1.5e-23 |
| Jensen–Shannon has base e in Evidently and base 2 in NannyML | its largest value is 0.8326 in one, 1 in the other |
| Fairlearn counts a rate without a denominator as 0, and a single group as a gap of 0 (a ratio of 1): no positives in a group look like the worst treatment, and one group like perfect fairness | here the group is left out of the gap, and fewer than two groups have none |
| \`average_odds_difference\` cancels: a TPR gap and an FPR gap of opposite signs give 0 | +0.2 and −0.2 give 0.0; \`average_abs_odds_difference\` gives 0.2 |
| scikit-learn's MAPE of a target of 0 divides by 2.2e-16 | 4.5e15 for one row that is off by 1 |
| scikit-learn's precision and recall are 0 where nothing was predicted positive, or nothing is | here \`null\`, \`no_predicted_positives\` and \`no_positives\` |
| NDCG (SageMaker Clarify) hardly sees a swap of the two most important features | so \`explain.l1\` and \`explain.top_k_overlap\` stand beside it |
| p-values of large windows are tiny for nothing | KS of 0.004 between two months of 500,000 flights is “significant”: rules test effect sizes |
| labels that come late flatter: false alarms are learned last | FPR by group falls from 0.19 to 0.05 on the data set with delayed labels: \`performance.label_coverage\`, also by group, is what to watch |
| DDM without an error in its warm start has p = s = 0 | it alarms at the first error |

## Metrics of your own
Declared in \`policies/governance.yaml\`, and then used in rules like any other. Their numbers come from \`tutela import\` or from a pipeline that writes snapshots.

\`\`\`yaml
metrics:
  custom.complaints: { title: { pt: Reclamações, en: Complaints }, unit: count, worse: up }
\`\`\`
\`subject\` (default \`model\`), \`range\`, \`definition\` and \`source\` may be added.`,
}
