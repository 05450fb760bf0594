#include "harness/scenario/world_file.hpp"

#include <algorithm>

#include "common/nearest.hpp"

namespace v2x::scenario {
namespace {

using yaml::Node;

template <class Items>
auto find_named(Items& items, const std::string& name) {
  const auto found = std::find_if(items.begin(), items.end(), [&](const auto& item) { return item.name == name; });
  return found == items.end() ? nullptr : &*found;
}

/// The entry of that name, made when it is new: an including world overlays the included one.
template <class Item>
Item& entry(std::vector<Item>& items, const std::string& name) {
  if (Item* found = find_named(items, name)) return *found;
  items.emplace_back();
  items.back().name = name;
  return items.back();
}

void read_text(const Node& node, const std::string& key, std::string& into) {
  if (node.has(key)) into = node.at(key).text();
}

void read_pair(const Node& node, const std::string& key, std::string& first, std::string& second) {
  if (!node.has(key)) return;
  const Node pair = node.at(key);
  if (!pair.is_list() || pair.size() != 2) pair.refuse("expected [姓, 名]");
  first = pair.items()[0].text();
  second = pair.items()[1].text();
}

std::vector<std::string> read_sites(const Node& list, const World& world) {
  std::vector<std::string> names;
  for (const Node& item : list.items()) names.push_back(item.word(world.site_names(), "site of this world"));
  return names;
}

void read_site(const Node& node, Site& site) {
  read_text(node, "site_name", site.site_name);
  read_text(node, "prefecture", site.prefecture);
  if (node.has("gateway")) {
    const Node gateway = node.at("gateway");
    site.gateway_id = gateway.at("id").text();
    site.gateway_password = gateway.at("password").text();
  }
  if (node.has("units"))
    for (const auto& [name, unit] : node.at("units").entries())
      entry(site.units, name).kind = unit.at("kind").word({"pv_pcs", "ev_pcs", "meter"}, "kind of unit");
  site.has_car = site.has_car || node.has("car");
}

const std::vector<std::string> kPersonKeys{"name", "kana",    "mail", "zip",     "prefecture",
                                           "city", "address", "tel",  "password"};

void read_person(const Node& node, Person& person) {
  read_pair(node, "name", person.sei, person.mei);
  read_pair(node, "kana", person.sei_kana, person.mei_kana);
  read_text(node, "mail", person.mail);
  read_text(node, "zip", person.zip);
  read_text(node, "prefecture", person.prefecture);
  read_text(node, "city", person.city);
  read_text(node, "address", person.address);
  read_text(node, "tel", person.tel);
  read_text(node, "password", person.password);
  const std::pair<const char*, const std::string*> required[] = {{"name", &person.sei},
                                                                 {"kana", &person.sei_kana},
                                                                 {"mail", &person.mail},
                                                                 {"zip", &person.zip},
                                                                 {"prefecture", &person.prefecture},
                                                                 {"city", &person.city},
                                                                 {"address", &person.address},
                                                                 {"tel", &person.tel},
                                                                 {"password", &person.password}};
  for (const auto& [key, value] : required)
    if (value->empty()) node.refuse(std::string("key '") + key + "' is missing");
  if (std::count(person.zip.begin(), person.zip.end(), '-') != 1) node.at("zip").refuse("expected like 600-8530");
  if (std::count(person.tel.begin(), person.tel.end(), '-') != 2) node.at("tel").refuse("expected like 075-344-7000");
}

std::vector<std::string> with(std::vector<std::string> keys, const std::vector<std::string>& more) {
  keys.insert(keys.end(), more.begin(), more.end());
  return keys;
}

void read_customer(const Node& node, const World& world, Customer& customer) {
  node.allow_only(with(kPersonKeys, {"gateways"}));
  read_person(node, customer);
  if (node.has("gateways")) customer.gateways = read_sites(node.at("gateways"), world);
}

void read_contact(const Node& node, Contact& contact) {
  node.allow_only({"name", "mail", "notify_fault", "notify_offline"});
  contact.display_name = node.at("name").text();
  contact.mail = node.at("mail").text();
  if (node.has("notify_fault")) contact.notify_fault = node.at("notify_fault").boolean();
  if (node.has("notify_offline")) contact.notify_offline = node.at("notify_offline").boolean();
}

void read_dealer(const Node& node, const World& world, Dealer& dealer) {
  node.allow_only(with(kPersonKeys, {"dealer_name", "contacts", "links"}));
  read_person(node, dealer);
  read_text(node, "dealer_name", dealer.dealer_name);
  if (dealer.dealer_name.empty()) node.refuse("key 'dealer_name' is missing");
  if (node.has("contacts"))
    for (const auto& [name, contact] : node.at("contacts").entries())
      read_contact(contact, entry(dealer.contacts, name));
  if (!node.has("links")) return;
  for (const Node& link : node.at("links").items()) {
    const std::string site = link.word(world.site_names(), "site of this world");
    if (!world.owner_of(site))
      link.refuse("'" + site + "' cannot be linked, expected a site that a customer registered");
    dealer.links.push_back(site);
  }
}

void read_into(const std::filesystem::path& file, const std::string& shown_as, World& world) {
  const Node root = yaml::load_file(file, shown_as);
  root.allow_only({"title", "include", "sites", "customers", "dealers"});
  if (root.has("include")) {
    const std::string included = root.at("include").text();
    if (!std::filesystem::exists(file.parent_path() / included))
      root.at("include").refuse("'" + included + "' is not there, expected a world beside this one");
    read_into(file.parent_path() / included, (std::filesystem::path(shown_as).parent_path() / included).string(),
              world);
  }
  world.sources.push_back(file);
  world.title = root.at("title").text();
  if (root.has("sites"))
    for (const auto& [name, site] : root.at("sites").entries()) read_site(site, entry(world.sites, name));
  if (root.has("customers"))
    for (const auto& [name, node] : root.at("customers").entries())
      read_customer(node, world, entry(world.customers, name));
  if (root.has("dealers"))
    for (const auto& [name, node] : root.at("dealers").entries()) read_dealer(node, world, entry(world.dealers, name));
  if (world.sites.empty()) root.refuse("no sites, expected at least one under 'sites'");
}

}  // namespace

const Unit* Site::find_unit(const std::string& unit) const {
  return find_named(units, unit);
}
const Site* World::find_site(const std::string& site) const {
  return find_named(sites, site);
}
const Customer* World::find_customer(const std::string& customer) const {
  return find_named(customers, customer);
}
const Dealer* World::find_dealer(const std::string& dealer) const {
  return find_named(dealers, dealer);
}

const Person* World::find_person(const std::string& person) const {
  if (const Customer* customer = find_customer(person)) return customer;
  return find_dealer(person);
}

const Customer* World::owner_of(const std::string& site) const {
  for (const Customer& customer : customers)
    if (std::find(customer.gateways.begin(), customer.gateways.end(), site) != customer.gateways.end())
      return &customer;
  return nullptr;
}

std::vector<std::string> World::site_names() const {
  std::vector<std::string> names;
  for (const Site& site : sites) names.push_back(site.name);
  return names;
}

std::vector<std::string> World::person_names() const {
  std::vector<std::string> names;
  for (const Customer& customer : customers) names.push_back(customer.name);
  for (const Dealer& dealer : dealers) names.push_back(dealer.name);
  return names;
}

World load_world(const std::filesystem::path& file, const std::string& shown_as) {
  World world;
  world.name = file.stem().string();
  world.file = file;
  read_into(file, shown_as.empty() ? file.string() : shown_as, world);
  return world;
}

}  // namespace v2x::scenario
