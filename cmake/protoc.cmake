# usher_generate(SOURCES GENERATED FILE [GRPC] ROOT folder IMPORTS folder...): generates the C++ of ROOT/FILE below the
# folder GENERATED, which gets gRPC's part as well with GRPC, and appends it to the variable SOURCES.
function(usher_generate sources generated file)
  cmake_parse_arguments(PARSE_ARGV 3 given "GRPC" "ROOT" "IMPORTS")
  string(REGEX REPLACE "\\.proto$" "" stem ${file})
  set(base ${generated}/${stem})
  set(made ${base}.pb.cc ${base}.pb.h)
  set(flags)
  foreach(folder IN LISTS given_IMPORTS)
    list(APPEND flags -I ${folder})
  endforeach()
  list(APPEND flags --cpp_out=${generated})
  set(plugin)
  if(given_GRPC)
    list(PREPEND made ${base}.grpc.pb.cc ${base}.grpc.pb.h)
    list(APPEND flags --grpc_out=${generated} --plugin=protoc-gen-grpc=$<TARGET_FILE:gRPC::grpc_cpp_plugin>)
    set(plugin gRPC::grpc_cpp_plugin)
  endif()
  file(MAKE_DIRECTORY ${generated})
  # The dependency file names the imports, so that a change in one regenerates exactly its users.
  # Ninja regenerates every time unless the first output is also the first one that protoc names
  # there, which is the first in the alphabet.
  add_custom_command(
    OUTPUT ${made}
    COMMAND protobuf::protoc ${flags} --dependency_out=${base}.d ${given_ROOT}/${file}
    DEPENDS ${given_ROOT}/${file} protobuf::protoc ${plugin}
    DEPFILE ${base}.d
    COMMENT "Generating C++ from ${file}"
    VERBATIM)
  # protoc gives its file-local tables the same names in every file, so only gRPC's part can be
  # compiled together.
  set_source_files_properties(${base}.pb.cc PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  # A program gets what it is linked with of whole object files: one with eight services brings along the messages of
  # all of them.
  file(STRINGS ${given_ROOT}/${file} services REGEX "^service ")
  if(given_GRPC AND services AND NOT USHER_FUZZ)  # which is no program's
    set_source_files_properties(${base}.grpc.pb.cc PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  endif()
  list(FILTER made INCLUDE REGEX "\\.cc$")
  list(REVERSE made)
  set(${sources} ${${sources}} ${made} PARENT_SCOPE)
endfunction()

# usher_generated_library(TARGET GENERATED SOURCE...): of what usher_generate made there.
function(usher_generated_library target generated)
  add_library(${target} STATIC ${ARGN})
  # SYSTEM keeps our warning flags away from generated headers in the code that includes them.
  target_include_directories(${target} SYSTEM PUBLIC ${generated})
  # In place of the directory's: generated code is not what the sanitizers are for (with them it takes three times as long
  # to compile), and what is compiled alike in every build the compiler's cache knows from the one before.
  # Line tables are all that a stack trace needs; full debug information is ten times the object code.
  set_target_properties(${target} PROPERTIES
    COMPILE_OPTIONS "-w;$<$<CONFIG:RelWithDebInfo>:-g1>")
endfunction()
