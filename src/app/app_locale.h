// The language: binds gettext's catalogue where the program finds it.
//
// Thread: main, before other threads start; app_locale_set() later only from main.
#ifndef APP_LOCALE_H
#define APP_LOCALE_H

// language: "fr", "en", or NULL for the system's. Returns the one in force, "fr" or "en".
// The catalogue is looked for beside the program (locale/), then under its install prefix.
const char *app_locale_init(const char *language);
const char *app_locale_set(const char *language); // live switch

#endif
