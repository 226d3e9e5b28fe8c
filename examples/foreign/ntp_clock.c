/* A clock that feeds NTP's shared memory, in mode 1: what gpsd does, flat out.
 *
 *     ntp_clock sysv KEY      writes samples until it is killed
 *     ntp_clock file PATH     the same in a file of its own
 *     ntp_clock stop PATH     writes one sample, and stops in the middle of the next
 *
 * Every number of a sample is made of its own number, so that a reader can tell
 * one that is half of another.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <time.h>
#include <unistd.h>

struct shmTime {
    int mode;
    volatile int count;
    time_t clockTimeStampSec;
    int clockTimeStampUSec;
    time_t receiveTimeStampSec;
    int receiveTimeStampUSec;
    int leap;
    int precision;
    int nsamples;
    volatile int valid;
    unsigned clockTimeStampNSec;
    unsigned receiveTimeStampNSec;
    int dummy[8];
};

static void barrier(void) { __atomic_thread_fence(__ATOMIC_SEQ_CST); }

static struct shmTime *by_key(const char *key)
{
    int id = shmget((key_t)strtoul(key, NULL, 0), sizeof(struct shmTime), IPC_CREAT | 0600);
    if (id == -1) {
        perror("shmget");
        exit(1);
    }
    void *at = shmat(id, NULL, 0);
    if (at == (void *)-1) {
        perror("shmat");
        exit(1);
    }
    return at;
}

static struct shmTime *in_file(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT, 0600);
    if (fd == -1 || ftruncate(fd, sizeof(struct shmTime)) == -1) {
        perror(path);
        exit(1);
    }
    void *at = mmap(NULL, sizeof(struct shmTime), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (at == MAP_FAILED) {
        perror("mmap");
        exit(1);
    }
    return at;
}

static void begin(struct shmTime *shm)
{
    shm->valid = 0;
    shm->count++;
    barrier();
}

static void end(struct shmTime *shm)
{
    barrier();
    shm->count++;
    barrier();
    shm->valid = 1;
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    int stops = strcmp(argv[1], "stop") == 0;
    struct shmTime *shm = strcmp(argv[1], "sysv") == 0 ? by_key(argv[2]) : in_file(argv[2]);
    volatile struct shmTime *sample = shm;
    sample->mode = 1;
    for (int n = 1;; n++) {
        int part = n % 1000000;
        begin(shm);
        sample->clockTimeStampSec = 1000000000 + n;
        sample->clockTimeStampUSec = part;
        sample->clockTimeStampNSec = (unsigned)part * 1000;
        if (stops && n == 2) {
            puts("stopped");
            fflush(stdout);
            pause();
        }
        sample->receiveTimeStampSec = 1000000000 + n;
        sample->receiveTimeStampUSec = part;
        sample->receiveTimeStampNSec = (unsigned)part * 1000;
        sample->leap = n % 4;
        sample->precision = -20;
        sample->nsamples = n;
        end(shm);
        if (n == 1) {
            puts("started");
            fflush(stdout);
        }
        /* A reader of one copy needs a moment between two writes. */
        for (volatile int rest = 0; rest < 200; rest++)
            ;
    }
}
