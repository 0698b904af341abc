// RPL_ISUPPORT tokens a client needs.
#include "irc_isupport.h"

#include "utf8.h"

void irc_isupport_init(struct irc_isupport *isupport)
{
    *isupport = (struct irc_isupport){
        .chantypes = "#&",
        .prefix_modes = "ov",
        .prefix_chars = "@+",
        .chanmodes = {"b", "k", "l", "imnpst"},
        .casemap = IRC_CASEMAP_RFC1459,
        .nick_len = 9,
        .channel_len = 50,
        .topic_len = 390,
        .line_len = 512,
    };
}

// "(ov)@+"; anything else turns ranks off.
static void take_prefix(struct irc_isupport *isupport, struct str value)
{
    size_t close = 0;
    isupport->prefix_modes[0] = '\0';
    isupport->prefix_chars[0] = '\0';
    if (value.len == 0 || value.data[0] != '(' || !str_find_char(value, ')', &close)) {
        return;
    }
    struct str modes = str_range(value, 1, close);
    struct str chars = str_range(value, close + 1, value.len);
    size_t max = sizeof(isupport->prefix_modes) - 1;
    size_t count = modes.len < chars.len ? modes.len : chars.len;
    count = count < max ? count : max;
    (void)str_copy(isupport->prefix_modes, sizeof(isupport->prefix_modes),
                   str_range(modes, 0, count));
    (void)str_copy(isupport->prefix_chars, sizeof(isupport->prefix_chars),
                   str_range(chars, 0, count));
}

static void take_chanmodes(struct irc_isupport *isupport, struct str value)
{
    struct str part;
    for (size_t i = 0; i < 4 && str_next(&value, ',', &part); i++) {
        (void)str_copy(isupport->chanmodes[i], sizeof(isupport->chanmodes[i]), part); // may be cut
    }
}

static void take_length(size_t *out, struct str value, int64_t min)
{
    int64_t number = 0;
    if (str_to_int_in(value, min, 65536, &number)) {
        *out = (size_t)number;
    }
}

static int hex_digit(char c)
{
    c = char_lower(c);
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// A value holds no space and no byte beyond ASCII: servers write \xHH (Modern IRC), some a no-break
// space. A name that is no UTF-8 then is left as it came.
static void take_network(struct irc_isupport *isupport, struct str value)
{
    static const struct str space = STR_INIT("\xC2\xA0");
    char name[512];
    size_t len = 0;
    struct str rest = value;
    while (rest.len > 0 && len < sizeof(name)) {
        bool is_escape = rest.len >= 4 && str_starts(rest, STR("\\x")) &&
                         hex_digit(rest.data[2]) >= 0 && hex_digit(rest.data[3]) >= 0;
        size_t skip = is_escape ? 4 : str_starts(rest, space) ? space.len : 1;
        name[len++] = is_escape  ? (char)(hex_digit(rest.data[2]) * 16 + hex_digit(rest.data[3]))
                      : skip > 1 ? ' '
                                 : rest.data[0];
        rest = str_range(rest, skip, rest.len);
    }
    struct str plain = {name, len};
    (void)str_copy(isupport->network, sizeof(isupport->network), // may be cut
                   utf8_is_valid(plain) ? plain : value);
}

void irc_isupport_token(struct irc_isupport *isupport, struct str token)
{
    size_t at = token.len;
    bool has_value = str_find_char(token, '=', &at);
    struct str key = str_range(token, 0, at);
    struct str value = has_value ? str_range(token, at + 1, token.len) : (struct str){0};
    if (str_eq(key, STR("NETWORK"))) {
        take_network(isupport, value);
    } else if (str_eq(key, STR("CHANTYPES"))) {
        (void)str_copy(isupport->chantypes, sizeof(isupport->chantypes), value); // may be cut
    } else if (str_eq(key, STR("PREFIX"))) {
        take_prefix(isupport, value);
    } else if (str_eq(key, STR("CHANMODES"))) {
        take_chanmodes(isupport, value);
    } else if (str_eq(key, STR("CASEMAPPING"))) {
        (void)irc_casemap_parse(value, &isupport->casemap); // an unknown one keeps the default
    } else if (str_eq(key, STR("NICKLEN"))) {
        take_length(&isupport->nick_len, value, 1);
    } else if (str_eq(key, STR("CHANNELLEN"))) {
        take_length(&isupport->channel_len, value, 1);
    } else if (str_eq(key, STR("TOPICLEN"))) {
        take_length(&isupport->topic_len, value, 1);
    } else if (str_eq(key, STR("LINELEN"))) {
        take_length(&isupport->line_len, value, 512);
    } else if (str_eq(key, STR("UTF8ONLY"))) {
        isupport->utf8_only = true;
    }
}

bool irc_isupport_is_channel(const struct irc_isupport *isupport, struct str target)
{
    size_t at = 0;
    return target.len > 0 && str_find_char(str_from(isupport->chantypes), target.data[0], &at);
}
