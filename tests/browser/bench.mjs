// How quick the queue is with 5,000 matters on a processor six times slower, and what the first load weighs. Prints JSON.
//
//   node bench.mjs [MATTERS]

import { launch, which } from './harness/browsers.mjs'
import { Desk } from './harness/desk.mjs'
import { quantiles, transferred } from './harness/load.mjs'
import { Node } from './harness/node.mjs'
import { inventedPosts } from './harness/posts.mjs'
import { Queue } from './harness/queue.mjs'

const MATTERS = Number(process.argv[2] ?? 5000)
const SLOWER = 6
const PRESSES = 100

const node = await Node.start()
const browser = await launch()
try {
  await node.user('zhang', 'duty_officer', { display: '张值班' })
  await node.seed(inventedPosts(MATTERS))
  const desk = await Desk.open(browser, node.url, 'zhang')
  const began = performance.now()
  let queue
  const bytes = await transferred(desk, async () => (queue = await Queue.open(desk)))
  const opened = performance.now() - began
  const devtools = await desk.context.newCDPSession(desk.page)
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER })
  await watchKeys(desk.page)
  const keys = {}
  for (const [name, key] of [['J', 'j'], ['K', 'k'], ['Shift+J', 'Shift+J'], ['X', 'x'], ['End', 'End'], ['Home', 'Home']]) {
    keys[name] = quantiles(await keyToFrame(desk.page, key, /End|Home/.test(name) ? 10 : PRESSES))
  }
  console.log(JSON.stringify({
    browser: `${which} ${browser.version()}`, matters: MATTERS, rows_in_page: await queue.rows.count(), slower: SLOWER,
    first_load_bytes: bytes, open_ms: Math.round(opened), key_to_frame_ms: keys, faults: desk.faults,
  }, null, 2))
} finally {
  await browser.close()
  await node.stop()
}

/** Notes for every key press how long it took until the frame that follows it was made. */
function watchKeys(page) {
  return page.evaluate(() => {
    globalThis.frames_ = []
    addEventListener('keydown', (event) => {
      if (event.key === 'Shift') return
      const pressed = event.timeStamp
      // The task after the next frame begins when that frame has been handed over.
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = () => globalThis.frames_.push(performance.now() - pressed)
        port2.postMessage(0)
      })
    }, true)
  })
}

/** Presses a key again and again, each time after the frame of the one before. */
async function keyToFrame(page, key, presses) {
  await page.evaluate(() => (globalThis.frames_.length = 0))
  for (let press = 0; press < presses; press += 1) {
    await page.keyboard.press(key)
    await page.evaluate((count) => new Promise((done) => {
      const look = () => (globalThis.frames_.length >= count ? done() : setTimeout(look))
      look()
    }), press + 1)
  }
  return page.evaluate(() => globalThis.frames_)
}
