import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changeFigure, limitFigure, valueFigure } from '../../engine/domain/finding-figures.ts'
import { finding, metricRule } from '../report/sample-run.ts'

test('of a rule about a change the value stands with the change in the terms of the limit, and from what', () => {
  const fell = finding({ value: 0.6462, unit: 'share', versus: { value: 0.7966, change: -0.1888 } })
  const relative = metricRule({ comparison: null, change: { direction: 'drops', amount: 0.05, relative: true } })
  assert.equal(valueFigure(fell, relative, 'en'), '0.6462 (-18.9% from 0.7966)')
  assert.equal(valueFigure(fell, relative, 'pt'), '0,6462 (-18,9 % ante 0,7966)')
  assert.equal(limitFigure(fell, relative, 'en'), 'drop of at most 5%')
  assert.equal(changeFigure(fell, relative, 'en'), null)
  const absolute = metricRule({ comparison: null, change: { direction: 'rises', amount: 0.05, relative: false } })
  const rose = finding({ value: 0.85, unit: 'share', versus: { value: 0.75, change: 0.1 } })
  assert.equal(valueFigure(rose, absolute, 'en'), '0.85 (+0.10 from 0.75)')
  // Where the rule is not known any more, nothing is said of its terms.
  assert.equal(valueFigure(fell, undefined, 'en'), '0.6462')
  assert.equal(changeFigure(fell, undefined, 'en'), 'was 0.7966')
})
