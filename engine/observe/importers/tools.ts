// The list of tools: their words on the command line, and the importer of each.
import { importAif360 } from './aif360.ts'
import { importAlibiDetect } from './alibi-detect.ts'
import { importDeepchecks } from './deepchecks.ts'
import { importEvidently } from './evidently.ts'
import { importFairlearn } from './fairlearn.ts'
import { importGreatExpectations } from './great-expectations.ts'
import type { Extracted, Source, Told } from './imported.ts'
import { importMlflow } from './mlflow.ts'
import { importNannyml } from './nannyml.ts'
import { importPrometheus } from './prometheus.ts'
import { importSagemaker } from './sagemaker.ts'
import { importShap } from './shap.ts'
import { importWhylogs } from './whylogs.ts'

/** Throws `Refusal` alone. */
export type Importer = (source: Source, told: Told) => Extracted

export const TOOLS: ReadonlyMap<string, Importer> = new Map<string, Importer>([
  ['aif360', importAif360],
  ['alibi-detect', importAlibiDetect],
  ['deepchecks', importDeepchecks],
  ['evidently', importEvidently],
  ['fairlearn', importFairlearn],
  ['great-expectations', importGreatExpectations],
  ['mlflow', importMlflow],
  ['nannyml', importNannyml],
  ['prometheus', importPrometheus],
  ['sagemaker', importSagemaker],
  ['shap', importShap],
  ['whylogs', importWhylogs],
])
