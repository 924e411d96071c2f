# Writes OUTPUT, the definitions of common/server/version.h, unless it says the same already.
# With -DVERSION=, -DREVISION= (empty: ask git), -DSOURCE=, -DOUTPUT=.
if(NOT REVISION)
  # A clone that is not ours to read (another user's) has no revision either.
  execute_process(COMMAND git -C ${SOURCE} rev-parse --short=12 HEAD
    OUTPUT_VARIABLE REVISION OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  if(failed)
    set(REVISION unknown)
  else()
    execute_process(COMMAND git -C ${SOURCE} diff-index --quiet HEAD -- RESULT_VARIABLE differs
      OUTPUT_QUIET ERROR_QUIET)
    if(differs)
      string(APPEND REVISION "-modified")
    endif()
  endif()
endif()
set(content "#include \"common/server/version.h\"

namespace usher::server {
const char kVersion[] = \"${VERSION}\";
const char kRevision[] = \"${REVISION}\";
}  // namespace usher::server
")
set(there "")
if(EXISTS ${OUTPUT})
  file(READ ${OUTPUT} there)
endif()
if(NOT there STREQUAL content)
  file(WRITE ${OUTPUT} "${content}")
endif()
