#include "sim/site/site_module.hpp"

namespace v2x::site {

SiteModule::SiteModule(sc_core::sc_module_name name, const core::Kernel& kernel, Site& site)
    : sc_module(name),
      kernel_(kernel),
      site_(site),
      can_("can", {[this](ev::CanBus::Listener listener) { site_.listen_can(std::move(listener)); },
                   [this](const ev::CanFrame& frame) { site_.send_can(frame); }}) {
  SC_HAS_PROCESS(SiteModule);
  SC_METHOD(run_house);
  sensitive << house_due_;
  dont_initialize();
  SC_METHOD(run_gateway);
  sensitive << gateway_due_;
  dont_initialize();
  site_.on_change([this] { arm(); });
  arm();
}

// An sc_event keeps the earliest of its notifications; a wake-up that comes too early finds nothing due and arms anew.
void SiteModule::arm() {
  house_due_.notify(kernel_.until(site_.house_due()));
  if (const auto due = site_.gateway_due()) gateway_due_.notify(kernel_.until(*due));
}

void SiteModule::run_house() {
  site_.house();
  arm();
}

void SiteModule::run_gateway() {
  site_.run_gateway();
  arm();
}

}  // namespace v2x::site
