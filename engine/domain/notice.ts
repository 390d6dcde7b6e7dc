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

/** What a channel was last told about a deployment: kept in run.json, so that only differences are told. */
export interface NoticeState {
  readonly channel: string
  readonly model: string
  readonly environment: string
  /** First 16 hex digits of the hash of the sorted [finding id, outcome] pairs. */
  readonly pairs: string
}
