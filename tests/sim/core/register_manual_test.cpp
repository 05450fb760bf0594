// The reference manual in docs/ is the one that the maps make.
#include "sim/core/register_manual.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/paths.hpp"
#include "tests/sim/core/fake_device.hpp"

namespace v2x::core {
namespace {

TEST(RegisterManual, DocsReferenceIsUpToDate) {
  std::ifstream in(in_sources("docs/reference/registers.md"));
  std::stringstream kept;
  kept << in.rdbuf();
  EXPECT_TRUE(kept.str() == register_manual(RegisterMap::load_all(catalogue())))
      << "make it again: build/bin/v2x-sim registers --markdown > docs/reference/registers.md";
}

TEST(RegisterManual, SaysWhatIsAtAnAddressAndWhatMayBeWritten) {
  const std::string manual = register_manual(shipped_map("sunspec-pv"));
  EXPECT_NE(manual.find("### Model 101: Inverter single phase, ID at 40070, L 50"), std::string::npos);
  EXPECT_NE(manual.find("| 40084 | 14 | 1 | W | s16 | W | r | `ac.power` |"), std::string::npos);
  EXPECT_NE(manual.find("| 40233 | 5 | 1 | WMaxLimPct | u16 |"), std::string::npos);
  EXPECT_NE(manual.find("0 to 100, steps of 1; ends after WMaxLimPct_RvrtTms"), std::string::npos);
}

}  // namespace
}  // namespace v2x::core
