// A duty officer's browser: one session with its pages, and everything that went wrong on them.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

import { Client } from './client.mjs'
import { PASSWORD } from './node.mjs'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']
const VIOLATED = 'content policy violated:'

export class Desk {
  /** Console errors, uncaught errors and violations of the content policy, on all pages of this desk. */
  faults = []

  /** A context of `browser` at `url`; logged in as `name` unless that is left out. */
  static async open(browser, url, name, { viewport = { width: 1366, height: 768 }, dark = false, zoom = 1 } = {}) {
    const desk = new Desk()
    desk.url = url
    desk.context = await browser.newContext({
      baseURL: url, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', acceptDownloads: true,
      // A page zoomed in sees fewer, larger pixels.
      viewport: { width: Math.floor(viewport.width / zoom), height: Math.floor(viewport.height / zoom) }, deviceScaleFactor: zoom,
    })
    await desk.context.addInitScript(([prefix, theme]) => {
      addEventListener('securitypolicyviolation', (event) => {
        console.error(`${prefix} ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber} ${event.sample}`)
      })
      if (theme && !localStorage.getItem('huiyin.theme')) localStorage.setItem('huiyin.theme', theme)
    }, [VIOLATED, dark ? 'dark' : 'light'])
    desk.context.on('page', (page) => desk.watch(page))
    if (name) await desk.enter(name)
    desk.page = await desk.context.newPage()
    return desk
  }

  /** Gives the context a session, as a login would. */
  async enter(name, password = PASSWORD) {
    const client = await Client.login(this.url, name, password)
    const [cookie, value] = client.headers.cookie.split('=')
    await this.context.addCookies([{ name: cookie, value, url: this.url, httpOnly: true, sameSite: 'Strict' }])
    this.client = client
  }

  watch(page) {
    page.on('console', (message) => {
      const text = message.text()
      // A refused request is part of many tests and is told by the page itself.
      if (message.type() === 'error' && !/^Failed to load resource/.test(text)) this.faults.push(text)
    })
    page.on('pageerror', (error) => this.faults.push(`uncaught: ${error.stack ?? error}`))
  }

  /** Violations of the content policy so far. */
  get violations() {
    return this.faults.filter((text) => text.startsWith(VIOLATED) || /Content Security Policy/i.test(text))
  }

  /** Runs axe on the page: `rule: target …` of every finding at levels A and AA. */
  async findings(page = this.page) {
    await page.evaluate(AXE)
    const result = await page.evaluate((tags) => globalThis.axe.run(document, { runOnly: tags, resultTypes: ['violations'] }), AXE_TAGS)
    return result.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(' ')} — ${node.failureSummary}`))
  }

  close() {
    return this.context.close()
  }
}
