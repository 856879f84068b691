/**
 * How much larger this process was at its largest while something ran than before it, in octets, seen every few
 * milliseconds: resident memory, so that buffers outside the heap count too.
 */
export async function growthDuring(work: () => Promise<unknown>): Promise<number> {
  const before = process.memoryUsage.rss()
  let largest = before
  const look = () => {
    largest = Math.max(largest, process.memoryUsage.rss())
  }
  const timer = setInterval(look, 5)
  try {
    await work()
  } finally {
    clearInterval(timer)
    look()
  }
  return largest - before
}
