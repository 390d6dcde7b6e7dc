// The one seam to the page's template: from source it is built when it is asked for; the bundler puts what build-page.ts makes
// in the place of this file, so that the published package carries no bundler.

/** The HTML that `fillPage` fills. */
export async function pageTemplate(): Promise<string> {
  const { buildPage } = await import('./build-page.ts')
  return await buildPage()
}
