// How our schemas are compiled, the same from source and at build time. Loaded only where a schema is compiled.
import { Ajv2020 } from 'ajv/dist/2020.js'

/** All errors are reported; our schemas keep to keywords that need no run-time library, so that compiled code stands alone. */
export function createAjv(options: { readonly standalone?: boolean } = {}): Ajv2020 {
  return new Ajv2020({
    allErrors: true,
    strict: true,
    strictRequired: false,
    strictTypes: false,
    messages: false,
    validateSchema: false,
    addUsedSchema: false,
    ...(options.standalone === true ? { code: { source: true, esm: true, lines: false } } : {}),
  })
}
