import { createRouter, createWebHistory } from 'vue-router'
import { loadMe, me } from './composables/session'

/** A page that everybody may open. */
declare module 'vue-router' {
  interface RouteMeta {
    title: string
    open?: boolean
  }
}

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', redirect: '/queue' },
    { path: '/login', component: () => import('./pages/LoginPage.vue'), meta: { title: '登录', open: true } },
    { path: '/queue', component: () => import('./pages/QueuePage.vue'), meta: { title: '研判队列' } },
    { path: '/matters', component: () => import('./pages/MattersPage.vue'), meta: { title: '事项库' } },
    { path: '/matters/:no', component: () => import('./pages/MatterPage.vue'), meta: { title: '事项' } },
    { path: '/commitments', component: () => import('./pages/CommitmentsPage.vue'), meta: { title: '承诺跟踪' } },
    { path: '/search', component: () => import('./pages/SearchPage.vue'), meta: { title: '网帖检索' } },
    { path: '/alerts', component: () => import('./pages/AlertsPage.vue'), meta: { title: '预警投递' } },
    { path: '/briefings', redirect: () => `/briefings/${lastMonth()}` },
    { path: '/briefings/:month', component: () => import('./pages/BriefingPage.vue'), meta: { title: '月度通报' } },
    { path: '/statistics', component: () => import('./pages/StatisticsPage.vue'), meta: { title: '统计分析' } },
    { path: '/:rest(.*)*', component: () => import('./pages/MissingPage.vue'), meta: { title: '没有这个页面' } },
  ],
})

/** The month a briefing is due for, as `2026-10`. */
function lastMonth(): string {
  const today = new Date(Date.now() + 8 * 3600_000)
  return new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - 1, 1)).toISOString().slice(0, 7)
}

router.beforeEach(async (to) => {
  if (to.meta.open) return true
  // An unreachable service is told by the page itself; only "nobody is logged in" leads to the login.
  const who = me.value ?? (await loadMe().catch(() => undefined))
  return who === null ? { path: '/login', query: { to: to.fullPath } } : true
})

router.afterEach((to) => {
  document.title = `${to.meta.title} · 回音 值班台`
})
