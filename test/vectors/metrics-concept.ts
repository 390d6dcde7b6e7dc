// The cases of `concept/`: their data through the same summary and the same functions as `observe`.
import { identifier } from '../../engine/base/sql-text.ts'
import { ADWIN, adwin } from '../../engine/observe/metrics/adwin.ts'
import { DDM, ddm } from '../../engine/observe/metrics/ddm.ts'
import { PAGE_HINKLEY, pageHinkley } from '../../engine/observe/metrics/page-hinkley.ts'
import { type Watcher, watchErrors } from '../../engine/observe/summarise/concept.ts'
import type { Expectation, Got } from './metric-differences.ts'
import type { RunCase } from './metrics.ts'

interface Watched extends Watcher {
  details(): Record<string, unknown>
}

/** One pass over the stream for all parameters that the case has. */
export const conceptCase: RunCase = async ({ engine, spec, table }) => {
  const stream = await table('stream')
  const watched = spec.expected.map((expected) => ({ expected, watcher: watcherOf(expected) }))
  await watchErrors(
    engine,
    `SELECT ${identifier('value')} FROM ${stream.from}`,
    watched.map(({ watcher }) => watcher),
  )
  return watched.map(({ expected, watcher }): Got => {
    const { metric, parameters } = expected
    const details = watcher.details()
    return { metric, variant: null, subject: null, parameters, value: (details.positions as number[]).length, details }
  })
}

function watcherOf({ metric, parameters }: Expectation): Watched {
  const positions: number[] = []
  if (metric === 'concept.adwin') {
    const detector = adwin({ ...ADWIN, ...parameters })
    const final = () => {
      const { width, total, deviations } = detector.window()
      return { finalWidth: width, finalTotal: total, finalVariance: deviations }
    }
    return {
      take: (value, position) => detector.alarms(value) && positions.push(position),
      details: () => ({ positions, ...final() }),
    }
  }
  if (metric === 'concept.page_hinkley') {
    const detector = pageHinkley({ ...PAGE_HINKLEY, ...parameters })
    return {
      take: (value, position) => detector.alarms(value) && positions.push(position),
      details: () => ({ positions }),
    }
  }
  const detector = ddm({ ...DDM, ...parameters })
  const warned: number[] = []
  return {
    take(value, position) {
      if (detector.alarms(value)) positions.push(position)
      if (detector.warns()) warned.push(position)
    },
    details: () => ({ positions, warnings: warned.length, firstWarning: warned[0] ?? null }),
  }
}
