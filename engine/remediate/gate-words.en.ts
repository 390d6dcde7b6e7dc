// English sentences of the gate. gate-words.pt.ts has the same keys; a test holds them equal.
import type { GateProblem, NotCounted } from './gate.ts'

type Sentences = { readonly [C in GateProblem['code']]: (problem: Extract<GateProblem, { code: C }>) => string }

/** The first of them: all stand in the JSON. */
const first = (problems: readonly string[]) =>
  (problems[0] ?? '') + (problems.length > 1 ? ` (and ${problems.length - 1} more)` : '')

const list = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ')

export const english = {
  may: 'nothing is missing: it may be merged',
  mayNot: 'it may not be merged yet:',
  counts: 'counts',
  corrects: (models: readonly string[]) => `corrects measurements of ${list(models)}`,
  measures: (models: readonly string[]) => `adds measurements of ${list(models)}`,
  escapes: (policies: readonly string[]) => `takes a deployment out of the reach of ${list(policies)}`,
  replaces: (versions: readonly string[]) =>
    `puts another artifact or data set under ${list(versions)}, which is measured and judged by that name`,
  problems: {
    'not-open': ({ state }) => `it is ${state}: only an open proposal can be merged`,
    forged: () => 'model, environment, action and branch are not those of its key: that ref was written by hand',
    'not-rendered': ({ proposal, branch }) =>
      `what \`${branch}\` changes is not what the engine proposes: it is judged as a pull request of another branch, and \`tutela pr comment ${proposal} --reason retry\` has the next run render the proposal again`,
    rewound: ({ ref, recorded, events }) =>
      `\`${ref}\` lacks what is recorded of it${events.length === 0 ? '' : ` (${events.join(', ')})`}, so it was put back or written by hand: \`git update-ref ${ref} ${recorded}\`, at the remote too, and find out who could write it`,
    'no-card': ({ model }) => `the base has no readable card of \`${model}\`, so nobody is known to own it`,
    'no-owner': ({ model }) => `the card of \`${model}\` names no owners`,
    'unknown-team': ({ team }) =>
      `\`people\` in policies/governance.yaml has no \`${team}\`, so nobody of it can approve`,
    'owner-is-validator': ({ role }) => `\`${role}\` owns and validates the model: validation must be independent`,
    'no-approval': ({ owners }) => `an approval of this head and this evidence by one of ${list(owners)}`,
    conflict: ({ paths }) => `${list(paths)} changed on the base too: \`tutela run\` renders the proposal again`,
    'facts-changed': ({ reason }) =>
      `the facts are not those of the proposal any more (${reason}): \`tutela run\` brings it up to date`,
    'facts-unknown': () => 'what the policies of the base say, which has errors: `tutela check` lists them',
    'no-candidate': () => 'the verdict on the candidate version',
    blocks: ({ model, environment }) =>
      `by the policies of the base, \`${model}\` in \`${environment}\` would be blocked`,
    'merge-conflict': ({ paths }) =>
      `${list(paths)} changed on the base too, and not alike: merge the base into the branch, so that what is judged is what will be merged`,
    'several-merge-bases': () =>
      'the branch and the base have several merge bases, so what is judged need not be what Git merges: merge the base into the branch, or rebase it, then ask again',
    'not-judged': ({ problems }) =>
      `the policies of the base cannot be evaluated over what is merged, so nothing shows that it blocks nothing: ${first(problems)}; where policies must change for it, that is a pull request of its own, merged before`,
    'base-invalid': ({ problems }) =>
      `the policies of the base cannot be evaluated: ${first(problems)}; that is repaired first, by a pull request that changes nothing under models/`,
    'model-taken': ({ path, model }) =>
      `\`${path}\` names \`${model}\` in \`formerly\`, which is deployed on the base: a model goes on under another id in a folder of its own, with the same deployments`,
    'words-not-here': ({ what, command }) =>
      `${'branch' in what ? `\`${what.branch}\`` : `the ${what.action} of \`${what.model}\``} is a remedy that the engine proposes, and what was said of it is not here: \`${command}\`, then ask again`,
    'run-files': ({ path }) => `\`${path}\` is written by runs alone`,
    'look-alike': ({ path, like }) =>
      `\`${path}\` is \`${like}\` on systems that do not tell letter case or hidden characters apart`,
    'other-file': ({ path, folder }) =>
      `\`${path}\` is not of \`${folder}/\`: a change of other files is a pull request of its own`,
    'model-removed': ({ path }) =>
      `\`${path}\` is removed: a model's folder is never deleted, its card says \`stage: retired\``,
    'snapshot-changed': ({ path, line }) =>
      `line ${line} of \`${path}\` is altered or removed: a correction is a new line that supersedes it`,
  } satisfies Sentences as Sentences,
  notCounted: {
    malformed: 'it is no approval',
    'bad-signature': 'its signature is not valid',
    'unknown-key': 'its key is not in policies/allowed-signers',
    'other-namespace': 'its key may not sign approvals',
    'not-valid-then': 'its key was not valid then, or is not any more',
    'other-name': 'its key belongs to another name',
    'from-the-future': 'it is dated in the future',
    'other-proposal': 'it is for another proposal',
    'other-head': 'it is for an earlier head',
    'other-evidence': 'it is for earlier evidence',
    'not-owner': 'not an owner of the model',
    'is-validator': 'a validator of the model, who must be independent',
    'is-author': 'author or pusher of commits on the branch',
    'is-engine': 'the engine itself',
  } satisfies Record<NotCounted, string> as Record<NotCounted, string>,
}

export type GateWords = typeof english
