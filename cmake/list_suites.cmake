# cmake -D PROGRAM=... -D NAME=unit_room -D LABEL=unit -D OUT=FILE -P list_suites.cmake: writes what ctest includes (suites.cmake).
execute_process(COMMAND ${PROGRAM} --gtest_list_tests OUTPUT_VARIABLE list COMMAND_ERROR_IS_FATAL ANY)
string(REPLACE "\n" ";" lines "${list}")
set(tests "")
foreach(line IN LISTS lines)
  if(line MATCHES "^([A-Za-z0-9_/]+)\\.( *#.*)?$")
    set(suite ${CMAKE_MATCH_1})
    string(APPEND tests "add_test(${NAME}.${suite} \"${PROGRAM}\" --gtest_filter=${suite}.*)\n"
      "set_tests_properties(${NAME}.${suite} PROPERTIES LABELS ${LABEL} TIMEOUT 300\n"
      "  PROCESSORS 2 COST 900)\n")
  endif()
endforeach()
if(tests STREQUAL "")
  message(FATAL_ERROR "${PROGRAM} lists no suite of tests")
endif()
file(WRITE ${OUT} "${tests}")
