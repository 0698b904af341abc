#!/usr/bin/env bash
# What compilers cannot see: includes that cross rooms by path, foreign headers outside their room,
# banned functions, file length, a README in each room. Prints each finding; any finding fails.
set -u
cd "$(dirname "$0")/.."
found=0
say() { echo "lint: $1"; found=1; }

hits() { grep -nE "$1" "${@:2}" /dev/null; }
all_c=$(find src tests -name '*.c' -o -name '*.h' | sort)

out=$(hits '#include "(\.\./|[a-z]+/)' $all_c) && say "an include names a folder: $out"
out=$(hits '^extern ' $(find src -name '*.c')) && say "extern in a .c file: $out"
# LLVM's fuzz entry point and cmocka's macros live in tests only.
banned='(^|[^a-zA-Z0-9_])(strcpy|strcat|sprintf|strtok|strncpy|strncat|gets|atoi|alloca|rand|localtime|gmtime)\('
out=$(hits "$banned" $all_c) && say "banned function: $out"

# header pattern : rooms that may include it
while IFS=: read -r header rooms; do
    for room in src/*/; do
        name=$(basename "$room")
        case " $rooms " in *" $name "*) continue ;; esac
        files=$(find "$room" -name '*.[ch]')
        [ -n "$files" ] || continue
        out=$(hits "#include <($header)" $files) && say "<$header> outside $rooms: $out"
    done
done <<'ROWS'
SDL\.h:net platform app text paint
SDL_net\.h:net
SDL_ttf\.h:text
SDL_image\.h:paint
fontconfig/:text
fribidi:text
sqlite3\.h:store
openssl/:net
sys/socket\.h|netdb\.h|arpa/:net
ini\.h:app
seccomp\.h:app
utf8proc\.h:irc store text
pthread\.h:base store
ROWS

for file in $all_c; do
    lines=$(wc -l <"$file")
    [ "$lines" -le 800 ] || say "$file has $lines lines (800 at most)"
done
for room in src/*/; do
    if [ -n "$(find "$room" -name '*.c')" ] && [ ! -f "${room}README.md" ]; then
        say "no README.md in $room"
    fi
    [ ! -f "${room}README.md" ] || [ "$(wc -l <"${room}README.md")" -le 40 ] || say "${room}README.md is over 40 lines"
done
[ $found -eq 0 ] && echo "lint: clean"
exit $found
