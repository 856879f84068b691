/**
 * Imported before a program of ours that a test has started: when the test's process is gone, however it ended, so is the
 * program. Its standard input is a pipe that closes then.
 */
process.stdin.on('end', () => process.exit(1)).resume()
