// The subjects of `each: feature` and `each: protected`: those the card names and a window must measure, and those that count
// once a window does measure them (EVALUATION.md, Which measurement).
import { compareBy } from '../base/order.ts'
import { type FeatureKinds, isOfKind } from '../domain/metric.ts'
import type { Feature, LoadedCard } from '../domain/model-card.ts'
import type { MetricWindow, NamedSubject } from './metric-window.ts'

type CardKind = 'feature' | 'protected'

/** What one rule judges of a card. The lists are kept: windows keep their order of them. */
export interface ExpectedSubjects {
  /** Missing data where a window lacks them. */
  readonly expected: readonly NamedSubject[]
  /** The metric is not defined for these, so they count where they are measured all the same. */
  readonly others: readonly NamedSubject[]
}

/** The subjects of a card, of all its deployments, so it is made once a model. */
export class CardSubjects {
  private readonly named: Readonly<Record<CardKind, ReadonlyMap<string, Feature>>>
  private readonly kept: { kind: CardKind; kinds: FeatureKinds | null; subjects: ExpectedSubjects }[] = []

  constructor({ card }: LoadedCard) {
    const { features = [], protected: attributes = [] } = card.data ?? {}
    const listed = new Map(features.map((feature) => [feature.name, feature]))
    this.named = {
      feature: new Map(features.filter((f) => f.monitor !== false).map((f) => [f.name, f])),
      protected: new Map(attributes.map(({ name }) => [name, listed.get(name) ?? { name, type: 'category' }])),
    }
  }

  /** By the features that the rule's metric is defined for. */
  of(kind: CardKind, kinds: FeatureKinds | null): ExpectedSubjects {
    for (let i = 0; i < this.kept.length; i++) {
      const one = this.kept[i]
      if (one?.kind === kind && one.kinds === kinds) return one.subjects
    }
    const all = [...this.named[kind].values()]
    const isExpected = (feature: Feature) => kinds === null || (feature.monitor !== false && isOfKind(kinds, feature))
    const subjects = {
      expected: namedSubjects(kind, all.filter(isExpected)),
      others: namedSubjects(
        kind,
        all.filter((feature) => !isExpected(feature)),
      ),
    }
    this.kept.push({ kind, kinds, subjects })
    return subjects
  }

  /** Whether `sex × race` is made of protected attributes of the card, two or more. */
  isPair(attribute: string): boolean {
    const parts = attribute.split(PAIRED)
    return parts.length > 1 && !this.named.protected.has(attribute) && parts.every((p) => this.named.protected.has(p))
  }

  /** The expected ones, and of the others and the pairs of attributes those that the window measures, in order. */
  in(window: MetricWindow | undefined, kind: CardKind, kinds: FeatureKinds | null): readonly NamedSubject[] {
    const { expected, others } = this.of(kind, kinds)
    if (window === undefined || (kind === 'feature' && others.length === 0)) return expected
    return window.extended(expected, () => {
      const more = others.filter((subject) => window.find(subject.text) !== undefined)
      const pairs = kind === 'protected' ? window.attributes().filter((name) => this.isPair(name)) : []
      if (more.length === 0 && pairs.length === 0) return expected
      return [...expected, ...more, ...pairs.map((attribute) => ({ subject: { attribute }, text: attribute }))].sort(
        compareBy<NamedSubject>(({ text }) => text ?? ''),
      )
    })
  }
}

/** How the name of a pair joins those of its attributes, as it is measured. */
const PAIRED = ' × '

function namedSubjects(kind: CardKind, features: readonly Feature[]): readonly NamedSubject[] {
  const byName = [...features].sort(compareBy<Feature>(({ name }) => name))
  return byName.map(({ name }) => ({
    subject: kind === 'feature' ? { feature: name } : { attribute: name },
    text: name,
  }))
}
