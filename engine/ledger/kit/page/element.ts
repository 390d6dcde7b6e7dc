/// <reference lib="dom" />
// Elements from plain values. Text goes in as text and never as HTML, so nothing that an entry says can become part of the page.

/** What may stand in an element; null and false stand for nothing. */
export type Child = Node | string | null | false | readonly Child[]

/** Attributes and listeners (`onclick`); null and false leave an attribute out, true is an empty one. */
export type Attributes = Readonly<Record<string, string | number | boolean | null | EventListener>>

/** An element with its attributes and children. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(key.slice(2), value)
    else if (value !== null && value !== false) made.setAttribute(key, value === true ? '' : String(value))
  }
  made.append(...nodesOf(children))
  return made
}

function nodesOf(children: readonly Child[]): (Node | string)[] {
  return children.flatMap((child) => {
    if (child === null || child === false) return []
    return typeof child === 'string' || child instanceof Node ? [child] : nodesOf(child)
  })
}

/** A region with its heading, which names it for screen readers. */
export function section(id: string, title: string, ...children: Child[]): HTMLElement {
  const heading = element('h2', { id: `${id}-title` }, title)
  return element('section', { id, class: 'card', 'aria-labelledby': `${id}-title` }, heading, ...children)
}

/** Lets the reader save bytes as a file. */
export function saveFile(name: string, bytes: Uint8Array): void {
  const url = URL.createObjectURL(new Blob([Uint8Array.from(bytes)], { type: 'application/octet-stream' }))
  element('a', { href: url, download: name }).click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
