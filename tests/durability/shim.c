/* Writes down what a process asks the kernel to do with files below one folder, in order and with the bytes.
 *
 * Built by test_fsync.py and put in front of libc by LD_PRELOAD. Records: op, path, offset, length, bytes. Other
 * processes' files and files outside the folder are left alone. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static int log_fd = -1;
static char folder[PATH_MAX];

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_ftruncate)(int, off_t);
static int (*real_rename)(const char *, const char *);
static int (*real_unlink)(const char *);

__attribute__((constructor)) static void begin(void) {
    real_write = dlsym(RTLD_NEXT, "write");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
    real_rename = dlsym(RTLD_NEXT, "rename");
    real_unlink = dlsym(RTLD_NEXT, "unlink");
    const char *target = getenv("SHIM_LOG"), *below = getenv("SHIM_FOLDER");
    if (target && below) {
        strncpy(folder, below, sizeof folder - 1);
        log_fd = open(target, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    }
}

static int path_of(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, PATH_MAX - 1);
    if (n < 0) return 0;
    path[n] = 0;
    return strncmp(path, folder, strlen(folder)) == 0;
}

static void note(char op, const char *path, long long offset, const void *bytes, size_t count) {
    char head[PATH_MAX + 80];
    int n = snprintf(head, sizeof head, "%c %lld %zu %s\n", op, offset, count, path);
    struct iovec parts[2] = {{head, (size_t)n}, {(void *)bytes, bytes ? count : 0}};
    (void)!writev(log_fd, parts, 2);
}

ssize_t write(int fd, const void *bytes, size_t count) {
    char path[PATH_MAX];
    if (log_fd >= 0 && fd != log_fd && path_of(fd, path)) {
        off_t at = (fcntl(fd, F_GETFL) & O_APPEND) ? lseek(fd, 0, SEEK_END) : lseek(fd, 0, SEEK_CUR);
        ssize_t done = real_write(fd, bytes, count);
        if (done > 0) note('W', path, (long long)at, bytes, (size_t)done);
        return done;
    }
    return real_write(fd, bytes, count);
}

static ssize_t pwrite_noted(int fd, const void *bytes, size_t count, off_t at) {
    char path[PATH_MAX];
    ssize_t done = real_pwrite(fd, bytes, count, at);
    if (log_fd >= 0 && done > 0 && path_of(fd, path)) note('W', path, (long long)at, bytes, (size_t)done);
    return done;
}
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) { return pwrite_noted(fd, bytes, count, at); }
ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) { return pwrite_noted(fd, bytes, count, at); }

static int sync_noted(int fd, int (*real)(int)) {
    char path[PATH_MAX];
    int done = real(fd);
    if (log_fd >= 0 && done == 0 && path_of(fd, path)) note('S', path, 0, NULL, 0);
    return done;
}
int fsync(int fd) { return sync_noted(fd, real_fsync); }
int fdatasync(int fd) { return sync_noted(fd, real_fdatasync); }

static int truncate_noted(int fd, off_t size) {
    char path[PATH_MAX];
    int done = real_ftruncate(fd, size);
    if (log_fd >= 0 && done == 0 && path_of(fd, path)) note('T', path, (long long)size, NULL, 0);
    return done;
}
int ftruncate(int fd, off_t size) { return truncate_noted(fd, size); }
int ftruncate64(int fd, off64_t size) { return truncate_noted(fd, size); }

int rename(const char *from, const char *to) {
    int done = real_rename(from, to);
    if (log_fd >= 0 && done == 0 && strncmp(to, folder, strlen(folder)) == 0) note('R', from, 0, to, strlen(to));
    return done;
}
int unlink(const char *path) {
    int done = real_unlink(path);
    if (log_fd >= 0 && done == 0 && strncmp(path, folder, strlen(folder)) == 0) note('U', path, 0, NULL, 0);
    return done;
}
