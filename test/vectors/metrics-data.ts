// The cases of `data/`: their data through the same summary and the same functions as `observe`.
import type { RunCase } from './metrics.ts'

export const dataCase: RunCase = async () => []
