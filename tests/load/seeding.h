// Fills a company by the public calls, as a client would.
#pragma once

#include <load.pb.h>

#include <string>

#include "absl/status/statusor.h"

namespace usher::load {

struct SeedOptions {
  std::string auth_address;
  std::string user_address;
  std::string room_address;
  std::string company_address;  // where there are to be neighbors
  // An API key of the company that may do everything in it.
  std::string company_id;
  std::string client_id;
  std::string code;
  // Of its administrator, who may found companies as well: where there are to be neighbors.
  std::string username;
  std::string password;
  int people = 64;
  int rooms = 120;
  int neighbors = 0;
};

// Adds people and rooms to the company, and founds its neighbors. The first call that fails ends
// it.
absl::StatusOr<v1::Seed> SeedCompany(const SeedOptions& options);

}  // namespace usher::load
