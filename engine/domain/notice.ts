// One message to one channel, with a deterministic key (REMEDIATION.md, "Other actions").

/** What a channel is given. `key` and `evidence` are 64 hex digits; `text` may have several lines. */
export interface Notice {
  readonly key: string
  readonly evidence: string
  readonly title: string
  readonly text: string
  /** The same as plain data, for machines: ids, outcomes, values, where to read on. */
  readonly data: Readonly<Record<string, unknown>>
}

/** What a notice says. */
export interface NoticeContent extends Pick<Notice, 'title' | 'text' | 'data'> {
  /** The route's own options for the channel (`priority`, …). */
  readonly options?: Readonly<Record<string, unknown>>
}

/** What there is to tell one channel of one model in one environment, whether or not it was told before. */
export interface NoticeDraft {
  readonly state: NoticeState
  /** Canonical JSON of its [finding id, outcome] pairs, sorted by id. */
  readonly pairs: string
  /** Made when the channel is to hear of it; `run` in its data is empty until then. */
  content(): NoticeContent
  /** Its planned action as it is printed, where that is at hand. */
  readonly ready?: ReadyNotice | null
}

/** JSON of a planned notice, in which these bytes are yet to be set: 16 of the run's id and 64 of the evidence. */
export interface ReadyNotice {
  readonly text: Uint8Array
  readonly runAt: number
  readonly evidenceAt: number
}

/** What a channel was last told about a deployment: kept in run.json, so that only differences are told. */
export interface NoticeState {
  readonly channel: string
  readonly model: string
  readonly environment: string
  /** First 16 hex digits of the hash of the sorted [finding id, outcome] pairs. */
  readonly pairs: string
  /** The days that passed unanswered of which it heard, as `stepName` says them, sorted; absent: none. */
  readonly steps?: readonly string[]
}
