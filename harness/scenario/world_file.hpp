// A world (scenarios/worlds/*.yaml) as the harness knows it: sites, units, gateways, customers, dealers.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/yaml.hpp"

namespace v2x::scenario {

struct Unit {
  std::string name;  ///< "pcs1"
  std::string kind;  ///< pv_pcs, ev_pcs, meter
};

/// What the harness needs of a site; the simulator reads the rest of the same node.
struct Site {
  std::string name;       ///< "home"
  std::string site_name;  ///< 設置先, entered at registration
  std::string prefecture;
  std::string gateway_id;
  std::string gateway_password;  ///< as printed on the sheet
  std::vector<Unit> units;
  bool has_car = false;

  const Unit* find_unit(const std::string& unit) const;
};

/// The fields of a registration form that customers and dealers share.
struct Person {
  std::string name;  ///< the word that scenarios use: "hanako"
  std::string sei, mei, sei_kana, mei_kana;
  std::string mail;
  std::string zip;         ///< "600-8530"
  std::string prefecture;  ///< JIS X 0401
  std::string city;
  std::string address;
  std::string tel;  ///< "075-344-7000"
  std::string password;
};

struct Customer : Person {
  std::vector<std::string> gateways;  ///< sites whose gateways are registered in set-up; none: no account yet
};

struct Contact {
  std::string name;  ///< "contact1"
  std::string display_name;
  std::string mail;
  bool notify_fault = true;
  bool notify_offline = true;
};

struct Dealer : Person {
  std::string dealer_name;
  std::vector<Contact> contacts;
  std::vector<std::string> links;  ///< sites linked in set-up; none: no account yet
};

struct World {
  std::string name;  ///< "home_linked"
  std::string title;
  std::filesystem::path file;
  std::vector<std::filesystem::path> sources;  ///< the file and what it includes
  std::vector<Site> sites;
  std::vector<Customer> customers;
  std::vector<Dealer> dealers;

  const Site* find_site(const std::string& site) const;
  const Customer* find_customer(const std::string& customer) const;
  const Dealer* find_dealer(const std::string& dealer) const;
  const Person* find_person(const std::string& person) const;  ///< customer or dealer
  const Customer* owner_of(const std::string& site) const;     ///< by set-up; nullptr when nobody
  std::vector<std::string> site_names() const;
  std::vector<std::string> person_names() const;
};

/// Reads a world; what it includes comes first and is overlaid key by key. Throws BadInput with the place.
World load_world(const std::filesystem::path& file, const std::string& shown_as = {});

}  // namespace v2x::scenario
