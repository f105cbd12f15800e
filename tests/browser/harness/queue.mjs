// The queue as an officer handles it.

import { visit } from './routes.mjs'
import { until } from './until.mjs'

/** Longer than the page waits before it fetches what it may need next. */
const QUIET_MS = 700

export class Queue {
  constructor(page) {
    this.page = page
    this.grid = page.getByRole('grid', { name: '研判队列' })
    this.rows = this.grid.getByRole('row')
    this.detail = page.getByRole('region', { name: '事项详情' })
    this.main = page.getByRole('main')
    this.toast = page.getByRole('group', { name: '操作提示' })
    this.bulkResults = page.getByRole('dialog', { name: /批量/ })
    this.asked = new Set()
    this.lastAsked = 0
    page.on('request', (request) => {
      // The stream of events is answered without end.
      if (!request.url().includes('/api/') || request.url().includes('/events')) return
      this.asked.add(request)
      this.lastAsked = Date.now()
    })
    for (const end of ['requestfinished', 'requestfailed']) page.on(end, (request) => this.asked.delete(request))
  }

  static async open(desk, path = '/queue', page = desk.page) {
    const queue = new Queue(page)
    await visit(page, path)
    await queue.ready()
    return queue
  }

  /** Waits until there are rows and live events come in. */
  async ready() {
    await this.rows.first().waitFor()
    await this.page.getByRole('banner').getByText('实时').waitFor()
    await this.grid.focus()
  }

  /** Waits until the page has asked for nothing for a while and everything was answered. */
  quiet() {
    return until('the page to be quiet', () => this.asked.size === 0 && Date.now() - this.lastAsked > QUIET_MS)
  }

  /** Presses a key by its place on the keyboard, outside of any field. */
  async press(key) {
    await this.page.keyboard.press(key)
  }

  /** Titles of the rows that exist, from the top. */
  async titles() {
    const rows = await this.rows.evaluateAll((all) =>
      all.map((row) => [Number(row.getAttribute('aria-rowindex')), row.querySelector('.title').textContent.trim()]),
    )
    return rows.sort(([one], [other]) => one - other).map(([, title]) => title)
  }

  /** How many rows there are, in sight or not. */
  async total() {
    return Number(await this.grid.getAttribute('aria-rowcount'))
  }

  /** Narrows the queue to what has this title and waits until it is all there is. */
  async find(title) {
    await this.page.getByRole('searchbox', { name: '搜索队列' }).fill(title)
    await until(`only ${title} to be left`, async () => (await this.titles()).every((shown) => shown.includes(title)))
    await this.row(title).first().waitFor()
  }

  row(title) {
    return this.rows.filter({ hasText: title })
  }

  /** The current row: number of its matter and title. */
  async current() {
    const id = await this.grid.getAttribute('aria-activedescendant')
    const title = await this.page.locator(`[id="${id}"] .title`).innerText()
    return { no: id.replace(/^row-/, ''), title }
  }

  /** Waits until the matter is current and in sight. */
  async becomes(no) {
    let seen
    await until(() => `${no} to be current, not ${seen}`, async () => (seen = (await this.current()).no) === no)
    await this.page.locator(`[id="row-${no}"]`).waitFor()
  }

  /** Makes a matter current that is on the screen. */
  async go(no) {
    await this.page.locator(`[id="row-${no}"]`).click()
    await this.becomes(no)
  }

  /** The first row whose post gives two units to choose from: `{no, title, units}`. */
  async rowWithCandidates(client, rows) {
    for (const { no, title } of rows) {
      const { posts } = await client.read(`/matters/${no}/posts`)
      const units = posts[0].assessment.candidates.map(({ unit }) => unit)
      if (units[0] && units[1] && units[0] !== units[1]) return { no, title, units }
    }
    throw new Error('no row has two candidates')
  }

  /** Closes the list of what became of each matter of a bulk action. */
  async closeBulk() {
    await this.bulkResults.getByRole('button', { name: '关闭', exact: true }).last().click()
    await this.bulkResults.waitFor({ state: 'hidden' })
  }

  dialog() {
    return this.page.getByRole('dialog').last()
  }

  submit() {
    return this.page.keyboard.press('Control+Enter')
  }
}
