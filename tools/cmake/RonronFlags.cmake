# Warnings, hardening and optimisation, the same for every room.
include(CheckIPOSupported)

add_library(ronron_flags INTERFACE)
target_compile_definitions(ronron_flags INTERFACE _POSIX_C_SOURCE=200809L)
target_compile_options(ronron_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wdouble-promotion
  -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wredundant-decls -Wundef
  -Wwrite-strings -Wcast-qual -Wpointer-arith -Wvla -Wformat=2 -Wimplicit-fallthrough
  -Wnull-dereference -fno-common)
if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
  target_compile_options(ronron_flags INTERFACE
    -Wlogical-op -Wduplicated-cond -Wjump-misses-init -Wno-format-truncation)
endif()

# Hardening: position independent, read-only relocations, canaries, checked libc calls.
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
target_compile_options(ronron_flags INTERFACE -fstack-protector-strong)
target_link_options(ronron_flags INTERFACE -pie -Wl,-z,relro,-z,now -Wl,-z,noexecstack)

set(CMAKE_C_FLAGS_RELEASE "-O2 -g1 -DNDEBUG -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2")
set(CMAKE_C_FLAGS_DEBUG "-O1 -g -fno-omit-frame-pointer")
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  check_ipo_supported(RESULT ronron_has_lto OUTPUT ronron_lto_reason LANGUAGES C)
  if(ronron_has_lto)
    set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ON)
  endif()
endif()

# Sanitizers come from the preset as a comma list, so that every object of a tree agrees.
set(RONRON_SANITIZE "" CACHE STRING "Sanitizers for the whole tree, e.g. address,undefined")
if(RONRON_SANITIZE)
  target_compile_options(ronron_flags INTERFACE
    -fsanitize=${RONRON_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(ronron_flags INTERFACE -fsanitize=${RONRON_SANITIZE})
endif()
if(RONRON_FUZZ)
  target_compile_options(ronron_flags INTERFACE -fsanitize=fuzzer-no-link)
  target_link_options(ronron_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
