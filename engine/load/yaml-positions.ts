// Where every key and value of a YAML file stands: built from the events the first time a position is asked for, so that
// files without problems never pay for it.
import { EVENT_ID, type Event, getScalarValue, SCALAR_STYLE, type ScalarEvent } from 'js-yaml'
import type { Span } from './source-text.ts'

export interface PositionNode {
  readonly value: Span
  /** Absent for list elements and the root. */
  readonly key?: Span
  readonly children: ReadonlyMap<string | number, PositionNode>
}

interface Frame {
  readonly node: { value: Span; key?: Span; children: Map<string | number, PositionNode> }
  readonly isList: boolean
  key: { name: string; span: Span } | undefined
}

/** Of repeated keys, the first is kept, as in the value. */
export function indexPositions(text: string, events: readonly Event[]): PositionNode {
  const root: Frame = { node: { value: { start: 0, end: 0 }, children: new Map() }, isList: true, key: undefined }
  const stack: Frame[] = [root]
  for (const event of events) {
    const top = stack.at(-1)
    if (top === undefined) break
    if (event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE) {
      const span = { start: event.start, end: event.start + 1 }
      const frame: Frame = {
        node: { value: span, children: new Map() },
        isList: event.type === EVENT_ID.SEQUENCE,
        key: undefined,
      }
      attach(top, frame.node, '')
      stack.push(frame)
    } else if (event.type === EVENT_ID.SCALAR) {
      const span = scalarSpan(event, top.key?.span)
      attach(top, { value: span, children: new Map() }, getScalarValue(text, event))
    } else if (event.type === EVENT_ID.ALIAS) {
      attach(top, { value: { start: event.anchorStart, end: event.anchorEnd }, children: new Map() }, '')
    } else if (event.type === EVENT_ID.POP && stack.length > 1) {
      stack.pop()
    }
  }
  return root.node.children.get(0) ?? root.node
}

export function valueSpan(root: PositionNode, path: readonly (string | number)[]): Span {
  return nodeAt(root, path).value
}

export function keySpan(root: PositionNode, path: readonly (string | number)[]): Span {
  const node = nodeAt(root, path)
  return node.key ?? node.value
}

function nodeAt(root: PositionNode, path: readonly (string | number)[]): PositionNode {
  let node = root
  for (const part of path) {
    const child = node.children.get(part)
    if (child === undefined) return node
    node = child
  }
  return node
}

function attach(top: Frame, node: Frame['node'], text: string): void {
  if (top.isList) {
    top.node.children.set(top.node.children.size, node)
  } else if (top.key === undefined) {
    top.key = { name: text, span: node.value }
  } else {
    node.key = top.key.span
    if (!top.node.children.has(top.key.name)) top.node.children.set(top.key.name, node)
    top.key = undefined
  }
}

/** An absent value stands after its key. */
function scalarSpan(event: ScalarEvent, key: Span | undefined): Span {
  if (event.valueStart === -1) return { start: key?.end ?? 0, end: key?.end ?? 0 }
  const quote = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED ? 1 : 0
  return { start: event.valueStart - quote, end: event.valueEnd + quote }
}
