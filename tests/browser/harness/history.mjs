// A matter with everything that can happen to one, made through the API.

/** Assigns, accepts, responds, promises, acts and supervises on the first new matter; gives its number. */
export async function matterWithHistory(station) {
  const { matters } = await station.officer.read('/matters?state=new&limit=1')
  const { no, suggested } = matters[0]
  await station.leader.act(no, 'assign', { lead: suggested.id, grade: 'considerable', instruction: '请于两日内核实并回应。' })
  const [name, unit] = [`liaison-${no}`, suggested.id]
  await station.node.user(name, 'liaison', { display: '联络员', unit })
  const liaison = await station.node.login(name)
  await liaison.act(no, 'accept', {})
  const text = '已派人到现场核查，管道锈蚀，正在冲洗并更换阀门。'
  await liaison.act(no, 'respond', { kind: 'authoritative', channel: 'website', link: 'https://example.cn/huiying/1.html', text })
  await liaison.act(no, 'commit', { due: tomorrow(), text: '明日完成更换并送检水样。', published: true })
  await liaison.act(no, 'act', { kind: 'measure', text: '已更换三处阀门。', link: 'https://example.cn/huiying/2.html' })
  await station.leader.act(no, 'supervise', { text: '请明日下班前报送水质结果。' })
  return no
}

/** A day on which a promise made now is not yet due, in Beijing. */
export function tomorrow() {
  return new Date(Date.now() + (8 + 24) * 3_600_000).toISOString().slice(0, 10)
}
