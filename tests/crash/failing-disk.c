/* Preloaded into a program of ours by failing-disk.test.ts: fails what the C library writes to files, for as long as a file
 * of that name stands in the folder FAILING_DISK. `full`: no write finds room. `broken`: nothing reaches the disk. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int fails(const char *how) {
  const char *folder = getenv("FAILING_DISK");
  char path[4096];
  if (folder == NULL) return 0;
  snprintf(path, sizeof path, "%s/%s", folder, how);
  return access(path, F_OK) == 0;
}

/* Only databases: what a program prints must still be readable. */
static int isDatabase(int fd) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = '\0';
  return strstr(path, ".sqlite") != NULL;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
  if (fails("full") && isDatabase(fd)) { errno = ENOSPC; return -1; }
  return REAL(pwrite64)(fd, data, size, at);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
  if (fails("full") && isDatabase(fd)) { errno = ENOSPC; return -1; }
  return REAL(pwrite)(fd, data, size, at);
}

ssize_t write(int fd, const void *data, size_t size) {
  if (fails("full") && isDatabase(fd)) { errno = ENOSPC; return -1; }
  return REAL(write)(fd, data, size);
}

int fsync(int fd) {
  if (fails("broken") && isDatabase(fd)) { errno = EIO; return -1; }
  return REAL(fsync)(fd);
}

int fdatasync(int fd) {
  if (fails("broken") && isDatabase(fd)) { errno = EIO; return -1; }
  return REAL(fdatasync)(fd);
}
