// A duty officer's hour on 5,000 matters, played at machine speed: what each step took, and what failed. Prints JSON.
//
//   node hour.mjs [MATTERS]
//
// A duration runs from the key or click until the page shows the outcome; the service's part is in it.

import { matterWithHistory } from './harness/history.mjs'
import { quantiles } from './harness/load.mjs'
import { Queue } from './harness/queue.mjs'
import { thisMonth, visit } from './harness/routes.mjs'
import { Station } from './harness/station.mjs'
import { until } from './harness/until.mjs'
import { expectAway, expectText } from './harness/watch.mjs'

const MATTERS = Number(process.argv[2] ?? 5000)
const took = new Map()
const failures = []

/** Plays a step `times` times and notes what each took. A step that failed is told, and the hour goes on. */
async function step(name, times, play) {
  const durations = []
  for (let time = 0; time < times; time += 1) {
    const began = performance.now()
    try {
      await play(time)
      durations.push(performance.now() - began)
    } catch (error) {
      failures.push(`${name}, ${time + 1}.: ${error.message.split('\n')[0]}`)
      await desk.page.keyboard.press('Escape')
      break
    }
  }
  if (durations.length) took.set(name, quantiles(durations))
}

const station = await Station.start({ posts: MATTERS })
const page_of = (path) => () => visit(desk.page, path)
const no = await matterWithHistory(station)
const desk = await station.desk('zhang')
const { page } = desk
let queue

const stateOf = async (number) => (await station.officer.matter(number)).state
const newRows = async () => (await station.officer.read('/queue?view=new&limit=10000')).rows

try {
  await step('open the queue', 3, async () => (queue = await Queue.open(desk)))
  await step('read the next matter (J)', 30, async () => {
    await queue.press('j')
    await expectText(queue.detail, (await queue.current()).title)
  })
  await queue.press('Home')
  await step('confirm (C)', 40, async () => {
    const { no: confirmed } = await queue.current()
    await queue.press('c')
    await until('the next matter to be current', async () => (await queue.current()).no !== confirmed)
    await until('the assignment to be on record', async () => (await stateOf(confirmed)) === 'assigned')
  })
  await step('reassign (R 1, reason, Ctrl+Enter)', 5, async () => {
    const { no: reassigned } = await queue.current()
    await queue.press('r')
    await queue.dialog().waitFor()
    await queue.press('1')
    await queue.dialog().getByRole('textbox', { name: /改派理由/ }).fill('由该单位统一办理。')
    await queue.submit()
    await expectAway(page.getByRole('dialog'))
    await until('the assignment to be on record', async () => (await stateOf(reassigned)) === 'assigned')
  })
  await step('set aside (D, reason)', 5, async () => {
    const { no: aside } = await queue.current()
    await queue.press('d')
    await queue.dialog().getByRole('textbox').fill('与已答复的来信重复，已电话告知。')
    await queue.submit()
    await expectAway(page.getByRole('dialog'))
    await until('it to be on record', async () => (await stateOf(aside)) === 'dismissed')
  })
  await step('confirm and take back (C Z)', 5, async () => {
    const { no: taken } = await queue.current()
    await queue.press('c')
    await until('the assignment to be on record', async () => (await stateOf(taken)) === 'assigned')
    await queue.press('z')
    await expectText(queue.toast, '已撤销')
    await until('it to be taken back', async () => (await stateOf(taken)) === 'new')
  })
  await step('claim and release (A A)', 3, async () => {
    const { no: claimed, title } = await queue.current()
    await queue.press('a')
    await expectText(queue.row(title), '张值班')
    await until('the claim', async () => (await station.officer.matter(claimed)).claim)
    await queue.press('a')
    await until('the claim to go', async () => !(await station.officer.matter(claimed)).claim)
  })
  await step('confirm twenty at once (X Shift+J C)', 2, async () => {
    await queue.press('Home')
    await queue.press('.')
    await visit(page, '/queue')
    await queue.ready()
    const all = (await newRows()).filter((row) => row.unit).slice(0, 20)
    await queue.press('x')
    for (let more = 1; more < 20; more += 1) await queue.press('Shift+J')
    await expectText(queue.main, /已选 ?20 ?件/)
    await queue.press('c')
    await until('all to be on record', async () => (await Promise.all(all.map((row) => stateOf(row.no)))).filter((state) => state === 'assigned').length >= 19)
    await queue.closeBulk()
  })
  await step('see five new posts arrive and show them (.)', 2, async () => {
    await station.more(5)
    await expectText(queue.main, /有 ?5 ?件新事项/)
    await queue.press('.')
    await expectAway(page.getByText(/件新事项/))
  })
  const all = await newRows()
  await step('find one by its title (/)', 5, async (time) => {
    const row = all[Math.floor((all.length * (time + 1)) / 7)]
    await queue.press('/')
    await queue.find(row.title)
    await page.getByRole('searchbox', { name: '搜索队列' }).fill('')
    await queue.rows.nth(5).waitFor()
    await queue.grid.focus()
  })
  await step('search all posts', 5, async (time) => {
    await visit(page, `/search?q=${encodeURIComponent(['自来水 发黄', '停电', '农民工工资', '小区 电梯', '低保'][time])}`)
    await page.locator('main mark').first().waitFor()
  })
  await step('open a matter’s file', 5, page_of(`/matters/${no}`))
  await step('back to the queue', 3, async () => (queue = await Queue.open(desk)))
  for (const [name, path] of [['matters', '/matters'], ['commitments', '/commitments'], ['alerts', '/alerts'], ['statistics', '/statistics'], ['briefing', `/briefings/${thisMonth()}`]]) {
    await step(`look at ${name}`, 2, page_of(path))
  }
  const steps = Object.fromEntries(took)
  console.log(JSON.stringify({ matters: MATTERS, browser: station.browser.version(), ms: steps, failures, faults: desk.faults }, null, 2))
} finally {
  await station.stop()
}
process.exitCode = failures.length + desk.faults.length ? 1 : 0
