// A real node in a directory of its own.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

import { Client } from './client.mjs'
import { until } from './until.mjs'

export const workspace = resolve(import.meta.dirname, '../../..')
export const PASSWORD = 'correct horse 电池 9'

/** The built binary: `HUIYIN_TEST_BINARY`, or the debug build of the workspace. */
export function binary() {
  const path = resolve(workspace, process.env.HUIYIN_TEST_BINARY ?? 'target/debug/huiyin')
  if (!existsSync(path)) throw new Error(`${path} is missing; build it first: cargo build -p huiyin`)
  return path
}

export class Node {
  /** Starts a node with the shipped catalogue. `config` is further TOML: plain fields in `fields`, tables in `tables`. */
  static async start({ fields = '', tables = '' } = {}) {
    const node = new Node()
    node.directory = mkdtempSync(join(tmpdir(), 'huiyin-browser-'))
    node.data = join(node.directory, 'data')
    node.config = join(node.directory, 'config.toml')
    node.listen = '127.0.0.1:0'
    node.fields = fields
    node.tables = tables
    await node.run()
    return node
  }

  /** Runs its process and waits until it is ready. */
  async run() {
    const catalogue = join(workspace, 'deploy/catalogue/jiangxi')
    const head = `listen = "${this.listen}"\ndata = ${JSON.stringify(this.data)}\n${this.fields}\n`
    writeFileSync(this.config, `${head}[catalogue]\ndirectory = ${JSON.stringify(catalogue)}\n${this.tables}\n`)
    const messages = openSync(join(this.directory, 'messages.log'), 'a')
    const arguments_ = ['run', '--config', this.config]
    this.child = spawn(binary(), arguments_, { cwd: workspace, stdio: ['ignore', messages, messages] })
    await until('the node to be ready', async () => {
      if (this.child.exitCode !== null) throw new Error(`the node ended with ${this.child.exitCode}:\n${this.messages()}`)
      const file = this.file()
      if (file?.pid !== this.child.pid) return false
      this.url = file.url
      return fetch(`${file.url}/readyz`).then((answer) => answer.ok, () => false)
    })
  }

  /** Ends its process, `SIGTERM` or `SIGKILL`, and keeps the directory. */
  async halt(signal = 'SIGTERM') {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return
    const ended = once(this.child, 'exit')
    this.child.kill(signal)
    await ended
  }

  /** Starts it again at the same address, as a service manager would. */
  async rerun() {
    this.listen = new URL(this.url).host
    await this.run()
  }

  /** Ends it and takes its directory away. */
  async stop() {
    await this.halt()
    rmSync(this.directory, { recursive: true, force: true })
  }

  /** Runs a command of the binary on this node: its JSON result. */
  async command(arguments_, input = '') {
    const child = spawn(binary(), [...arguments_, '--config', this.config], { cwd: workspace })
    let [out, messages] = ['', '']
    child.stdout.on('data', (bytes) => (out += bytes))
    child.stderr.on('data', (bytes) => (messages += bytes))
    child.stdin.on('error', () => {})
    child.stdin.end(input)
    const [status] = await once(child, 'close')
    if (status !== 0) throw new Error(`huiyin ${arguments_.join(' ')} ended with ${status}:\n${out}${messages}`)
    return JSON.parse(out.trim().split('\n').at(-1))
  }

  /** Makes a user, or changes one: that ends the user's sessions. */
  async user(name, role, { display = name, unit, password = PASSWORD } = {}) {
    const of = unit ? ['--unit', unit] : []
    const words = ['user', 'add', name, '--role', role, '--display', display, '--password-stdin', ...of]
    await this.command(words, `${password}\n`)
    return { name, password, display }
  }

  /** A client with a session of a user made before. */
  login(name) {
    return Client.login(this.url, name, PASSWORD)
  }

  /** A client with a fresh token. */
  async token(name, role) {
    const made = await this.command(['token', 'add', name, '--push', ...(role ? ['--role', role] : [])])
    return Client.withToken(this.url, made.token)
  }

  /** A client with the token of `node.json`, which may push. */
  pusher() {
    return Client.withToken(this.url, this.file().token)
  }

  /** Pushes posts and waits until they are matters, revisions or set aside. */
  async seed(posts) {
    const before = await this.settled()
    await this.pusher().push(posts)
    await until(() => `${posts.length} posts in the ledger\n${this.messages()}`, async () => {
      return (await this.settled()) >= before + posts.length
    })
  }

  async settled() {
    const counts = await this.command(['counts'])
    return counts.posts + counts.dead_letters
  }

  file() {
    try {
      return JSON.parse(readFileSync(join(this.data, 'node.json'), 'utf8'))
    } catch {
      return null
    }
  }

  /** The end of what it said so far. */
  messages() {
    return readFileSync(join(this.directory, 'messages.log'), 'utf8').split('\n').slice(-30).join('\n')
  }
}
