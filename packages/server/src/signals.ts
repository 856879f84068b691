/** One Ctrl-C may arrive several times: from the terminal, and from npm and others that pass it on. */
const SAME_PRESS_MS = 500

/**
 * Runs `stop` at Ctrl-C or when the system asks, once; a second signal, a moment later, ends the process at once.
 *
 * The process is expected to end by itself when everything is closed; it is told to after `stop` in case something else
 * keeps it.
 */
export function stopOnSignal(stop: () => Promise<void>): void {
  let stoppingSince: number | undefined
  const onSignal = () => {
    if (stoppingSince !== undefined) {
      if (performance.now() - stoppingSince > SAME_PRESS_MS) process.exit(1)
      return
    }
    stoppingSince = performance.now()
    stop().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
}
