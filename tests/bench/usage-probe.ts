/**
 * Preloaded (`--import`) into a program under measurement, which itself knows nothing of it: tells the bench, when asked,
 * what the process has used so far.
 */
export interface Usage {
  /** CPU time of all its threads, in microseconds. */
  readonly cpu: number
  /** Resident memory. */
  readonly residentBytes: number
}

process.on('message', (message) => {
  if (message !== 'usage') return
  const { user, system } = process.cpuUsage()
  const usage: Usage = { cpu: user + system, residentBytes: process.memoryUsage.rss() }
  process.send?.(usage)
})
// The program ends when it would have ended without us.
process.channel?.unref()
