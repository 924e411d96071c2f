# Eight files of a target are compiled as one: the headers and templates that they share are read and made once, which is
# most of what a build from nothing takes. For this, names in unnamed namespaces differ within a service, and each test
# file has a namespace of its own that is called as the file is.
# Off where a few files are edited over and over, and to find an include that is missing (docs/testing.md).
option(USHER_UNITY "Compile eight files of a target as one" ON)

# usher_unity(TARGET): but for files of which a program links either all or nothing: those that define flags, of which
# two services have some of the same name, and main's.
function(usher_unity target)
  if(USHER_UNITY)
    get_target_property(apart ${target} SOURCES)
    list(FILTER apart INCLUDE REGEX "(/|_)options\\.cc$|_commands?\\.cc$|/run_main\\.cc$")
    set_source_files_properties(${apart} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
  endif()
endfunction()
