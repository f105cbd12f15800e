/** Words of the ledger as officials say them; one word per idea, here and in the forms. */

export const RESPONSES: Record<string, string> = { holding: '先期回应', authoritative: '权威回应', final: '最终回应' }

export const CHANNELS: Record<string, string> = {
  source: '原渠道',
  website: '政府网站',
  social_media: '政务新媒体',
  press: '新闻媒体',
  press_conference: '新闻发布会',
  phone: '电话',
  other: '其他',
}

export const STEPS: Record<string, string> = { verification: '核查报告', measure: '处置举措' }

export const DEADLINES: Record<string, string> = {
  information: '权威信息发布',
  press_conference: '新闻发布会',
  response: '回应',
  sign: '签收',
  verification: '核查报告',
}

export const JOINED: Record<string, string> = { near_repeat: '内容基本相同', revision: '原帖修改', same_event: '同一事件' }
