// Markdown that hostile text cannot break out of; it lives in base, since proposals are written with it too.
export * from '../base/markdown-text.ts'
