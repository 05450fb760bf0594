#!/bin/bash
# clang-format (check only) and clang-tidy over the given C++ files, or over all that git knows. Needs build/.
set -eu
cd "$(dirname "$0")/.."

if [ $# -gt 0 ]; then files=("$@"); else mapfile -t files < <(git ls-files '*.cpp' '*.hpp'); fi
clang-format --dry-run --Werror "${files[@]}"

sources=()
for file in "${files[@]}"; do case $file in *.cpp) sources+=("$PWD/$file") ;; esac; done
[ ${#sources[@]} -eq 0 ] || run-clang-tidy -quiet -p build "${sources[@]}"
