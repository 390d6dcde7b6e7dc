// A card as it is kept: what every plan asks of it stands apart, and the rest is read when somebody looks at it.
import { deploymentsOf, type LoadedCard, type ModelCard } from '../domain/model-card.ts'
import type { CardParts } from './model-parts.ts'

/** What every plan asks of a card. */
export interface CardHead {
  readonly id: string
  readonly formerly: readonly string[]
  /** Of each deployment, in the card's order. */
  readonly environments: readonly string[]
  readonly digest: LoadedCard['digest']
  readonly file: string
}

/** The parts of a card without the card. */
export interface CardSummary extends Omit<CardParts, 'loaded'> {
  /** Null where the card could not be read. */
  readonly head: CardHead | null
}

/** Read at most once. */
class KeptCard implements LoadedCard {
  readonly head: CardHead
  readonly #read: () => ModelCard
  #card: ModelCard | null = null

  constructor(head: CardHead, read: () => ModelCard) {
    this.head = head
    this.#read = read
  }

  get card(): ModelCard {
    this.#card ??= this.#read()
    return this.#card
  }

  get digest(): LoadedCard['digest'] {
    return this.head.digest
  }

  get file(): string {
    return this.head.file
  }
}

/** What `keptParts` needs besides the card itself. */
export function summaryOf({ loaded, ...rest }: CardParts): CardSummary {
  return { ...rest, head: loaded === null ? null : headOf(loaded) }
}

/** The parts whose card is read by `read` when it is asked for. */
export function keptParts({ head, ...rest }: CardSummary, read: () => ModelCard): CardParts {
  return { ...rest, loaded: head === null ? null : new KeptCard(head, read) }
}

/** Of a kept card without reading it. */
export function headOf(loaded: LoadedCard): CardHead {
  if (loaded instanceof KeptCard) return loaded.head
  const { card, digest, file } = loaded
  const environments = deploymentsOf(card).map(({ environment }) => environment)
  return { id: card.id, formerly: card.formerly ?? [], environments, digest, file }
}
