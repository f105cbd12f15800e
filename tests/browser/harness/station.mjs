// What most test files stand on: a node with invented posts, its people, and a browser.

import { launch } from './browsers.mjs'
import { Desk } from './desk.mjs'
import { Node } from './node.mjs'
import { inventedPosts } from './posts.mjs'

export class Station {
  desks = []

  /** `posts` invented posts, the officers 张值班 (`zhang`) and 李值班 (`li`), the leader `zhao`, the administrator `root`. */
  static async start({ posts = 60, fields, tables } = {}) {
    const station = new Station()
    station.node = await Node.start({ fields, tables })
    try {
      await station.node.user('zhang', 'duty_officer', { display: '张值班' })
      await station.node.user('li', 'duty_officer', { display: '李值班' })
      await station.node.user('zhao', 'leader', { display: '赵带班' })
      await station.node.user('root', 'admin', { display: '系统管理员' })
      if (posts) await station.node.seed(inventedPosts(posts))
      station.next = posts
      station.officer = await station.node.login('zhang')
      station.leader = await station.node.login('zhao')
      station.admin = await station.node.login('root')
      station.browser = await launch()
    } catch (error) {
      await station.stop()
      throw error
    }
    return station
  }

  /** A browser session; see `Desk.open`. */
  async desk(name, options = {}) {
    const desk = await Desk.open(this.browser, options.url ?? this.node.url, name, options)
    this.desks.push(desk)
    return desk
  }

  /** More invented posts, about matters of their own. */
  async more(count) {
    const posts = inventedPosts(count, this.next)
    this.next += count
    await this.node.seed(posts)
    return posts
  }

  /** Closes what a test opened and gives back every fault its pages had. */
  async clear() {
    const faults = this.desks.flatMap((desk) => desk.faults)
    for (const desk of this.desks) await desk.close()
    this.desks = []
    return faults
  }

  async stop() {
    await this.browser?.close()
    await this.node?.stop()
  }
}
