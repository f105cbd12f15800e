import { computed } from 'vue'
import { me } from '../../composables/session'

/** Channels and rules are kept by the duty leader and the administrator; everybody at duty reads the log and sends again. */
export const mayManage = computed(() => ['leader', 'duty_leader', 'admin'].includes(me.value?.role ?? ''))
export const mayResend = computed(() => mayManage.value || me.value?.role === 'duty_officer')
export const WHO_MANAGES = '渠道和规则由带班领导、系统管理员维护'
