#include "backend/web/app.hpp"

#include <fstream>
#include <iterator>

#include "common/bad_input.hpp"

namespace v2x::web {
namespace {

const std::map<std::string, std::string> kContentTypes = {{".css", "text/css; charset=utf-8"},
                                                          {".js", "text/javascript; charset=utf-8"},
                                                          {".svg", "image/svg+xml"},
                                                          {".txt", "text/plain; charset=utf-8"}};

std::string read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw BadInput(file.string() + ": cannot be read, expected the description of the API");
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void read_static_files(const std::filesystem::path& directory, std::map<std::string, StaticFile>& files) {
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    const auto type = kContentTypes.find(entry.path().extension().string());
    if (type == kContentTypes.end())
      throw BadInput(entry.path().string() + ": unknown kind of file, expected css, js, svg or txt");
    std::ifstream in(entry.path(), std::ios::binary);
    files["/static/" + entry.path().filename().string()] = {
        type->second, {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()}};
  }
}

/// Our own, and what the build fetched for the graphs.
std::map<std::string, StaticFile> all_static_files(const std::filesystem::path& files) {
  std::map<std::string, StaticFile> all;
  read_static_files(files / "static", all);
  read_static_files(files / "charts", all);
  return all;
}

}  // namespace

App::App(const Services& services, const std::filesystem::path& files)
    : settings(services.settings),
      registry(services.registry),
      monitoring(services.monitoring),
      live(services.live),
      clock(services.clock),
      templates(files / "templates"),
      terms(files / "texts/terms", registry),
      campaign(service::paragraphs_of(files / "texts/campaign.txt")),
      manual(service::paragraphs_of(files / "texts/manual.txt")),
      static_files(all_static_files(files)),
      openapi(read_file(files / "api/openapi.json")),
      passwords({}),
      access(registry, passwords, terms, settings),
      customers(model::AccountKind::customer, registry, passwords, access, terms, settings),
      dealers(model::AccountKind::dealer, registry, passwords, access, terms, settings),
      password_care(registry, passwords, access, settings),
      profile(registry, access, settings),
      account_care(registry, access, services.alarms, terms),
      claiming(registry, passwords, settings),
      linking(registry, settings),
      unlinking(registry, settings),
      site_editing(registry, settings),
      releasing(registry, access, services.alarms, settings),
      maintenance(registry, settings),
      contacts(registry, settings),
      history(registry, monitoring.energy(), monitoring.faults(), clock),
      economy(registry, monitoring.energy()),
      device_settings(registry, services.setting_exchange, settings),
      ai(registry, settings) {}

}  // namespace v2x::web
