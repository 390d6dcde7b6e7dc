// What to do where an id is not the name of its file or folder: a name that is no id can only be renamed.

const ID = /^[a-z0-9-]{1,100}$/

/** `id` keeps to the form of ids; `name` is the folder's, or the file's without its ending. */
export function idHint(id: string, name: string, of: 'file' | 'folder'): string {
  const target = of === 'file' ? `${id}.yaml` : id
  if (!ID.test(name)) return `rename the ${of} to \`${target}\`: ids are of \`a-z\`, \`0-9\` and \`-\``
  if (of === 'file') return `write \`id: ${name}\`, or rename the file to \`${target}\``
  return `write \`id: ${name}\`; an id that changes needs \`formerly\``
}
