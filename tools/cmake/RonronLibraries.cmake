# Third-party libraries as imported targets, so that their headers stay silent.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(Intl REQUIRED)
find_package(Gettext REQUIRED)

foreach(pair
    sdl2=sdl2 sdl2_ttf=SDL2_ttf sdl2_image=SDL2_image sdl2_net=SDL2_net
    fontconfig=fontconfig fribidi=fribidi utf8proc=libutf8proc inih=inih
    openssl=openssl sqlite3=sqlite3 seccomp=libseccomp)
  string(REPLACE "=" ";" pair ${pair})
  list(GET pair 0 name)
  list(GET pair 1 module)
  pkg_check_modules(${name} REQUIRED IMPORTED_TARGET ${module})
endforeach()
if(RONRON_TESTS)
  pkg_check_modules(cmocka REQUIRED IMPORTED_TARGET cmocka)
endif()
