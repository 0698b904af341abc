# ronron_room(NAME [PUBLIC room...] [PRIVATE room...] [LIBRARIES target...])
#
# One folder of src/ is one static library. Its include directory is seen only by those who link
# it, so an arrow that is not in the table of src/CMakeLists.txt does not compile. Sources stand
# in the room's own CMakeLists.txt: target_sources(ronron_NAME PRIVATE ...).
#
# Include directories are passed on only where a header needs them (PUBLIC); PRIVATE rooms and
# LIBRARIES are linked but their headers stay invisible to users of this room.
function(ronron_room name)
  cmake_parse_arguments(ROOM "" "" "PUBLIC;PRIVATE;LIBRARIES" ${ARGN})
  set(target ronron_${name})
  add_library(${target} STATIC)
  target_include_directories(${target} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR}/${name})
  set_target_properties(${target} PROPERTIES LINKER_LANGUAGE C)
  target_link_libraries(${target} PRIVATE ronron_flags)
  foreach(used ${ROOM_PUBLIC})
    target_link_libraries(${target} PUBLIC ronron_${used})
  endforeach()
  foreach(used ${ROOM_PRIVATE})
    target_link_libraries(${target} PRIVATE ronron_${used})
  endforeach()
  target_link_libraries(${target} PRIVATE ${ROOM_LIBRARIES})
  add_subdirectory(${name})
endfunction()
