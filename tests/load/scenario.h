// The calls that are measured, over the company that seeding made.
#pragma once

#include <load.pb.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/load/generator.h"

namespace usher::load {

// The names that MakeScenario knows.
const std::vector<std::string>& ScenarioNames();

// kInvalidArgument for any other name, or where the seed lacks what the scenario needs.
absl::StatusOr<Scenario> MakeScenario(const std::string& name, const v1::Seed& seed);

}  // namespace usher::load
