// Capability names, sorted.
#include "irc_caps.h"

// clang-format off
static const struct irc_cap_name caps[] = {
    {STR_INIT("account-notify"),           IRC_CAP_ACCOUNT_NOTIFY},
    {STR_INIT("account-tag"),              IRC_CAP_ACCOUNT_TAG},
    {STR_INIT("away-notify"),              IRC_CAP_AWAY_NOTIFY},
    {STR_INIT("batch"),                    IRC_CAP_BATCH},
    {STR_INIT("cap-notify"),               IRC_CAP_CAP_NOTIFY},
    {STR_INIT("chghost"),                  IRC_CAP_CHGHOST},
    {STR_INIT("draft/account-registration"), IRC_CAP_ACCOUNT_REGISTRATION},
    {STR_INIT("draft/channel-rename"),     IRC_CAP_CHANNEL_RENAME},
    {STR_INIT("draft/chathistory"),        IRC_CAP_CHATHISTORY},
    {STR_INIT("draft/event-playback"),     IRC_CAP_EVENT_PLAYBACK},
    {STR_INIT("draft/extended-isupport"),  IRC_CAP_EXTENDED_ISUPPORT},
    {STR_INIT("draft/message-redaction"),  IRC_CAP_REDACTION},
    {STR_INIT("draft/metadata-2"),         IRC_CAP_METADATA_2},
    {STR_INIT("draft/metadata-3"),         IRC_CAP_METADATA_3},
    {STR_INIT("draft/multiline"),          IRC_CAP_MULTILINE},
    {STR_INIT("draft/no-implicit-names"),  IRC_CAP_NO_IMPLICIT_NAMES},
    {STR_INIT("draft/pre-away"),           IRC_CAP_PRE_AWAY},
    {STR_INIT("draft/read-marker"),        IRC_CAP_READ_MARKER},
    {STR_INIT("draft/search"),             IRC_CAP_SEARCH},
    {STR_INIT("echo-message"),             IRC_CAP_ECHO_MESSAGE},
    {STR_INIT("extended-join"),            IRC_CAP_EXTENDED_JOIN},
    {STR_INIT("extended-monitor"),         IRC_CAP_EXTENDED_MONITOR},
    {STR_INIT("invite-notify"),            IRC_CAP_INVITE_NOTIFY},
    {STR_INIT("labeled-response"),         IRC_CAP_LABELED_RESPONSE},
    {STR_INIT("message-tags"),             IRC_CAP_MESSAGE_TAGS},
    {STR_INIT("multi-prefix"),             IRC_CAP_MULTI_PREFIX},
    {STR_INIT("no-implicit-names"),        IRC_CAP_NO_IMPLICIT_NAMES},
    {STR_INIT("sasl"),                     IRC_CAP_SASL},
    {STR_INIT("server-time"),              IRC_CAP_SERVER_TIME},
    {STR_INIT("setname"),                  IRC_CAP_SETNAME},
    {STR_INIT("soju.im/search"),           IRC_CAP_SEARCH},
    {STR_INIT("standard-replies"),         IRC_CAP_STANDARD_REPLIES},
    {STR_INIT("userhost-in-names"),        IRC_CAP_USERHOST_IN_NAMES},
};
// clang-format on

size_t irc_cap_count(void)
{
    return sizeof(caps) / sizeof(caps[0]);
}

const struct irc_cap_name *irc_cap_at(size_t idx)
{
    return &caps[idx];
}

bool irc_cap_find(struct str name, enum irc_cap *out)
{
    for (size_t i = 0; i < irc_cap_count(); i++) {
        if (str_eq(caps[i].name, name)) {
            *out = caps[i].cap;
            return true;
        }
    }
    return false;
}
