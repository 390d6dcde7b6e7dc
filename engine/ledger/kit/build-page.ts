// Makes the page's template: code and style in one HTML file, with their hashes in its policy. For the build, and for running
// from source; never part of dist/, which carries what this makes (page-template.ts).
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { build, type Plugin } from 'esbuild'
import { DATA_MARK } from './fill-page.ts'

const HERE = import.meta.dirname

/** The verifier's code asks Node for a few things; in the page these stand in for them. */
const standIns: Plugin = {
  name: 'stand-ins',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^node:(crypto|net|util)$/ }, ({ path }) => ({
      path: join(HERE, `browser/${path.replace(':', '-')}.ts`),
    }))
    onResolve({ filter: /[\\/]base[\\/](ed25519|sha256)\.ts$/ }, ({ path }) => ({
      path: join(HERE, 'browser', basename(path)),
    }))
    onResolve({ filter: /^node:/ }, ({ path }) => ({ errors: [{ text: `the page has no ${path}` }] }))
  },
}

/** The HTML with a mark where `fillPage` puts the kit's data. The same bytes for the same sources. */
export async function buildPage(): Promise<string> {
  const script = inScript(await bundle('page/page.ts', { WORKER_CODE: JSON.stringify(await buildWorker()) }))
  const style = (await bundle('page/page.css', {})).trim()
  if (style.includes('</')) throw new Error('internal error: a style that ends its element')
  const policy = [
    "default-src 'none'",
    `script-src '${sourceHash(script)}'`,
    `style-src '${sourceHash(style)}'`,
    'worker-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types tutela-worker',
  ].join('; ')
  return readFileSync(join(HERE, 'page/page.html'), 'utf8')
    .replace('<!--policy-->', `<meta http-equiv="Content-Security-Policy" content="${policy}">`)
    .replace('<!--style-->', () => `<style>${style}</style>`)
    .replace('<!--data-->', DATA_MARK)
    .replace('<!--script-->', () => `<script>${script}</script>`)
}

/** The code of the page's worker: the verifier. */
export async function buildWorker(): Promise<string> {
  return await bundle('browser/worker.ts', {})
}

async function bundle(entry: string, define: Record<string, string>): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(HERE, entry)],
    bundle: true,
    write: false,
    format: 'iife',
    target: ['chrome120', 'firefox129', 'safari17'],
    minify: true,
    charset: 'ascii',
    legalComments: 'none',
    logLevel: 'warning',
    define,
    ...(entry.endsWith('.ts') && { inject: [join(HERE, 'browser/node-buffer.ts')], plugins: [standIns] }),
  })
  return outputFiles[0]?.text ?? ''
}

/** Nothing in the text ends the element or begins a comment in it. */
function inScript(code: string): string {
  const safe = code.replaceAll('<!--', '\\x3C!--').replaceAll(/<\/(script)/gi, '<\\/$1')
  if (/<!--|<\/?script/i.test(safe)) throw new Error('internal error: code that ends its element')
  return safe
}

function sourceHash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
