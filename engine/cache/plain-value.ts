// Data of the engine as JSON and back, exactly: maps, infinities, absent against undefined, and which objects have no
// prototype to reach. What is no plain data is refused, so that it is never kept as something else.

/** How an object without a reachable prototype is made, and told from others (load/bare-object.ts). */
export type BareClass = new () => object

const [LIST, OBJECT, BARE, MAP, SET, OTHER] = [0, 1, 2, 3, 4, 5]

/** JSON of the value; null where it holds what is no plain data. */
export function plainJson(value: unknown, bare: BareClass): string | null {
  const coded = encode(value, bare)
  return coded === REFUSED ? null : JSON.stringify(coded)
}

/** The value of `plainJson`, equal to it in every part. */
export function parsePlain(json: string, bare: BareClass): unknown {
  return decode(JSON.parse(json), bare)
}

const REFUSED = Symbol('no plain data')

function encode(value: unknown, bare: BareClass): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0) ? value : [OTHER, nameOf(value)]
  if (value === undefined) return [OTHER, 'undefined']
  if (typeof value !== 'object' || Object.getOwnPropertySymbols(value).length > 0) return REFUSED
  if (Array.isArray(value)) return tagged(LIST, value, bare)
  if (value instanceof Map) return tagged(MAP, [...value].flat(1), bare)
  if (value instanceof Set) return tagged(SET, [...value], bare)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Object.prototype) return tagged(OBJECT, Object.entries(value).flat(1), bare)
  return prototype === bare.prototype ? tagged(BARE, Object.entries(value).flat(1), bare) : REFUSED
}

function tagged(tag: number, members: readonly unknown[], bare: BareClass): unknown {
  const coded: unknown[] = [tag]
  for (let i = 0; i < members.length; i++) {
    const one = encode(members[i], bare)
    if (one === REFUSED) return REFUSED
    coded.push(one)
  }
  return coded
}

function nameOf(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value)
}

function decode(coded: unknown, bare: BareClass): unknown {
  if (!Array.isArray(coded)) return coded
  const tag: unknown = coded[0]
  if (tag === OTHER) return coded[1] === 'undefined' ? undefined : Number(coded[1])
  if (tag === OBJECT) return filled({}, coded, bare)
  if (tag === BARE) return filled(new bare(), coded, bare)
  const members: unknown[] = []
  for (let i = 1; i < coded.length; i++) members.push(decode(coded[i], bare))
  if (tag === LIST) return members
  if (tag === SET) return new Set(members)
  const map = new Map<unknown, unknown>()
  for (let i = 0; i < members.length; i += 2) map.set(members[i], members[i + 1])
  return map
}

function filled(object: object, coded: readonly unknown[], bare: BareClass): object {
  for (let i = 1; i < coded.length; i += 2) {
    const key = String(coded[i])
    const value = decode(coded[i + 1], bare)
    if (key === '__proto__')
      Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true })
    else (object as Record<string, unknown>)[key] = value
  }
  return object
}

/** A copy of what JSON gave, its objects as the loader makes them. */
export function bareCopy(value: unknown, bare: BareClass): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((one) => bareCopy(one, bare))
  const copy = new bare()
  for (const [key, one] of Object.entries(value)) {
    Object.defineProperty(copy, key, {
      value: bareCopy(one, bare),
      enumerable: true,
      writable: true,
      configurable: true,
    })
  }
  return copy
}

/** Whether JSON of it says all: of what YAML gives, only the zero below zero is lost. */
export function isExactInJson(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0)
  return typeof value !== 'object' || value === null || Object.values(value).every(isExactInJson)
}
