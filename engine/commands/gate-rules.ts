// The rules of one tree over the files of another: what a change is judged by is the base's, wherever it is kept. A link is
// resolved wholly in the tree that it is in, or whoever changes its target would change the rule.
import { compareText } from '../base/order.ts'
import { isDiagnostic, plainFile } from '../load/repository-files.ts'
import type { SourceTree, TreeFile } from '../world.ts'

/** `files` with everything under `policies/` as `rules` has it; a link there is the file that it leads to. */
export function withRulesOf(rules: SourceTree, files: SourceTree): SourceTree {
  const isRule = (path: string) => path === 'policies' || path.startsWith('policies/')
  const plain = new Map(rules.list(['policies']).map((file) => [file.path, resolved(rules, file)]))
  const readRule = (path: string) => rules.read(plain.get(path)?.from ?? path)
  return {
    label: files.label,
    commit: files.commit,
    dirty: [],
    has: (path) => (isRule(path) ? rules : files).has(path),
    read: (path) => (isRule(path) ? readRule(path) : files.read(path)),
    list: (folders) =>
      [
        ...files.list(folders).filter(({ path }) => !isRule(path)),
        ...rules.list(folders).flatMap((file) => (isRule(file.path) ? (plain.get(file.path)?.file ?? file) : [])),
      ].sort((a, b) => compareText(a.path, b.path)),
    treeId: (folder) => (folder === 'policies' ? rules : files).treeId(folder),
  }
}

/** A link that leads nowhere stays one, and is told as an error. */
function resolved(rules: SourceTree, file: TreeFile): { readonly file: TreeFile; readonly from: string } {
  const found = file.mode === 'link' ? plainFile(rules, file) : file
  if (isDiagnostic(found)) return { file, from: file.path }
  return { file: { ...found, path: file.path }, from: found.path }
}

/** Where links of policies and cards lead: target → the links, each sorted. */
export function linkTargets(tree: SourceTree): ReadonlyMap<string, readonly string[]> {
  const targets = tree.list(['models', 'policies']).flatMap((link) => {
    const found = link.mode === 'link' ? plainFile(tree, link) : null
    return found === null || isDiagnostic(found) ? [] : [{ target: found.path, link: link.path }]
  })
  const byTarget = Map.groupBy(targets, ({ target }) => target)
  return new Map(
    [...byTarget]
      .sort(([a], [b]) => compareText(a, b))
      .map(([target, links]) => [target, links.map(({ link }) => link).sort(compareText)]),
  )
}
