# usher_small_program(TARGET): links it so that little of its file has to be in memory (ADR 43), where programs that are
# linked like this start: addresses that are relocated stand in it as bits (DT_RELR) instead of as 24 bytes each. By GNU ld, also
# where there is mold, whose version 1.10 leaves out the mark without which glibc refuses them.
include(CheckCXXSourceRuns)

set(usher_small_program -fuse-ld=bfd -Wl,-z,pack-relative-relocs)
if(NOT USHER_SANITIZE)
  set(CMAKE_REQUIRED_LINK_OPTIONS ${usher_small_program})
  check_cxx_source_runs("int there; int* volatile here = &there; int main() { return here != &there; }"
                        USHER_PACKED_RELOCATIONS)
  unset(CMAKE_REQUIRED_LINK_OPTIONS)
endif()

function(usher_small_program target)
  if(USHER_PACKED_RELOCATIONS)
    target_link_options(${target} PRIVATE ${usher_small_program})
  endif()
endfunction()
