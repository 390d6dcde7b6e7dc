// Where the files that ship with the package are, from the sources and from `dist/` alike.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder that holds package.json, policies/ and models/ of the bundled example. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder)
    if (parent === folder) throw new Error('internal error: the package has lost its package.json')
    folder = parent
  }
  return folder
}

/** Where the published schemas lie: in the sources, else in the bundle. */
export function schemasFolder(): string {
  const bundled = join(packageRoot(), 'dist/schemas')
  const sources = join(packageRoot(), 'engine/schemas')
  return existsSync(sources) ? sources : bundled
}
