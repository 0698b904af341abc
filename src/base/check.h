// check(): what only a bug of ours can break; always compiled in, prints and aborts.
#ifndef CHECK_H
#define CHECK_H

// Never for what a peer, a file or a user sends: those get an error.
#define check(condition) ((condition) ? (void)0 : check_failed(#condition, __FILE__, __LINE__))

_Noreturn void check_failed(const char *condition, const char *file, int line);

#endif
