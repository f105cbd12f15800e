// Invented posts: every one about another estate, road or school, so that each becomes a matter of its own.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { workspace } from './node.mjs'

const FIRST = '杏桤榆枫槐柚桂梧棠椿榕槿楠樟橙莲荷芷菱苇竹兰菊梅松柏桐枣栗柳'
const SECOND = '汀林塘港陂岸坪堤溪浦湾圩洲埠岭源泉潭坞滩渡井亭畈垅坊冈坡峰谷'
const SOURCES = ['市长信箱', '12345热线', '问政论坛', '网民留言']

/** Concerns: title, what happened, what it does to people. `@` is the place's own name. */
const CONCERNS = [
  ['@小区自来水发黄', '@小区的自来水从上周起发黄，静置后有沉淀', '家里老人孩子只能买桶装水喝'],
  ['@小区频繁停电跳闸', '@小区变压器老旧，傍晚一开空调就停电跳闸', '冰箱里的菜坏了两回'],
  ['@路红绿灯故障', '@路与学府道交叉口的交通信号灯坏了半个月', '早高峰车辆互不相让，学生过马路很危险'],
  ['@小区逾期交房', '@小区合同写明春节前交房，如今工地停工，外墙架子还没拆', '我们一边还房贷一边交房租'],
  ['@路夜市占道经营', '@路每晚有流动摊贩占道经营到凌晨，垃圾没人清扫', '楼上住户无法休息'],
  ['@小学学位不足', '@小学今年报名人数超过学位，随迁子女入学要求居住证连续三年', '我们不知道孩子到哪里上学'],
  ['@公司工地拖欠农民工工资', '@公司工地拖欠三十多名农民工工资，包工头电话不接', '大家等着钱回家过年'],
  ['@厂夜里偷排废气', '@厂夜里偷排废气，刺鼻气味飘到附近村子', '晚上不敢开窗，孩子咳嗽'],
  ['@广场健身房关门退费无门', '@广场健身房突然关门，会员卡退费一直没有人管', '几百名会员的年卡打了水漂'],
  ['@小区物业不作为', '@小区物业费年年涨，电梯坏了两个月没有维修', '高层的老人下不了楼'],
  ['@村公路破损', '@村通往镇上的农村公路坑洼破损，大货车碾出一尺深的坑', '下雨天摩托车摔了好几个人'],
  ['@路公交班次减少', '@路公交车班次从十分钟一班改成四十分钟一班', '上班族和学生天天迟到'],
  ['@医院医保报销被拒', '@医院住院的医保报销材料交了三次都被退回', '老人手术费全是借来的'],
  ['@水库渗漏影响灌溉', '@水库大坝渗漏，下游农田灌溉没有水', '二季稻眼看要干死'],
  ['@村低保停发', '@村五保户的低保从上月起停发，没有人说明原因', '老人只靠邻居送饭'],
  ['@小区宽带没有信号', '@小区光纤断了，宽带和手机信号一直没有恢复', '在家上网课的孩子只能去楼下蹭网'],
  ['@公园景区门票强制消费', '@公园景区旅游团强制购物，门票与公示价格不一致', '外地亲戚来一趟满肚子气'],
  ['@村土地承包证未发', '@村农村土地承包经营权证登记完三年还没有发', '流转租金一直拿不到'],
  ['@路下水道堵塞内涝', '@路下水道堵塞，市政管网一下雨就内涝', '一楼商铺进水，货都泡了'],
  ['@幼儿园收费不公开', '@幼儿园保教费之外另收材料费，没有公示', '问园长只说别的地方也这样收'],
]
const ASKS = ['请有关部门到现场看一看，给一个明确的答复。', '希望公开处理的时间和负责人。', '打过热线没有下文，请督促解决。', '请问什么时候能够解决？', '盼望书面回复。']

/** The counties of the shipped catalogue, with the name of their city before theirs. */
function counties() {
  const lines = readFileSync(join(workspace, 'deploy/catalogue/jiangxi/places.csv'), 'utf8').trim().split('\n')
  const rows = lines.slice(1).map((line) => line.split(','))
  const names = new Map(rows.map(([code, name]) => [code, name]))
  return rows.filter((row) => row[3] === 'county' && !row[7] && !row[0].startsWith('X')).map(([, name, , , parent]) => `${names.get(parent)}${name}`)
}

/** `count` posts from number `from` on: the same numbers give the same posts. */
export function inventedPosts(count, from = 0) {
  const places = counties()
  return Array.from({ length: count }, (_, index) => {
    const number = from + index
    const [title, happened, effect] = CONCERNS[number % CONCERNS.length]
    const place = places[(number * 7 + Math.floor(number / 900) * 11) % places.length]
    const name = localName(number)
    const days = 2 + (number * 13) % 60
    const text = `${place}${happened}，已经${days}天。${effect}。${ASKS[number % ASKS.length]}`
    return {
      id: `p-${number}`,
      title: title.replace('@', name),
      text: text.replaceAll('@', name),
      source: SOURCES[number % SOURCES.length],
      url: `https://example.cn/p/${number}.html`,
      place,
    }
  })
}

/** One of 900; numbers that share one are about other places. */
function localName(number) {
  return FIRST[number % 30] + SECOND[(Math.floor(number / 30) + number) % 30]
}
