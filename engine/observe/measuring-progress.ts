// How far the measuring of a window is, while its parts are measured side by side: what is done is added up, so it never
// goes back.

export interface MeasuringProgress {
  /** A part begins. */
  begin(name: string): void
  /** The share of the part that takes longest that is done by now, 0 to 1. */
  share(of: number): void
  /** A part ends. */
  end(): void
}

/** `parts`: how many there are beside the longest one, each counted as much as that. */
export function measuringProgress(
  parts: number,
  tell: ((part: string, done: number, total: number) => void) | undefined,
): MeasuringProgress {
  let [name, ended, longest] = ['', 0, 0]
  const show = () => tell?.(name, ended + longest, parts + 1)
  return {
    begin(part) {
      name = part
      show()
    },
    share(of) {
      longest = of
      name = 'drift'
      show()
    },
    end() {
      ended++
      show()
    },
  }
}
