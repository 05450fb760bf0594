#include "backend/store/form_text.hpp"

#include <soci/soci.h>

#include <nlohmann/json.hpp>

namespace v2x::store {

std::string to_text(const service::Form& form) {
  return nlohmann::json(form).dump();
}

service::Form form_of(const std::string& text) {
  try {
    service::Form form;
    const auto object = nlohmann::json::parse(text);
    for (const auto& [name, value] : object.items()) form[name] = value.get<std::string>();
    return form;
  } catch (const nlohmann::json::exception& error) {
    throw soci::soci_error(std::string("a stored form is damaged: ") + error.what());
  }
}

}  // namespace v2x::store
