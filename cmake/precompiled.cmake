# The libraries that everything stands on, and their headers compiled once for all files instead of in each: half of
# the time that a file takes. A missing include goes unnoticed: -DUSHER_PRECOMPILE=OFF -DUSHER_UNITY=OFF finds it.
option(USHER_PRECOMPILE "Compile the headers of libraries and the generated ones once" ON)

add_library(usher_libraries INTERFACE)
target_link_libraries(usher_libraries INTERFACE
  usher_proto gRPC::grpc++ gRPC::grpc++_reflection PkgConfig::SODIUM PkgConfig::PQ PkgConfig::PQXX Boost::context
  PkgConfig::UTF8PROC OpenSSL::SSL OpenSSL::Crypto spdlog::spdlog prometheus-cpp::core prometheus-cpp::pull
  absl::flags absl::flags_reflection absl::flat_hash_map absl::hash absl::node_hash_map absl::status absl::statusor
  absl::strings absl::synchronization absl::time Threads::Threads)

# usher_precompile_own(TARGET HEADER...): headers for this target alone.
function(usher_precompile_own target)
  if(NOT USHER_PRECOMPILE)
    return()
  endif()
  target_precompile_headers(${target} PRIVATE ${ARGN})
  if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
    # Without the times of files, so that the compiler's cache knows it again.
    target_compile_options(${target} PRIVATE -fpch-instantiate-templates "SHELL:-Xclang -fno-pch-timestamp")
  endif()
endfunction()

# usher_precompiled(NAME [LIBRARY...]): headers for targets that are compiled by the flags of this folder and use
# these libraries beside usher_libraries.
function(usher_precompiled name)
  if(NOT USHER_PRECOMPILE)
    return()
  endif()
  set(file ${CMAKE_CURRENT_BINARY_DIR}/${name}.cc)
  file(CONFIGURE OUTPUT ${file} CONTENT "// Nothing: its headers count.\n")
  add_library(${name} OBJECT ${file})
  target_link_libraries(${name} PRIVATE usher_libraries ${ARGN})
  set(headers
    <algorithm> <array> <atomic> <chrono> <cstdint> <deque> <functional> <list> <map> <memory> <optional> <set>
    <string> <thread> <utility> <variant> <vector>
    <absl/container/flat_hash_map.h> <absl/flags/flag.h> <absl/status/statusor.h> <absl/strings/str_cat.h>
    <absl/strings/str_join.h> <absl/strings/str_split.h> <absl/synchronization/mutex.h>
    <absl/synchronization/notification.h> <absl/time/clock.h> <absl/time/time.h>
    <google/protobuf/message.h> <grpcpp/grpcpp.h> <grpcpp/generic/async_generic_service.h> <pqxx/pqxx>
    <prometheus/registry.h> <spdlog/spdlog.h>
    <authentication/authenticationService.grpc.pb.h> <companyService/companyService.grpc.pb.h>
    <roomService/roomService.grpc.pb.h> <user/userService.grpc.pb.h>)
  if(GTest::gmock IN_LIST ARGN)
    list(APPEND headers <gmock/gmock.h> <gtest/gtest.h>)
  endif()
  usher_precompile_own(${name} ${headers})
endfunction()

# usher_precompile(TARGET NAME): the target's files are compiled with the headers of usher_precompiled(NAME).
function(usher_precompile target name)
  if(USHER_PRECOMPILE)
    target_precompile_headers(${target} REUSE_FROM ${name})
    # CMake does not know that the target's flags are those of the headers, whatever the target links to.
    target_link_libraries(${target} PRIVATE usher_libraries)
  endif()
endfunction()

# What this folder compiles tells libFuzzer which way it goes; the main of a target comes with tests/fuzz.
macro(usher_covered_by_fuzzing)
  if(USHER_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link)
  endif()
endmacro()
