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
  // An API key of the company that may do everything in it.
  std::string company_id;
  std::string client_id;
  std::string code;
  int people = 64;
  int rooms = 120;
};

// Adds people and rooms to the company. The first call that fails ends it.
absl::StatusOr<v1::Seed> SeedCompany(const SeedOptions& options);

}  // namespace usher::load
