# usher_revision(TARGET): compiles version and git revision into TARGET, an object file of its own that
# only programs link: a commit compiles one small file and links five programs anew, and nothing else.
# The revision is looked up at each build, and written where it has changed. Where there is no git (an
# image is built without .git): -DUSHER_REVISION=...
set(USHER_REVISION "" CACHE STRING "Git revision for --version; empty: asked of git at each build")

function(usher_revision target)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/revision.cc)
  add_custom_target(${target}_lookup
    COMMAND ${CMAKE_COMMAND} -DVERSION=${PROJECT_VERSION} -DREVISION=${USHER_REVISION}
            -DSOURCE=${PROJECT_SOURCE_DIR} -DOUTPUT=${output}
            -P ${PROJECT_SOURCE_DIR}/cmake/write_revision.cmake
    BYPRODUCTS ${output}
    VERBATIM)
  add_library(${target} OBJECT ${output})
  add_dependencies(${target} ${target}_lookup)
endfunction()
