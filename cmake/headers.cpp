// Empty on purpose: carries the precompiled headers of cmake/v2x.cmake.
