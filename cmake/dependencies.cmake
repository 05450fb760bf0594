# One imported target per third-party library. Which folder may use which: docs/decisions.md, held by tests/architecture_test.cpp.

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(GTest REQUIRED)
find_package(benchmark REQUIRED)
find_package(Protobuf REQUIRED)
find_package(spdlog REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(pugixml REQUIRED)
find_package(ICU REQUIRED COMPONENTS uc i18n data)
find_package(CURL REQUIRED)
find_package(SQLite3 REQUIRED)
pkg_check_modules(systemc REQUIRED IMPORTED_TARGET systemc)
pkg_check_modules(modbus REQUIRED IMPORTED_TARGET libmodbus)
pkg_check_modules(zmq REQUIRED IMPORTED_TARGET libzmq)
# FindPkgConfig has libzmq's "-isystem DIR" as a directory when CMake runs first and as an option when it runs again: other
# flags, so that everything would be compiled anew, and another checkout's objects would not be found in ccache.
set(zmq_directories ${zmq_INCLUDE_DIRS} ${zmq_CFLAGS_OTHER})
list(FILTER zmq_directories INCLUDE REGEX "^/")
list(REMOVE_DUPLICATES zmq_directories)
set_target_properties(PkgConfig::zmq PROPERTIES INTERFACE_COMPILE_OPTIONS ""
                                                INTERFACE_INCLUDE_DIRECTORIES "${zmq_directories}")
pkg_check_modules(yaml_cpp REQUIRED IMPORTED_TARGET yaml-cpp)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(gmime REQUIRED IMPORTED_TARGET gmime-3.0)
pkg_check_modules(httplib REQUIRED IMPORTED_TARGET cpp-httplib)
pkg_check_modules(xml2 REQUIRED IMPORTED_TARGET libxml-2.0)
pkg_check_modules(pq REQUIRED IMPORTED_TARGET libpq)
include(GoogleTest)

# Debian builds libsystemc as C++17; C++20 code links with it only under this definition.
add_library(v2x_systemc INTERFACE)
target_link_libraries(v2x_systemc INTERFACE PkgConfig::systemc)
target_compile_definitions(v2x_systemc INTERFACE SC_CPLUSPLUS=201703L)

# Debian's SOCI ships no CMake package.
add_library(v2x_soci INTERFACE)
find_path(SOCI_INCLUDE soci/soci.h REQUIRED)
find_library(SOCI_CORE soci_core REQUIRED)
find_library(SOCI_SQLITE soci_sqlite3 REQUIRED)
find_library(SOCI_POSTGRESQL soci_postgresql REQUIRED)
target_include_directories(v2x_soci SYSTEM INTERFACE ${SOCI_INCLUDE})
target_link_libraries(v2x_soci INTERFACE ${SOCI_SQLITE} ${SOCI_POSTGRESQL} ${SOCI_CORE} SQLite::SQLite3 PkgConfig::pq)
