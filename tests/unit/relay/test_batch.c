// batch (IRCv3): names of batches, and none for who did not ask.
#include "expect.h"

static void a_batch_has_a_plain_name_a_type_and_an_end(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", "batch draft/metadata-3");
    did(h, ana, "METADATA * SET url :x");
    ask(h, ana, "METADATA * LIST");
    EXPECT(h, ana, S "BATCH +b3 metadata ana", "@batch=b3 " S "761 ana ana url * :x",
           S "BATCH -b3");
    ask(h, ana, "METADATA * LIST");
    EXPECT(h, ana, S "BATCH +b4 metadata ana", "@batch=b4 " S "761 ana ana url * :x",
           S "BATCH -b4");
}

static void others_get_the_lines_alone(void **state)
{
    struct harness *h = *state;
    int ana = harness_guest(h, "ana", NULL);
    did(h, ana, "METADATA * SET url :x");
    ask(h, ana, "METADATA * LIST");
    EXPECT(h, ana, S "761 ana ana url * :x");
}

RELAY_TESTS(ROW(a_batch_has_a_plain_name_a_type_and_an_end), ROW(others_get_the_lines_alone))
