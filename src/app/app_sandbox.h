// Gives up, for good, what a relay does not need: capabilities, writing outside its folder, starting
// programs, outgoing TCP connections, and every system call that is not on a list.
//
// Landlock guards the files (kernel 5.13 and later; without it systemd's unit or nothing does),
// seccomp the system calls: one that is not on the list fails with EPERM and is noted in the audit
// log. EPERM and not a kill: a library that tries something new goes without it, and the party
// goes on. Threads started later inherit both; so it is entered before there are any.
#ifndef APP_SANDBOX_H
#define APP_SANDBOX_H

#include <stdbool.h>

#include "err.h"

// data: the only folder that can be written to from now on; NULL: none can. false: something of it
// the system does not know or did not allow, in a sentence; the rest is in force.
bool app_sandbox_enter(const char *data, struct err *err);
// What there is, for --version: "Landlock, seccomp". Lives as long as the program.
const char *app_sandbox_name(void);

#endif
