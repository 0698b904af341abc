// The clock.
#include "plat.h"

#include <errno.h>
#include <time.h>

static int64_t read_us(clockid_t clock)
{
    struct timespec now;
    if (clock_gettime(clock, &now) != 0) {
        return 0; // both clocks always exist on POSIX
    }
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t plat_now_ms(void)
{
    return read_us(CLOCK_MONOTONIC) / 1000;
}

int64_t plat_now_us(void)
{
    return read_us(CLOCK_MONOTONIC);
}

int64_t plat_now_utc_ms(void)
{
    return read_us(CLOCK_REALTIME) / 1000;
}

void plat_sleep_us(int64_t us)
{
    if (us <= 0) {
        return;
    }
    struct timespec left = {(time_t)(us / 1000000), (long)(us % 1000000) * 1000};
    while (nanosleep(&left, &left) != 0 && errno == EINTR) {
    }
}
