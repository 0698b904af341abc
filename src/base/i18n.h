// Translation by gettext: _() marks and translates a sentence a person reads, N_() only marks.
//
// The program binds the domain "ronron" at start (app); rooms only ask. Msgids are English.
// The result lives as long as the program's current language.
#ifndef I18N_H
#define I18N_H

#include <libintl.h>

#define _(text)              gettext(text)
#define N_(text)             (text)
#define _n(one, many, count) ngettext(one, many, count)

#endif
