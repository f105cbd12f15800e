// The demo's node, with the sample posts and answers played into it.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { binary, workspace } from './node.mjs'
import { until } from './until.mjs'

export class Demo {
  /** Starts it and waits until the sample is in the ledger. Its people: `duty`, `leader`, `auditor`, `admin`. */
  static async start() {
    const demo = new Demo()
    demo.directory = mkdtempSync(join(tmpdir(), 'huiyin-demo-'))
    const data = join(demo.directory, 'data')
    demo.child = spawn(binary(), ['demo', '--data', data, '--listen', '127.0.0.1:0'], { cwd: workspace })
    let [said, summary] = ['', '']
    demo.child.stderr.on('data', (bytes) => (said += bytes))
    demo.child.stdout.on('data', (bytes) => (summary += bytes))
    await until(() => `the sample to be played\n${said}`, () => {
      if (demo.child.exitCode !== null) throw new Error(`the demo ended with ${demo.child.exitCode}:\n${said}`)
      return summary.includes('\n') && /口令均为 (\S+)/.test(said)
    })
    demo.password = said.match(/口令均为 (\S+)/)[1]
    demo.url = JSON.parse(readFileSync(join(data, 'node.json'), 'utf8')).url
    demo.summary = JSON.parse(summary.trim().split('\n').at(-1))
    return demo
  }

  async stop() {
    const ended = once(this.child, 'exit')
    this.child.kill('SIGTERM')
    if (this.child.exitCode === null) await ended
    rmSync(this.directory, { recursive: true, force: true })
  }
}
