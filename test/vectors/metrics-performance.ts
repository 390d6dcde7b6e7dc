// The cases of `performance/`: their data through the same summary and the same functions as `observe`.
import type { RunCase } from './metrics.ts'

export const performanceCase: RunCase = async () => []
