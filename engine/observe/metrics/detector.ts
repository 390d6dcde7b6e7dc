// What a detector of concept drift is: fed one error after the other, it says when the stream is no longer what it was.

export interface Detector {
  /** Takes the next value in; true is an alarm, after which it starts anew. */
  alarms(value: number): boolean
}
