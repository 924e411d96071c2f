// Ways in: the scenarios that need no token.
#pragma once

#include "tests/load/scenario_maker.h"

namespace usher::load {

ScenarioMakers SignInScenarios();

}  // namespace usher::load
