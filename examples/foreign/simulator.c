/* A simulator that writes its pages flat out.
 *
 *     simulator run PATH            until it is killed
 *     simulator stop-page PATH      stops in the middle of the second physics page
 *     simulator stop-car PATH       stops in the middle of the second write of car 2
 *
 * Every number and text of a page is made of the page's own number, so that a
 * reader can tell one that is half of another.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#pragma pack(push, 1)
struct physics {
    uint32_t update_begin;
    uint32_t update_end;
    int32_t packet;
    int8_t gear;
    uint8_t pit_limiter;
    float speed;
    double heading;
    float tyre_pressure[4];
    uint16_t driver[15];
    uint16_t position;
    uint16_t track[33];
    double distance;
    int32_t last_packet;
};

struct car {
    uint32_t seq;
    uint16_t number;
    uint16_t name[9];
    uint32_t lap;
    double distance;
};
#pragma pack(pop)

enum { CARS_AT = 192, CAR_STRIDE = 64, CARS = 4, SIZE = CARS_AT + CARS * CAR_STRIDE };

static void barrier(void) { __atomic_thread_fence(__ATOMIC_SEQ_CST); }

static void stopped(void)
{
    puts("stopped");
    fflush(stdout);
    pause();
}

/* UTF-16 of printable ASCII, padded with zeros. */
static void text(volatile uint16_t *to, int room, const char *format, int n)
{
    char line[40];
    int length = snprintf(line, sizeof line, format, n);
    for (int i = 0; i < room; i++)
        to[i] = i < length ? (uint16_t)line[i] : 0;
}

static void write_physics(volatile struct physics *page, int n, int stops)
{
    page->update_begin++;
    barrier();
    page->packet = n;
    page->gear = (int8_t)(n % 8 - 1);
    page->pit_limiter = (uint8_t)(n % 2 * 7);
    page->speed = (float)(n % 100000);
    page->heading = n;
    for (int i = 0; i < 4; i++)
        page->tyre_pressure[i] = (float)(n % 100000 + i);
    text(page->driver, 15, "driver%06d", n % 1000000);
    if (stops)
        stopped();
    page->position = (uint16_t)(n % 60000);
    text(page->track, 33, "the long way round %06d", n % 1000000);
    page->distance = n;
    page->last_packet = n;
    barrier();
    page->update_end = page->update_begin;
}

static void write_car(volatile struct car *car, int n, int stops)
{
    car->seq++;
    barrier();
    car->number = (uint16_t)(n % 60000);
    text(car->name, 9, "c%06d", n % 1000000);
    if (stops)
        stopped();
    car->lap = (uint32_t)n;
    car->distance = n;
    barrier();
    car->seq++;
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    int fd = open(argv[2], O_RDWR | O_CREAT, 0600);
    if (fd == -1 || ftruncate(fd, SIZE) == -1) {
        perror(argv[2]);
        return 1;
    }
    char *memory = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED) {
        perror("mmap");
        return 1;
    }
    for (int n = 1;; n++) {
        write_physics((void *)memory, n, n == 2 && strcmp(argv[1], "stop-page") == 0);
        for (int i = 0; i < CARS; i++)
            write_car((void *)(memory + CARS_AT + i * CAR_STRIDE), n,
                      n == 2 && i == 2 && strcmp(argv[1], "stop-car") == 0);
        if (n == 1) {
            puts("started");
            fflush(stdout);
        }
    }
}
