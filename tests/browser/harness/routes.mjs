// Every page of the console, and when it is there.

import { expectAway } from './watch.mjs'

/** Addresses to look at, given a matter with a history and a month. */
export function routes(no, month) {
  return {
    queue: '/queue',
    'queue-all': '/queue?view=all',
    matters: '/matters',
    matter: `/matters/${no}`,
    commitments: '/commitments',
    search: '/search?q=自来水',
    alerts: '/alerts',
    briefing: `/briefings/${month}`,
    statistics: '/statistics',
    missing: '/no/such/page',
  }
}

/** The current month in Beijing, as `2026-11`. */
export function thisMonth() {
  return new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 7)
}

/** Opens an address and waits until nothing on it is loading any more. */
export async function visit(page, path) {
  await page.goto(path)
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await loaded(page)
}

/** Waits until nothing on the page is loading any more. */
export async function loaded(page) {
  await expectAway(page.getByText('正在加载'))
}
