// The remote of the repository.
import type { GitRemote } from '../../world.ts'
import type { Parts } from './parts.ts'

export function openRemote(_parts: Parts): GitRemote | null {
  return null
}
