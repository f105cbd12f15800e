// Waiting for what a page shows. Playwright's own waiting, without its test runner.

import { until } from './until.mjs'

/** Waits until nothing that fits `locator` is there. */
export async function expectAway(locator) {
  let seen = []
  await until(() => `${locator} to go, which reads ${JSON.stringify(seen)}`, async () => {
    seen = await locator.allInnerTexts()
    return seen.length === 0
  })
}

/** Waits until `locator` reads as `text`, a string within it or a pattern; gives back what it reads. */
export async function expectText(locator, text) {
  let seen = ''
  await until(() => `${locator} to read ${text}, not ${JSON.stringify(seen)}`, async () => {
    seen = await locator.innerText({ timeout: 1000 }).catch((error) => `(${error.message.split('\n')[0]})`)
    return typeof text === 'string' ? seen.includes(text) : text.test(seen)
  })
  return seen
}

/** Waits until there are `count` of `locator`. */
export async function expectCount(locator, count) {
  let seen = 0
  await until(() => `${count} of ${locator}, not ${seen}`, async () => (seen = await locator.count()) === count)
}
