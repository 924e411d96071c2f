# usher_discover_suites(TARGET LABEL): one test of ctest for each suite of a googletest program, unit_room.RoomsTest. A process for each case, as
# gtest_discover_tests has it, is what most of the time went into: 344 s under AddressSanitizer for 2,450 cases that take 40.
# The program says which suites it has when it has been built.
function(usher_discover_suites target label)
  string(REGEX REPLACE "_tests$" "" name ${target})
  set(suites ${CMAKE_CURRENT_BINARY_DIR}/${target}_suites.cmake)
  set(include ${CMAKE_CURRENT_BINARY_DIR}/${target}_include.cmake)
  add_custom_command(TARGET ${target} POST_BUILD
    COMMAND ${CMAKE_COMMAND} -D PROGRAM=$<TARGET_FILE:${target}> -D NAME=${name} -D LABEL=${label}
            -D OUT=${suites} -P ${PROJECT_SOURCE_DIR}/cmake/list_suites.cmake
    BYPRODUCTS ${suites}
    VERBATIM)
  # What is not built must not look as if it had passed.
  file(WRITE ${include} "if(EXISTS \"${suites}\")
  include(\"${suites}\")
else()
  add_test(${target}_NOT_BUILT ${target}_NOT_BUILT)
  set_tests_properties(${target}_NOT_BUILT PROPERTIES LABELS ${label})
endif()
")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${include})
endfunction()
