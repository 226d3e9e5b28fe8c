/* A program that sets an io_uring up and shares what the kernel answered.
 *
 *     ring_owner file PATH    fills a file of this name
 *     ring_owner memfd        fills a file without a name, and tells where it is
 *     ring_owner offsets      where the kernel's header has the fields
 *
 * Exit status 77: this kernel lets nobody set one up, or has no such header.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__has_include) && __has_include(<linux/io_uring.h>) && defined(SYS_io_uring_setup)
#include <linux/io_uring.h>

#define PLACE(field) printf(#field " %zu\n", offsetof(struct io_uring_params, field))

static int offsets(void)
{
    PLACE(sq_entries);
    PLACE(cq_entries);
    PLACE(flags);
    PLACE(sq_thread_cpu);
    PLACE(sq_thread_idle);
    PLACE(features);
    PLACE(wq_fd);
    PLACE(sq_off);
    PLACE(sq_off.head);
    PLACE(sq_off.array);
    PLACE(cq_off);
    PLACE(cq_off.head);
    PLACE(cq_off.cqes);
    printf("size %zu\n", sizeof(struct io_uring_params));
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "offsets") == 0)
        return offsets();
    int named = argc == 3 && strcmp(argv[1], "file") == 0;
    int fd = named ? open(argv[2], O_RDWR | O_CREAT, 0600) : memfd_create("io_uring.params", 0);
    if (fd == -1 || ftruncate(fd, sizeof(struct io_uring_params)) == -1) {
        perror("file");
        return 1;
    }
    struct io_uring_params *params = mmap(NULL, sizeof *params, PROT_READ | PROT_WRITE,
                                          MAP_SHARED, fd, 0);
    if (params == MAP_FAILED) {
        perror("mmap");
        return 1;
    }
    params->flags = IORING_SETUP_CLAMP;
    if (syscall(SYS_io_uring_setup, 6, params) == -1) {
        perror("io_uring_setup");
        return 77;
    }
    if (named)
        printf("%s\n", argv[2]);
    else
        printf("/proc/%d/fd/%d\n", (int)getpid(), fd);
    fflush(stdout);
    pause();
}
#else
int main(void)
{
    fputs("no linux/io_uring.h\n", stderr);
    return 77;
}
#endif
