// Secrets that were written where they do not belong, out of what is printed: logs of a pipeline are read by many.

/** What can be told by its form: age and signed-note keys, PEM, tokens of GitHub, GitLab and Slack, AWS key ids. */
const SECRET =
  /AGE-SECRET-KEY-1[A-Z0-9]*|PRIVATE\+KEY\+\S+|-----BEGIN [A-Z ]*PRIVATE KEY-----|\b(?:gh[opsur]_|github_pat_|glpat-|xox[abprs]-)[\w-]+|\bAKIA[A-Z0-9]{12,}/gi

/** The text with each such secret replaced by a word. */
export function withoutSecrets(text: string): string {
  return text.replace(SECRET, '(a secret)')
}
