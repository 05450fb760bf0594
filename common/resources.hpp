// Where the data files are that programs read at run time: register maps, templates, migrations …
#pragma once

#include <filesystem>
#include <string>

namespace v2x {

/// Directory of the running program.
std::filesystem::path program_directory();
/// <program>/../share/v2x/<name>: the same in the build tree and under an install prefix. Tests find the build's
/// directory one level up, too. Throws BadInput when there is none.
std::filesystem::path resource(const std::string& name);

}  // namespace v2x
