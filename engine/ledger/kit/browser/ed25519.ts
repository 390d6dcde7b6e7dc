// Stands in for base/ed25519.ts in the page. WebCrypto answers later, and the verifier's code asks at once: what is not known
// yet is noted and answered with no, `answerSignatures` asks WebCrypto, and the caller asks the verifier again.
// Source: https://www.rfc-editor.org/rfc/rfc8032

/** Of a private key, a public key and a signature (RFC 8032). */
export const SEED_BYTES = 32
export const PUBLIC_KEY_BYTES = 32
export const SIGNATURE_BYTES = 64

interface Question {
  readonly publicKey: Uint8Array
  readonly message: Uint8Array
  readonly signature: Uint8Array
}

const answers = new Map<string, boolean>()
const open = new Map<string, Question>()
/** More are in no checkpoint: 100 lines, each tried with the few keys of its id. */
const MOST_OPEN = 1000

/** What is known of a signature; no, and a question, where nothing is known yet. */
export function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== PUBLIC_KEY_BYTES || signature.length !== SIGNATURE_BYTES) return false
  const name = [publicKey, signature, message].map(hex).join(' ')
  const known = answers.get(name)
  if (known === undefined && open.size < MOST_OPEN) {
    open.set(name, { publicKey: publicKey.slice(), message: message.slice(), signature: signature.slice() })
  }
  return known === true
}

/** Asks WebCrypto what is open. `asked`: there was something, so verify again; `supported`: this browser has Ed25519. */
export async function answerSignatures(): Promise<{ readonly asked: boolean; readonly supported: boolean }> {
  const asked = [...open]
  open.clear()
  for (const [name, question] of asked) {
    const answer = await ask(question)
    if (answer === null) return { asked: false, supported: false }
    answers.set(name, answer)
  }
  return { asked: asked.length > 0, supported: true }
}

/** Null where the browser cannot tell. */
async function ask({ publicKey, message, signature }: Question): Promise<boolean | null> {
  if (globalThis.crypto?.subtle === undefined) return null
  try {
    const key = await crypto.subtle.importKey('raw', plain(publicKey), { name: 'Ed25519' }, false, ['verify'])
    return await crypto.subtle.verify({ name: 'Ed25519' }, key, plain(signature), plain(message))
  } catch (error) {
    return error instanceof DOMException && error.name === 'NotSupportedError' ? null : false
  }
}

/** Without the prototype of `PageBuffer`. */
function plain(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes)
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

const noSigning = (): never => {
  throw new Error('internal error: the page signs nothing')
}

export { noSigning as privateKeyOfSeed, noSigning as publicKeyOf, noSigning as signEd25519 }
