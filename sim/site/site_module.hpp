// A site's shell in the SystemC kernel: waits for the instants that the models name and lets them act.
#pragma once

#include "sim/core/kernel.hpp"
#include "sim/ev/can_bus_module.hpp"
#include "sim/site/site.hpp"

namespace v2x::site {

class SiteModule final : public sc_core::sc_module {
 public:
  SiteModule(sc_core::sc_module_name name, const core::Kernel& kernel, Site& site);

 private:
  void arm();
  void run_house();
  void run_gateway();

  const core::Kernel& kernel_;
  Site& site_;
  sc_core::sc_event house_due_;
  sc_core::sc_event gateway_due_;
  ev::CanBusModule can_;  ///< "<site>.can": bind a port to it, or find it by that name
};

}  // namespace v2x::site
