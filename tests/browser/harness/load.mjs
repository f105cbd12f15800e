// What a page costs over the wire.

/** Bytes of the console's own files that the browser fetched during `act`, as they were sent (gzip). Data of the API is not counted. */
export async function transferred(desk, act) {
  const files = []
  const count = (request) => {
    if (!new URL(request.url()).pathname.startsWith('/api/')) files.push(request.sizes().then((sizes) => sizes.responseBodySize))
  }
  desk.page.on('requestfinished', count)
  await act()
  desk.page.off('requestfinished', count)
  return (await Promise.all(files)).reduce((sum, bytes) => sum + bytes, 0)
}

/** p50 and p95 of some durations, in milliseconds with one decimal. */
export function quantiles(durations) {
  const sorted = [...durations].sort((one, other) => one - other)
  const at = (share) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] * 10) / 10
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), max: at(1) }
}
