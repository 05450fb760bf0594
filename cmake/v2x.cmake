# Compiler settings and the functions from which every folder's CMakeLists.txt is made.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1")

find_program(CCACHE ccache)
if(CCACHE)
  # A second checkout or build directory finds what the first one compiled; precompiled headers need the sloppiness.
  # The compiler's own list of headers and a cache of their hashes save a preprocessor's run and, at every file, the
  # hash of 110 MB of precompiled header.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_DEPEND=1 CCACHE_INODECACHE=1 ${CCACHE})
endif()

# A hundred test programs are linked; mold does it in a fraction of the default linker's time.
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

option(V2X_DEFECTS "Compile the planted defects in (test binaries only)" OFF)
option(V2X_FUZZ "Build the libFuzzer targets (needs clang)" OFF)
set(V2X_SANITIZE "" CACHE STRING "address,undefined or thread")

add_library(v2x_options INTERFACE)
# -ffp-contract=off: the same doubles on every machine (docs/decisions.md).
# -Wno-restrict: GCC 12 sees overlaps in std::string::insert and operator+ that are not there (GCC bug 105651).
target_compile_options(v2x_options INTERFACE -Wall -Wextra -Wshadow -Werror $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
                                             -ffp-contract=off)
if(V2X_FUZZ)
  target_compile_options(v2x_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
target_include_directories(v2x_options INTERFACE ${CMAKE_SOURCE_DIR})
target_link_libraries(v2x_options INTERFACE fmt::fmt nlohmann_json::nlohmann_json Threads::Threads)
target_compile_options(v2x_options INTERFACE -pthread -D_LARGEFILE64_SOURCE)
if(V2X_SANITIZE)
  target_compile_options(v2x_options INTERFACE -fsanitize=${V2X_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(v2x_options INTERFACE -fsanitize=${V2X_SANITIZE})
endif()

# Precompiled headers: what most files parse, once for libraries and programs, once for tests. Nothing depends on them:
# every file still includes what it uses. A precompiled header serves only where the same macros are defined, so
# v2x_options has those that any library brings along.
set(V2X_COMMON_HEADERS <algorithm> <array> <chrono> <functional> <map> <memory> <optional> <string> <string_view>
                       <vector> <fmt/format.h> <nlohmann/json.hpp>)
add_library(v2x_headers OBJECT cmake/headers.cpp)
target_link_libraries(v2x_headers PRIVATE v2x_options)
target_precompile_headers(v2x_headers PRIVATE ${V2X_COMMON_HEADERS})
# Tests are compiled more often than they are run: -O0.
add_library(v2x_test_headers OBJECT cmake/headers.cpp)
target_link_libraries(v2x_test_headers PRIVATE v2x_options GTest::gmock)
target_compile_options(v2x_test_headers PRIVATE -O0)
target_precompile_headers(v2x_test_headers PRIVATE ${V2X_COMMON_HEADERS} <gmock/gmock.h> <gtest/gtest.h>)

# v2x_library(NAME SOURCES … [LIBS …]): one static library per folder. LIBS are public.
function(v2x_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC v2x_options ${ARG_LIBS})
  target_precompile_headers(${name} REUSE_FROM v2x_headers)
endfunction()

# v2x_program(NAME SOURCES … [LIBS …]): lands in build/bin and is installed.
function(v2x_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE v2x_options ${ARG_LIBS})
  install(TARGETS ${name} RUNTIME DESTINATION bin)
endfunction()

# v2x_test(NAME SOURCES … [LIBS …] [BESIDE KIND…] [ONLY_BESIDE KIND…]): a GoogleTest program; each test runs in a process
# of its own. BESIDE: all of them once more in one process, beside a database server of KIND (tests/with_server.cpp), and
# skipped where that is not installed.
function(v2x_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBS;BESIDE;ONLY_BESIDE" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  target_link_libraries(${name} PRIVATE v2x_options v2x_test_paths ${ARG_LIBS} GTest::gtest_main GTest::gmock)
  target_compile_options(${name} PRIVATE -O0)
  target_precompile_headers(${name} REUSE_FROM v2x_test_headers)
  foreach(kind ${ARG_BESIDE} ${ARG_ONLY_BESIDE})
    add_test(NAME ${name}.${kind} COMMAND with_server ${kind} $<TARGET_FILE:${name}> --gtest_brief=1)
    set_tests_properties(${name}.${kind} PROPERTIES SKIP_RETURN_CODE 77)
  endforeach()
  if(NOT ARG_ONLY_BESIDE)
    gtest_discover_tests(${name} TEST_PREFIX "${name}." DISCOVERY_MODE PRE_TEST NO_PRETTY_VALUES)
  endif()
endfunction()

# v2x_planted(SOURCES…): the files of this folder that have planted defects (common/planted.hpp); no others differ.
function(v2x_planted)
  if(V2X_DEFECTS)
    set_source_files_properties(${ARGN} PROPERTIES COMPILE_DEFINITIONS V2X_DEFECTS=1)
  endif()
endfunction()

# v2x_data(DIRECTORY NAME): data that programs read at run time. Found as <bin>/../share/v2x/NAME in the build
# tree (a link to the sources, so an edit needs no rebuild) and under the install prefix (a copy).
function(v2x_data directory name)
  cmake_path(GET name PARENT_PATH parent)  # NAME may be nested: web/templates
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/share/v2x/${parent})
  file(CREATE_LINK ${directory} ${CMAKE_BINARY_DIR}/share/v2x/${name} SYMBOLIC)
  install(DIRECTORY ${directory}/ DESTINATION share/v2x/${name})
endfunction()
