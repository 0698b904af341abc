// draft/extended-isupport (IRCv3): the tokens on demand, before registration, in a batch.
#include "expect.h"

static void they_come_before_registration(void **state)
{
    struct harness *h = *state;
    int ana = harness_connect(h, 65536);
    did(h, ana, "CAP LS 302");
    did(h, ana, "CAP REQ :batch draft/extended-isupport");
    ask(h, ana, "ISUPPORT");
    EXPECT(h, ana, S "BATCH +b1 draft/isupport", "@batch=b1 " S "005 * {} :{}",
           "@batch=b1 " S "005 * {} :{}", "@batch=b1 " S "005 * {} :{}", S "BATCH -b1");
    ask(h, ana, "NICK ana\r\nUSER ana 0 * :ana\r\nCAP END");
    // Not one token outside a batch, not even in the welcome.
    HAS(h, ana, S "BATCH +b2 draft/isupport\r\n@batch=b2 " S "005 ana ");
    assert_int_equal(harness_times(h, ana, S "005"), harness_times(h, ana, "@batch=b2 " S "005"));
    ask(h, ana, "VERSION");
    HAS(h, ana, S "BATCH +b3 draft/isupport\r\n");
}

static void without_it_there_is_no_batch(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "batch");
    ask(h, ana, "ISUPPORT");
    EXPECT(h, ana, S "005 ana {}", S "005 ana {}", S "005 ana {}");
}

RELAY_TESTS(ROW(they_come_before_registration), ROW(without_it_there_is_no_batch))
